"""The simulator: which deadlines a ticket would have, on the page and by address, and every refusal."""

import json
import re
import uuid
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from sla.models import Calendar, CalendarVersion, Closure, Policy, PolicyVersion
from tests.world import BEGINNING, World, paris
from tickets.models import LedgerEntry, Ticket

PAGE, DATA = "/simulator/", "/simulator.json"
DAY = "2026-04-29"


@pytest.fixture(autouse=True)
def spring(db):
    with time_machine.travel(paris("2026-04-28 10:30"), tick=False):
        yield


@pytest.fixture
def claire(client: Client, world: World) -> Client:
    world.claire.language = "en"
    world.claire.save()
    client.force_login(world.claire)
    return client


def said(client: Client, **asked: str) -> str:
    response = client.get(PAGE, asked)
    assert response.status_code == 200
    return response.content.decode()


def ask(client: Client, *pauses: str, **asked: str) -> dict:
    words = [*asked.items(), *(("pause", pause) for pause in pauses)]
    response = client.get(f"{DATA}?{urlencode(words)}")
    assert response.status_code == 200, response.content
    return response.json()


def refused(client: Client, *pauses: str, **asked: str) -> list[tuple[str, str]]:
    words = [("severity", "majeure"), *asked.items(), *(("pause", pause) for pause in pauses)]
    response = client.get(f"{DATA}?{urlencode(words)}")
    assert response.status_code == 400, response.content
    return [(error["field"], error["reason"]) for error in response.json()["errors"]]


def close(calendar: Calendar, first: str, last: str, motive: str) -> CalendarVersion:
    """Publish a version with a closure, in force since the evening before."""
    version = CalendarVersion.objects.create(calendar=calendar, number=2)
    Closure.objects.create(version=version, first_day=first, last_day=last, windows=[], motive=motive)
    CalendarVersion.objects.filter(pk=version.pk).update(published_at=paris("2026-04-27 18:00"))
    return version


def test_the_page_answers_at_once_for_now_under_the_contract(claire: Client) -> None:
    page = said(claire)

    assert "Received on Tuesday 28 April 2026, 10:30." in page
    assert "Tuesday 28 April 2026, 14:30" in page  # 4 business hours
    assert "7 business days: 28 April → 11 May; 1 May and 8 May are public holidays." in page
    assert "Monday 11 May 2026, 10:30" in page


def test_what_is_simulated_is_what_a_ticket_then_gets(claire: Client, world: World) -> None:
    for severity in ("bloquante", "majeure", "mineure"):
        simulated = ask(claire, severity=severity, at="2026-04-28T10:30:00+02:00")
        ticket = world.file(severity=severity)
        for name, due in (("acknowledge", ticket.acknowledge_due_at), ("resolve", ticket.resolve_due_at)):
            assert simulated[name]["due"] == (due and due.astimezone(paris("2026-01-01").tzinfo).isoformat())


def test_nothing_is_written(claire: Client) -> None:
    said(claire)
    ask(claire, severity="bloquante")
    assert not Ticket.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_reception_while_support_is_closed_counts_from_the_next_opening(claire: Client) -> None:
    page = said(claire, at="2026-05-02T21:15", severity="bloquante")

    assert "Support is closed then (weekly rest, 2 May to 3 May): " in page
    assert "the delays count from Monday 4 May 2026, 9:00 (K-1)." in page
    assert "24 business hours: 4 May 9:00 → 6 May 15:00." in page


def test_closures_are_named_by_their_motive(claire: Client, world: World) -> None:
    close(world.contract.calendar, "2026-05-04", "2026-05-05", "Inventaire")
    page = said(claire, at="2026-04-28T10:30", severity="majeure")
    assert "closure, 4 May to 5 May (Inventaire)" in page
    assert "Wednesday 13 May 2026, 10:30" in page


def test_an_older_version_may_be_asked_for(claire: Client, world: World) -> None:
    former = CalendarVersion.objects.get()
    close(world.contract.calendar, "2026-05-04", "2026-05-05", "Inventaire")
    answer = ask(claire, severity="majeure", calendar=str(former.pk))
    assert answer["calendar"]["version"] == 1
    assert answer["resolve"]["due"] == "2026-05-11T10:30:00+02:00"


def test_a_question_and_a_test_move_the_resolution_by_their_own_business_time(claire: Client) -> None:
    answer = ask(
        claire,
        "question/2026-04-28T14:00:00+02:00/2026-04-28T16:00:00+02:00",
        "delivery/2026-04-29T17:00:00+02:00/2026-04-30T10:00:00+02:00",
        severity="bloquante",
        at="2026-04-28T09:00:00+02:00",
    )
    # 24 hours from Tuesday 9:00 end on Thursday at 15:00; 2 h and 2 h of pauses.
    assert answer["acknowledge"]["due"] == "2026-04-28T11:00:00+02:00"
    assert answer["resolve"]["due"] == "2026-05-04T10:00:00+02:00"
    assert answer["resolve"]["moved_by_seconds"] == 4 * 3600
    assert [pause["business_seconds"] for pause in answer["pauses"]] == [7200, 7200]
    assert "4 h 00" in " ".join(answer["resolve"]["explanation"])
    assert answer["resolve"]["left_out"] == [
        {"kind": "holiday", "first": "2026-05-01", "last": "2026-05-01", "name": "Fête du Travail"}
    ]


