"""A calendar's feed in iCalendar: its holidays and closures, for any calendar program to subscribe to."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _
from icalendar import Calendar as Feed
from icalendar import Event

from sla.calendar import BusinessCalendar, DayKind
from sla.calendar_document import Window
from sla.models import CalendarVersion, Closure

YEARS = 3  # this year and the next two
MIDNIGHT = "24:00"


def feed_of(version: CalendarVersion, closures: Sequence[Closure], first_year: int, domain: str) -> bytes:
    """Return the feed of a published version for three years; instants in its zone, identifiers that never change."""
    feed = Feed()
    feed.add("version", "2.0")
    feed.add("prodid", f"-//{domain}//Helpdesk//FR")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", version.calendar.name)
    feed.add("x-wr-timezone", version.timezone)
    feed.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for event in _events(version, closures, range(first_year, first_year + YEARS)):
        event["uid"] = f"{event['uid']}@{domain}"
        event.add("dtstamp", version.published_at)
        event.add("last-modified", version.published_at)
        event.add("sequence", version.number)
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)
    feed.add_missing_timezones()
    return bytes(feed.to_ical())


def _events(version: CalendarVersion, closures: Sequence[Closure], years: range) -> Iterator[Event]:
    """Yield holidays by day, closures of whole days as one event, others day by day with their hours."""
    calendar = BusinessCalendar.from_document(version.as_document(list(closures)))
    ordinary = BusinessCalendar.from_document(version.as_document(closures=[]))
    root = f"calendar-{version.calendar_id}"
    for year in years:
        for day in _days(date(year, 1, 1), date(year, 12, 31)):
            found = calendar.day(day)
            if found.kind == DayKind.HOLIDAY:
                yield _whole_days(
                    f"{root}-holiday-{day}", _("Public holiday: %(name)s") % {"name": found.reason}, day, day
                )
    for closure in closures:
        if closure.last_day.year < years.start or closure.first_day.year >= years.stop:
            continue
        if not closure.windows:
            yield _whole_days(
                f"{root}-closure-{closure.first_day}",
                _("Support closed: %(motive)s") % {"motive": closure.motive},
                closure.first_day,
                closure.last_day,
            )
            continue
        for day in _days(closure.first_day, closure.last_day):
            yield from _hours(f"{root}-closure-{day}", calendar, day, ordinary.day(day).windows, closure)


def _hours(
    uid: str, calendar: BusinessCalendar, day: date, usual: Sequence[Window], closure: Closure
) -> Iterator[Event]:
    """Yield the hours closed instead of open, then those open instead of closed."""
    kept = [(str(start), str(end)) for start, end in closure.windows]
    for windows, without, text in (
        (usual, kept, _("Support closed: %(motive)s")),
        (kept, usual, _("Support exceptionally open: %(motive)s")),
    ):
        for start, end in _minus(windows, without):
            event = _event(f"{uid}-{start.replace(':', '')}", text % {"motive": closure.motive})
            for name, clock in (("dtstart", start), ("dtend", end)):
                event.add(name, _at(calendar, day, clock))
            yield event


def _minus(windows: Sequence[Window], without: Sequence[Window]) -> Iterator[Window]:
    """Yield what is in `windows` and not in `without`; times of a day compare as they are written."""
    cuts = sorted({clock for window in (*windows, *without) for clock in window})
    for start, end in pairwise(cuts):
        if _holds(windows, start) and not _holds(without, start):
            yield start, end


def _holds(windows: Sequence[Window], clock: str) -> bool:
    return any(start <= clock < end for start, end in windows)


def _at(calendar: BusinessCalendar, day: date, clock: str) -> datetime:
    if clock.startswith(MIDNIGHT):
        return datetime.combine(day + timedelta(days=1), time(), calendar.zone)
    return datetime.combine(day, time.fromisoformat(clock), calendar.zone)


def _whole_days(uid: str, text: str, first: date, last: date) -> Event:
    event = _event(uid, text)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    return event


def _event(uid: str, text: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("summary", text)
    return event


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
