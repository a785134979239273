"""A calendar's feed, read by the library as a calendar program does; its secret address and the end of it."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar as Feed

from accounts.models import User
from sla.feeds import feed_of
from sla.models import CalendarFeed, CalendarVersion, Closure
from tests.world import World, paris


def events(feed: bytes) -> dict[str, dict[str, object]]:
    return {
        str(event["uid"]): {
            "summary": str(event["summary"]), "start": event.decoded("dtstart"), "end": event.decoded("dtend"),
        }
        for event in Feed.from_ical(feed).walk("VEVENT")
    }  # fmt: skip


def closing(version: CalendarVersion, first: date, last: date, windows: list, motive: str) -> None:
    Closure.objects.create(version=version, first_day=first, last_day=last, windows=windows, motive=motive)


@pytest.fixture
def version(world: World) -> CalendarVersion:
    version = CalendarVersion.objects.create(calendar=world.contract.calendar, number=2)
    closing(version, date(2026, 12, 24), date(2026, 12, 24), [["09:00", "12:00"]], "Veille de Noël")
    closing(version, date(2026, 12, 28), date(2027, 1, 3), [], "Congés")
    closing(version, date(2026, 6, 6), date(2026, 6, 6), [["09:00", "13:00"]], "Migration")
    closing(version, date(2020, 6, 6), date(2020, 6, 6), [], "Ancienne")
    version.published_at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    version.save()
    return version


def test_the_feed_says_closures_holidays_and_hours_in_the_calendars_zone(version: CalendarVersion) -> None:
    with translation.override("en"):
        found = events(feed_of(version, list(version.closures.all()), 2026, "support.example"))
    root = f"calendar-{version.calendar_id}"
    assert found[f"{root}-holiday-2026-07-14@support.example"] == {
        "summary": "Public holiday: Fête nationale", "start": date(2026, 7, 14), "end": date(2026, 7, 15),
    }  # fmt: skip
    assert found[f"{root}-closure-2026-12-28@support.example"] == {
        "summary": "Support closed: Congés", "start": date(2026, 12, 28), "end": date(2027, 1, 4),
    }  # fmt: skip
    afternoon = found[f"{root}-closure-2026-12-24-1200@support.example"]
    assert afternoon["summary"] == "Support closed: Veille de Noël"
    assert (afternoon["start"], afternoon["end"]) == (paris("2026-12-24 12:00"), paris("2026-12-24 18:00"))
    opened = found[f"{root}-closure-2026-06-06-0900@support.example"]
    assert opened["summary"] == "Support exceptionally open: Migration"
    assert (opened["start"], opened["end"]) == (paris("2026-06-06 09:00"), paris("2026-06-06 13:00"))
    assert {each["start"].year for each in found.values()} == {2026, 2027, 2028}
    assert (
        len([name for name in found if "holiday" in name]) == 3 * 11 - 1
    )  # 1 January 2027 lies in a closure


def test_identifiers_do_not_change_with_a_new_version(world: World, version: CalendarVersion) -> None:
    before = feed_of(version, list(version.closures.all()), 2026, "x.example")
    following = CalendarVersion.objects.create(calendar=version.calendar, number=3)
    for each in version.closures.all():
        closing(following, each.first_day, each.last_day, each.windows, f"{each.motive} (bis)")
    following.published_at = timezone.now()
    following.save()
    after = feed_of(following, list(following.closures.all()), 2026, "x.example")
    assert events(before).keys() == events(after).keys()
    assert b"BEGIN:VTIMEZONE" in after
    assert b"SEQUENCE:3" in after


def test_a_program_subscribes_without_a_session_until_the_address_is_renewed(world: World, version) -> None:
    claire = Client()
    claire.force_login(world.claire)
    page = reverse("calendar", args=[version.calendar_id])
    renewal = reverse("calendar_feed", args=[version.calendar_id])
    assert claire.post(renewal).status_code == 302
    first = reverse("calendar_feed_secret", args=[CalendarFeed.objects.get().token])
    assert first in claire.get(page).content.decode()
    program = Client()
    answer = program.get(first)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "Jour férié" in answer.content.decode() or "Public holiday" in answer.content.decode()
    assert claire.get(renewal).content == answer.content
    claire.post(renewal)
    second = reverse("calendar_feed_secret", args=[CalendarFeed.objects.get().token])
    gone, unknown = program.get(first), program.get(reverse("calendar_feed_secret", args=["x" * 43]))
    assert (gone.status_code, gone.content) == (404, unknown.content)
    assert program.get(second).status_code == 200


@pytest.mark.parametrize("ending", ["person", "client", "contract"])
def test_the_address_dies_with_the_right_to_read(world: World, version, ending: str) -> None:
    feed = CalendarFeed.objects.create(
        person=world.claire, calendar=version.calendar, created_at=timezone.now()
    )
    address = reverse("calendar_feed_secret", args=[feed.token])
    assert Client().get(address).status_code == 200
    if ending == "person":
        User.objects.filter(pk=world.claire.pk).update(is_active=False)
    elif ending == "client":
        world.client.is_active = False
        world.client.save()
    else:
        world.contract.delete()
    assert Client().get(address).status_code == 404


def test_each_person_has_an_address_of_their_own_that_nobody_guesses(world: World, version) -> None:
    feeds = [
        CalendarFeed.objects.create(person=person, calendar=version.calendar, created_at=timezone.now())
        for person in (world.claire, world.marc, world.maud)
    ]
    assert len({feed.token for feed in feeds}) == 3
    assert all(len(feed.token) == 43 for feed in feeds)