def test_a_pause_by_night_moves_nothing_and_one_too_late_neither(claire: Client) -> None:
    night = "question/2026-04-28T18:00:00+02:00/2026-04-29T09:00:00+02:00"
    answer = ask(claire, night, severity="bloquante", at="2026-04-28T09:00:00+02:00")
    assert answer["resolve"]["due"] == "2026-04-30T15:00:00+02:00"
    late = "question/2026-05-05T10:00:00+02:00/2026-05-05T12:00:00+02:00"
    answer = ask(claire, late, severity="bloquante", at="2026-04-28T09:00:00+02:00")
    assert answer["resolve"]["due"] == "2026-04-30T15:00:00+02:00"
    assert "moves nothing" in " ".join(answer["resolve"]["explanation"])


def test_no_commitment_is_said_and_is_no_date(claire: Client) -> None:
    assert ask(claire, severity="mineure")["resolve"]["due"] is None
    assert "No commitment: no deadline runs (C-SLA-3)." in said(claire, severity="mineure")


def test_pauses_typed_in_the_page_count_and_a_row_may_be_added(claire: Client) -> None:
    row = {
        "pause-0-cause": "question",
        "pause-0-start": "2026-04-28T14:00",
        "pause-0-end": "2026-04-28T16:00",
    }
    page = said(claire, at="2026-04-28T09:00", severity="bloquante", **row)
    assert "Question to the client, from Tuesday 28 April 2026, 14:00" in page
    assert "Thursday 30 April 2026, 17:00" in page
    assert "pause-1-cause" not in page
    assert "pause-1-cause" in said(claire, add="1", **row)


def test_instants_are_the_persons_own_and_the_supports_dates_are_said(claire: Client, world: World) -> None:
    world.claire.time_zone = "America/Guadeloupe"
    world.claire.save()
    page = said(claire, at="2026-04-28T04:30", severity="majeure")
    assert "Tuesday 28 April 2026, 8:30" in page
    assert "(Europe/Paris)" in page


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"at": "yesterday"}, "Received on: Enter a valid date/time."),
        ({"at": "1926-04-28T10:00"}, "Received on: The simulator answers for ten years around today."),
        ({"at": "2026-03-29T02:30"}, "Received on: This time did not exist: that night"),
        ({"severity": "terrible"}, "Severity: Select a valid choice. terrible is not one"),
        ({"pause-0-cause": "question"}, "From: This field is required."),
        (
            {"pause-0-cause": "question", "pause-0-start": "2026-04-29T10:00", "pause-0-end": "2026-04-29T09:00"},
            "From: A pause ends after it begins.",
        ),
        (
            {"pause-0-cause": "question", "pause-0-start": "2026-04-01T10:00", "pause-0-end": "2026-04-29T09:00"},
            "From: A pause cannot begin before the reception.",
        ),
    ],
)  # fmt: skip
def test_the_page_says_what_is_wrong_beside_its_field_and_instead_of_the_deadlines(
    claire: Client, asked: dict[str, str], reason: str
) -> None:
    page = said(claire, **asked)
    assert reason in page.replace("&#x27;", "'")
    assert "No deadline can be said yet" in page


def test_an_hour_that_an_autumn_night_repeats_is_its_first(claire: Client) -> None:
    page = said(claire, at="2026-10-25T02:30", severity="majeure")
    assert "Received on Sunday 25 October 2026, 2:30." in page


