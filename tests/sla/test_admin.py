"""The back office about commitments: bad input is refused on its field, what is published is only read."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from sla.models import CalendarVersion, Closure, Contract, PolicyVersion
from sla.publication import next_draft, publish
from sla.versions import calendar_version_at, policy_version_at
from tests.world import paris

OFFICE = "/back-office/sla/"
NO_CLOSURE = {
    "closures-TOTAL_FORMS": "0", "closures-INITIAL_FORMS": "0",
    "closures-MIN_NUM_FORMS": "0", "closures-MAX_NUM_FORMS": "1000",
}  # fmt: skip


@pytest.fixture
def office(client, world):
    client.force_login(world.paul)
    return client


def errors_of(answer) -> list[str]:
    return list(answer.context["adminform"].form.errors)


# --- Contracts


def contract(world, **changes: object) -> dict[str, object]:
    return {
        "reference": "C-2030", "client": world.client.pk, "solution": world.other_solution.pk,
        "policy": world.contract.policy.pk, "calendar": world.contract.calendar.pk,
        "starts_on": "2026-01-01", "ends_on": "2026-12-31", **changes,
    }  # fmt: skip


def test_a_contract_is_kept(office, world):
    assert office.post(f"{OFFICE}contract/add/", contract(world)).status_code == 302
    assert Contract.objects.get(reference="C-2030").ends_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2025-12-31"}, "ends_on"),
        ({"reference": "C-brasserie"}, "reference"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"client": ""}, "client"),
    ],
    ids=["ends before it starts", "reference taken", "no such day", "no client"],
)
def test_an_impossible_contract_is_refused_on_its_field(office, world, changes, field):
    assert errors_of(office.post(f"{OFFICE}contract/add/", contract(world, **changes))) == [field]


@pytest.mark.parametrize("days", [("2024-06-01", "2025-01-01"), ("2026-01-01", ""), ("2020-01-01", "")])
def test_two_contracts_never_cover_the_same_day(office, world, days):
    values = contract(world, solution=world.solution.pk, starts_on=days[0], ends_on=days[1])
    answer = office.post(f"{OFFICE}contract/add/", values)
    assert errors_of(answer) == ["starts_on"]
    assert "C-brasserie" in str(answer.context["adminform"].form.errors)


def test_a_contract_may_follow_another_the_day_after(office, world):
    Contract.objects.filter(pk=world.contract.pk).update(ends_on=date(2026, 6, 30))
    values = contract(world, solution=world.solution.pk, starts_on="2026-07-01", ends_on="")
    assert office.post(f"{OFFICE}contract/add/", values).status_code == 302


def test_a_contract_needs_a_policy_in_force(office, world):
    policy = type(world.contract.policy).objects.create(name="Brouillon")
    assert errors_of(office.post(f"{OFFICE}contract/add/", contract(world, policy=policy.pk))) == ["policy"]


@pytest.mark.parametrize(("name", "other"), [("client", "other_client"), ("solution", "other_solution")])
def test_a_contract_keeps_the_parties_of_its_tickets(office, world, name, other):
    held = world.contract
    values = contract(
        world, reference=held.reference, solution=held.solution_id, starts_on="2025-01-01", ends_on=""
    )
    address = f"{OFFICE}contract/{held.pk}/change/"
    world.file()
    values[name] = getattr(world, other).pk
    # Days on which the other client has no contract of its own: nothing else is in the way.
    values["starts_on"], values["ends_on"] = "2024-01-01", "2024-12-31"
    assert errors_of(office.post(address, values)) == [name]


# --- Calendars


def calendar(world, **changes: object) -> dict[str, object]:
    week = {f"day_{day}": "9:00–12:30, 14h–18h" if day < 6 else "" for day in range(1, 8)}
    return {
        "calendar": world.contract.calendar.pk, "motive": "Pause déjeuner", "timezone": "Europe/Paris",
        "holiday_country": "FR", "holiday_subdivision": "", "holidays_worked": "", **week, **NO_CLOSURE, **changes,
    }  # fmt: skip


def test_a_week_is_written_as_people_write_it(office, world):
    assert office.post(f"{OFFICE}calendarversion/add/", calendar(world)).status_code == 302
    draft = CalendarVersion.objects.get(number=2)
    assert draft.weekly == {str(day): [["09:00", "12:30"], ["14:00", "18:00"]] for day in range(1, 6)}
    assert (draft.author, draft.published_at) == (world.paul, None)


def test_the_solidarity_day_is_worked(office, world):
    assert (
        office.post(
            f"{OFFICE}calendarversion/add/", calendar(world, holidays_worked="2026-05-25")
        ).status_code
        == 302
    )
    assert CalendarVersion.objects.get(number=2).holidays_worked == ["2026-05-25"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({f"day_{day}": "" for day in range(1, 8)}, "day_1"),
        ({"day_2": "9:00–12:00, 11:00–18:00"}, "day_2"),
        ({"day_3": "18:00–9:00"}, "day_3"),
        ({"day_4": "9:00–25:00"}, "day_4"),
        ({"day_5": "in the morning"}, "day_5"),
        ({"holiday_country": "ZZ"}, "holiday_country"),
        ({"holiday_subdivision": "nowhere"}, "holiday_subdivision"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"holidays_worked": "2026-05-26"}, "holidays_worked"),
    ],
    ids=[
        "never open",
        "overlap",
        "backwards",
        "no such time",
        "no time",
        "country",
        "region",
        "zone",
        "no holiday",
    ],
)
def test_an_impossible_calendar_is_refused_on_its_field(office, world, changes, field):
    assert errors_of(office.post(f"{OFFICE}calendarversion/add/", calendar(world, **changes))) == [field]
    assert CalendarVersion.objects.count() == 1


def closures(*rows: tuple[str, str, str]) -> dict[str, str]:
    values = {**NO_CLOSURE, "closures-TOTAL_FORMS": str(len(rows))}
    for number, (first, last, windows) in enumerate(rows):
        values |= {
            f"closures-{number}-first_day": first, f"closures-{number}-last_day": last,
            f"closures-{number}-windows": windows, f"closures-{number}-motive": "Pont",
        }  # fmt: skip
    return values


def test_closures_are_written_with_their_calendar(office, world):
    values = closures(("2026-05-15", "2026-05-15", ""), ("2026-12-24", "2026-12-24", "9:00–12:00"))
    assert office.post(f"{OFFICE}calendarversion/add/", calendar(world, **values)).status_code == 302
    kept = [(each.first_day, each.windows) for each in Closure.objects.all()]
    assert kept == [(date(2026, 5, 15), []), (date(2026, 12, 24), [["09:00", "12:00"]])]


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([("2026-05-15", "2026-05-14", "")], "last_day"),
        ([("2026-05-15", "2046-05-14", "")], "last_day"),
        ([("2026-05-15", "2026-05-15", "noon")], "windows"),
        ([("2026-05-01", "2026-05-15", ""), ("2026-05-15", "2026-05-20", "")], "first_day"),
    ],
    ids=["backwards", "twenty years", "no window", "overlap"],
)
def test_an_impossible_closure_is_refused_on_its_field(office, world, rows, field):
    answer = office.post(f"{OFFICE}calendarversion/add/", calendar(world, **closures(*rows)))
    formset = answer.context["inline_admin_formsets"][0].formset
    assert [name for errors in formset.errors for name in errors] == [field]
    assert not Closure.objects.exists()


# --- Policies


def policy(world, **changes: object) -> dict[str, object]:
    targets: dict[str, object] = {}
    for name, amount, unit in (
        ("bloquante_acknowledge", "1.5", "hours"), ("bloquante_resolve", "3", "days"),
        ("majeure_acknowledge", "4", "hours"), ("majeure_resolve", "7", "days"),
        ("mineure_acknowledge", "24", "hours"), ("mineure_resolve", "", "none"),
    ):  # fmt: skip
        targets |= {f"{name}_amount": amount, f"{name}_unit": unit}
    return {
        "policy": world.contract.policy.pk, "motive": "Or", "closing_days": "5", "reminder_days": "2, 4",
        "escalation_percents": "50, 75, 100", **targets, **changes,
    }  # fmt: skip


def test_delays_are_written_in_hours_in_days_or_not_at_all(office, world):
    assert office.post(f"{OFFICE}policyversion/add/", policy(world)).status_code == 302
    assert PolicyVersion.objects.get(number=2).targets == {
        "bloquante": {"acknowledge": {"hours": 1.5}, "resolve": {"days": 3}},
        "majeure": {"acknowledge": {"hours": 4}, "resolve": {"days": 7}},
        "mineure": {"acknowledge": {"hours": 24}, "resolve": None},
    }


NOTHING = {
    f"{severity}_{kind}_unit": "none"
    for severity in ("bloquante", "majeure", "mineure")
    for kind in ("acknowledge", "resolve")
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (NOTHING, "bloquante_acknowledge"),
        ({"majeure_resolve_amount": ""}, "majeure_resolve"),
        ({"majeure_resolve_amount": "0"}, "majeure_resolve"),
        ({"majeure_resolve_amount": "-3"}, "majeure_resolve"),
        ({"majeure_resolve_amount": "1.5"}, "majeure_resolve"),
        ({"majeure_resolve_amount": "99999"}, "majeure_resolve"),
        ({"closing_days": "0"}, "closing_days"),
        ({"reminder_days": "4, 2"}, "reminder_days"),
        ({"reminder_days": "two"}, "reminder_days"),
        ({"reminder_days": "2, 9"}, "reminder_days"),
        ({"escalation_percents": "50, 120"}, "escalation_percents"),
    ],
)
def test_an_impossible_policy_is_refused_on_its_field(office, world, changes, field):
    assert errors_of(office.post(f"{OFFICE}policyversion/add/", policy(world, **changes))) == [field]
    assert PolicyVersion.objects.count() == 1


# --- Publication


@pytest.mark.parametrize("name", ["calendarversion", "policyversion"])
def test_a_draft_is_published_with_its_motive_by_its_author(office, world, name):
    model = {"calendarversion": CalendarVersion, "policyversion": PolicyVersion}[name]
    office.post(f"{OFFICE}{name}/{model.objects.get().pk}/next/")
    draft = model.objects.get(number=2)
    address = f"{OFFICE}{name}/{draft.pk}/"
    office.post(f"{address}publish/")
    draft.refresh_from_db()
    assert draft.published_at is None, "it has no motive yet"
    values = calendar(world) if model is CalendarVersion else policy(world)
    office.post(f"{address}change/", values)
    office.post(f"{address}publish/")
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert draft.author == world.paul
    assert office.post(f"{address}change/", values).status_code == 403
    assert office.post(f"{address}delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("act", ["publish", "next"])
def test_publishing_takes_a_form_and_the_right_person(client, world, act):
    version = CalendarVersion.objects.get()
    address = f"{OFFICE}calendarversion/{version.pk}/{act}/"
    client.force_login(world.maud)
    assert client.post(address, follow=True).status_code == 403
    client.force_login(world.paul)
    assert client.get(address).status_code == 405
    assert CalendarVersion.objects.count() == 1


def test_a_published_version_is_shown_without_a_field(office, world):
    for name, model in (("calendarversion", CalendarVersion), ("policyversion", PolicyVersion)):
        page = office.get(f"{OFFICE}{name}/{model.objects.get().pk}/change/")
        assert not page.context["has_change_permission"]
        assert 'name="motive"' not in page.content.decode()


def test_the_database_refuses_what_the_screen_does_not_offer(world):
    version = CalendarVersion.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarVersion.objects.filter(pk=version.pk).update(motive="autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        Closure.objects.create(
            version=version, first_day=date(2026, 5, 15), last_day=date(2026, 5, 15), motive="x"
        )


def test_a_version_is_published_once(world):
    draft = next_draft(PolicyVersion.objects.get(), by=world.paul)
    draft.motive = "Or"
    draft.save()
    publish(draft, by=world.paul, at=paris("2026-05-04 09:00"))
    with pytest.raises(ValidationError):
        publish(draft, by=world.maud, at=paris("2026-05-05 09:00"))


def test_a_new_version_is_in_force_from_its_publication_and_not_before(world):
    at = paris("2026-05-04 09:00")
    draft = next_draft(CalendarVersion.objects.get(), by=world.paul)
    Closure.objects.create(
        version=draft, first_day=date(2026, 5, 15), last_day=date(2026, 5, 15), motive="Pont"
    )
    draft.motive = "Pont de l'Ascension"
    draft.save()
    publish(draft, by=world.paul, at=at)
    assert calendar_version_at(world.contract.calendar, at) == draft
    assert calendar_version_at(world.contract.calendar, paris("2026-05-04 08:59")).number == 1
    assert policy_version_at(world.contract.policy, at).number == 1


def test_the_next_draft_says_what_the_last_one_said_closures_included(world):
    first = next_draft(CalendarVersion.objects.get(), by=world.paul)
    Closure.objects.create(
        version=first, first_day=date(2026, 5, 15), last_day=date(2026, 5, 15), motive="Pont"
    )
    second = next_draft(first, by=world.maud)
    assert (second.number, second.author, second.motive) == (3, world.maud, "")
    assert [each.motive for each in second.closures.all()] == ["Pont"]
    assert first.closures.count() == 1
