"""Reading calendars: who reads which, the year at a glance in words, versions compared."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from sla.models import Calendar, CalendarVersion, Closure
from sla.pages.words import say_replacement, say_windows
from sla.pages.year import Look, year_of
from sla.publication import next_draft, publish
from sla.versions import compiled_calendar
from tests.sla.pages.reading import text_of
from tests.world import World


def closing(
    version: CalendarVersion, day: str, *, until: str = "", windows=(), motive="Fermeture"
) -> Closure:
    return Closure.objects.create(
        version=version,
        first_day=date.fromisoformat(day),
        last_day=date.fromisoformat(until or day),
        windows=[list(window) for window in windows],
        motive=motive,
    )


def second_version(world: World, *closures: tuple[str, dict]) -> CalendarVersion:
    """Publish a version with closures to come, as a manager would."""
    draft = next_draft(CalendarVersion.objects.get(number=1), by=world.maud)
    for day, said in closures:
        closing(draft, day, **said)
    draft.motive = "Fermetures de fin d'année."
    draft.save()
    return publish(draft, by=world.maud, at=timezone.now())


def test_a_client_reads_the_calendars_of_its_own_contracts_only(browser, world: World) -> None:
    foreign = Calendar.objects.create(name="Support d'un autre client")
    CalendarVersion.objects.create(calendar=foreign, number=1, published_at=datetime(2025, 1, 1, tzinfo=UTC))
    world.other_contract.calendar = foreign
    world.other_contract.save()
    for name in ("claire", "marc", "rachel", "lucas"):
        listed = browser(name).get(reverse("calendars"))
        assert "Support France" in text_of(listed)
        assert foreign.name not in text_of(listed)
        for route in ("calendar", "calendar_changes", "calendar_feed"):
            refused = browser(name).get(reverse(route, args=[foreign.pk]))
            nothing = browser(name).get(reverse(route, args=[999_999]))
            assert (refused.status_code, refused.content) == (404, nothing.content)
        assert browser(name).post(reverse("calendar_feed", args=[foreign.pk])).status_code == 404
    assert foreign.name in text_of(browser("agnes").get(reverse("calendars")))
    assert foreign.name in text_of(browser("olivia").get(reverse("calendars")))


def test_a_draft_does_not_exist_but_for_those_who_edit(browser, world: World) -> None:
    draft = next_draft(CalendarVersion.objects.get(), by=world.maud)
    year = f"{reverse('calendar', args=[draft.calendar_id])}?version={draft.pk}"
    for name, edit, read in (
        ("claire", 404, 404),
        ("agnes", 403, 404),
        ("maud", 200, 200),
        ("paul", 200, 200),
    ):
        assert browser(name).get(reverse("calendar_draft", args=[draft.pk])).status_code == edit
        assert browser(name).get(reverse("calendar_publish", args=[draft.pk])).status_code == edit
        assert browser(name).get(year).status_code == read
    for name, status in (("claire", 404), ("agnes", 403)):
        for route in ("calendar_next", "calendar_discard", "calendar_publish", "calendar_draft"):
            assert browser(name).post(reverse(route, args=[draft.pk])).status_code == status
    assert CalendarVersion.objects.count() == 2


def test_each_day_of_the_year_is_said_in_words(world: World) -> None:
    version = CalendarVersion.objects.create(calendar=world.contract.calendar, number=2)
    closures = [
        closing(version, "2026-12-24", windows=[("09:00", "12:00")], motive="Veille de Noël"),
        closing(version, "2026-12-28", until="2027-01-03", motive="Congés"),
        closing(version, "2026-06-06", windows=[("09:00", "13:00")], motive="Migration"),
        closing(version, "2026-07-14", windows=[("10:00", "12:00")], motive="Astreinte"),
    ]
    version.published_at = datetime(2025, 6, 1, tzinfo=UTC)
    version.save()
    with translation.override("en"):
        year = year_of(compiled_calendar(version.pk), version, closures, 2026)
        said = {
            cell.day: (cell.look, cell.text)
            for month in year.months for week in month.weeks for cell in week if cell
        }  # fmt: skip
    assert len(said) == 365
    assert said[date(2026, 5, 5)] == (Look.OPEN, "Open")
    assert said[date(2026, 5, 9)] == (Look.REST, "Weekly rest")
    assert said[date(2026, 5, 8)] == (Look.HOLIDAY, "Public holiday: Fête de la Victoire")
    assert said[date(2026, 12, 24)] == (Look.PART, "Half-day or shorter hours, 09:00–12:00: Veille de Noël")
    assert said[date(2026, 12, 30)] == (Look.CLOSURE, "Closure: Congés")
    assert said[date(2026, 6, 6)] == (Look.OPENING, "Exceptional opening, 09:00–13:00: Migration")
    assert said[date(2026, 7, 14)][0] == Look.OPENING
    # 261 weekdays, 9 holidays on them, of which one is opened, 4 days closed, one Saturday opened.
    assert year.business_days == 261 - 9 + 1 - 4 + 1
    assert [days for _closure, days, _what in year.closures] != []
    assert ("Friday 8 May 2026", "Fête de la Victoire") in year.holidays


def test_the_page_says_the_year_its_version_and_turns_to_others(browser, world: World) -> None:
    day = timezone.localdate().replace(month=12, day=24) + timedelta(days=365)
    version = second_version(
        world, (day.isoformat(), {"windows": [("09:00", "12:00")], "motive": "Veille de Noël"})
    )
    address = reverse("calendar", args=[version.calendar_id])
    page = text_of(browser("claire").get(f"{address}?year={day.year}"))
    assert "Version 2 in force" in page
    assert "Fermetures de fin d'année." in page
    assert "open 09:00–12:00 only" in page
    assert "Veille de Noël" in page
    assert "Public holiday: Fête nationale" in page
    former = CalendarVersion.objects.get(number=1)
    replaced = text_of(browser("claire").get(f"{address}?version={former.pk}"))
    assert "Version 1 replaced" in replaced
    assert "Veille de Noël" not in replaced


@pytest.mark.parametrize("wanted", ["soon", "1789", "99999", "2³", "-1"])
def test_a_year_that_is_none_is_said_and_the_present_one_shown(browser, world: World, wanted: str) -> None:
    page = browser("claire").get(reverse("calendar", args=[world.contract.calendar_id]), {"year": wanted})
    assert page.status_code == 200
    assert f"“{wanted}” is not a year" in text_of(page)


@pytest.mark.parametrize("wanted", ["nothing", "7e0f3d1c-0000-4000-8000-000000000000"])
def test_a_version_of_another_calendar_or_of_none_is_not_there(browser, world: World, wanted: str) -> None:
    address = reverse("calendar", args=[world.contract.calendar_id])
    assert browser("claire").get(address, {"version": wanted}).status_code == 404
    assert browser("maud").get(f"{address}changes/", {"to": wanted}).status_code == 404


def test_two_versions_are_compared_in_words(browser, world: World) -> None:
    first = CalendarVersion.objects.get()
    draft = next_draft(first, by=world.maud)
    draft.weekly = {**draft.weekly, "5": [["09:00", "12:00"]], "6": [["09:00", "12:00"]]}
    draft.holiday_subdivision, draft.holidays_worked = "57", ["Lundi de Pentecôte"]
    draft.timezone = "Indian/Reunion"
    draft.save()
    closing(draft, "2027-08-02", until="2027-08-06", motive="Congés d'été")
    page = text_of(browser("maud").get(reverse("calendar_draft", args=[draft.pk])))
    for said in (
        "Time zone: Indian/Reunion instead of Europe/Paris.",
        "Public holidays of Moselle (FR) instead of France.",
        "Public holiday not observed any more: Lundi de Pentecôte.",
        "Friday: 09:00–12:00 instead of 09:00–18:00.",
        "Saturday: 09:00–12:00 instead of closed.",
        "Added: from Monday 2 August 2027 to Friday 6 August 2027, closed (Congés d'été).",
    ):
        assert said in page
    draft.motive = "Été"
    draft.save()
    latter = publish(draft, by=world.maud, at=timezone.now())
    address = reverse("calendar_changes", args=[first.calendar_id])
    back = text_of(browser("claire").get(f"{address}?from={latter.pk}&to={first.pk}"))
    assert "Removed: from Monday 2 August 2027" in back
    assert "Public holiday observed again: Lundi de Pentecôte." in back


def test_the_price_of_the_pages(browser, world: World, django_assert_num_queries) -> None:
    maud = browser("maud")
    address = reverse("calendar", args=[world.contract.calendar_id])
    for _turn in range(2):
        with django_assert_num_queries(4):
            maud.get(reverse("calendars"))
        with django_assert_num_queries(6):
            maud.get(address)
        Calendar.objects.create(name=f"Autre {_turn}")
        second_version(world)


def test_openings_are_said_as_each_language_writes_hours():
    windows = [("09:00", "12:30"), ("14:00", "24:00")]
    with translation.override("en"):
        assert say_windows(windows) == "09:00–12:30, 14:00–24:00"
        assert say_windows([("08:00:30", "09:00")]) == "08:00:30–09:00"
    with translation.override("fr"):
        assert say_windows(windows).replace("\xa0", " ") == "9 h à 12 h 30, 14 h à 24 h"
        assert say_replacement(windows[:1]).replace("\xa0", " ") == "ouvert de 9 h à 12 h 30 seulement"
        assert say_windows([]) == "fermé"