@pytest.mark.parametrize(
    ("asked", "field", "reason"),
    [
        ({"at": "2026-04-28T10:30"}, "at", "has no offset from UTC"),
        ({"at": "2026-04-28T10:30:00 02:00"}, "at", "+ is %2B"),
        ({"at": "9999-12-31T23:59:59-23:00"}, "at", "ten years"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at", "ten years"),
        ({"severity": "terrible"}, "severity", "not one of the available choices"),
        ({"sevérité": "majeure"}, "sevérité", "unknown field"),
    ],
)
def test_a_program_is_told_the_field_and_the_reason(claire: Client, asked, field: str, reason: str) -> None:
    ((where, why),) = refused(claire, **asked)
    assert where == field
    assert reason in why


@pytest.mark.parametrize(
    ("pauses", "field", "reason"),
    [
        (["holidays"], "pause[0]", "write question/FROM/TO"),
        (["out_of_scope/2026-04-29T09:00:00Z/2026-04-29T10:00:00Z"], "pause[0]", "write question/FROM/TO"),
        (["question/2026-04-29T09:00:00/2026-04-29T10:00:00Z"], "pause[0]", "has no offset"),
        (["question/2026-04-29T10:00:00Z/2026-04-29T10:00:00Z"], "pause[0]", "ends after it begins"),
        (["question/2026-04-27T10:00:00Z/2026-04-29T10:00:00Z"], "pause[0]", "before the reception"),
        (
            [f"question/{DAY}T10:00:00Z/2026-04-30T10:00:00Z", f"question/{DAY}T08:00:00Z/{DAY}T11:00:00Z"],
            "pause[0]", "overlap",
        ),
        (
            [f"delivery/{DAY}T10:00:00Z/2026-04-30T10:00:00Z", f"question/{DAY}T08:00:00Z/{DAY}T11:00:00Z"],
            "pause[1]", "ends an open question",
        ),
        (["question/2026-04-29T10:00:00Z/2926-04-30T10:00:00Z"], "pause[0]", "ten years"),
        (["question/2026-04-29T10:00:00Z/2026-04-30T10:00:00Z"] * 21, "pause", "20 pauses at most"),
    ],
)  # fmt: skip
def test_senseless_pauses_are_refused_by_their_place(claire: Client, pauses, field: str, reason: str) -> None:
    ((where, why),) = refused(claire, *pauses)
    assert where == field
    assert reason in why


def test_a_question_asked_during_a_test_is_sensible(claire: Client) -> None:
    answer = ask(
        claire,
        "delivery/2026-04-29T10:00:00Z/2026-04-30T10:00:00Z",
        "question/2026-04-29T12:00:00Z/2026-04-30T12:00:00Z",
        severity="majeure",
    )
    assert len(answer["pauses"]) == 2


@pytest.mark.parametrize("address", [PAGE, DATA])
def test_a_draft_and_anothers_version_are_as_unknown_as_what_does_not_exist(
    claire: Client, world: World, address: str
) -> None:
    draft = CalendarVersion.objects.create(calendar=world.contract.calendar, number=2)
    foreign_calendar = CalendarVersion.objects.create(
        calendar=Calendar.objects.create(name="Autre"), number=1, published_at=BEGINNING
    )
    foreign_policy = PolicyVersion.objects.create(
        policy=Policy.objects.create(name="Autre"), number=1, published_at=BEGINNING
    )
    for asked in (
        {"calendar": str(draft.pk)},
        {"calendar": str(foreign_calendar.pk)},
        {"policy": str(foreign_policy.pk)},
        {"calendar": str(uuid.uuid4())},
        {"calendar": "1"},
    ):
        assert claire.get(address, {"severity": "majeure", **asked}).status_code == 404
    assert "Autre" not in said(claire)


def test_the_vendor_simulates_under_every_published_version(client: Client, world: World) -> None:
    other = CalendarVersion.objects.create(
        calendar=Calendar.objects.create(name="Support du soir"), number=1, published_at=BEGINNING
    )
    client.force_login(world.agnes)
    assert "Support du soir" in said(client)
    assert ask(client, severity="majeure", calendar=str(other.pk))["calendar"]["name"] == "Support du soir"


def test_the_page_costs_the_same_however_many_versions_there_are(
    claire: Client, world: World, django_assert_num_queries
) -> None:
    said(claire)
    with django_assert_num_queries(8):
        said(claire)
    for number in (2, 3):
        CalendarVersion.objects.create(
            calendar=world.contract.calendar, number=number, published_at=paris(f"2026-01-0{number} 09:00")
        )
    said(claire)
    with django_assert_num_queries(8):
        said(claire)


def test_without_a_contract_there_is_nothing_to_simulate_and_it_is_said(client: Client, world: World) -> None:
    world.contract.delete()
    world.claire.language = "en"
    world.claire.save()
    client.force_login(world.claire)
    assert "Choose a published version: without one, nothing is promised." in said(client)
    assert {field for field, _reason in refused(client)} == {"calendar", "policy"}


def test_a_contract_that_has_ended_still_tells_its_terms(claire: Client, world: World) -> None:
    world.contract.ends_on = "2026-01-31"
    world.contract.save()
    assert "Monday 11 May 2026, 10:30" in said(claire)


def test_the_example_of_the_docs_is_what_is_answered(claire: Client) -> None:
    docs = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text()
    (address,) = re.findall(r"`(/simulator\.json\?[^`]+)`", docs)
    (example,) = re.findall(r"```json\n(.+?)```", docs, re.DOTALL)
    answer, written = claire.get(address).json(), json.loads(example)
    assert answer["effective_receipt"] == written["effective_receipt"]
    assert {name: answer["resolve"][name] for name in written["resolve"]} == written["resolve"]
