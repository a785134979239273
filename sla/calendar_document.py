"""Reading a calendar written as a document: every refusal names the place and the reason."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeGuard
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from sla.intervals import SECOND
from sla.public_holidays import Place, UnknownPlaceError, find_place, names_by_day

WEEKDAYS = range(1, 8)
CALENDAR_FIELDS = frozenset({"timezone", "weekly", "holidays", "closures", "name", "comment"})
CLOSURE_FIELDS = frozenset({"date", "first", "last", "windows", "motive", "published", "comment"})
HOLIDAYS_FIELDS = frozenset({"country", "subdivision", "worked"})
LONGEST_CLOSURE = 3_660
# A holiday not found by its name in any of these years is taken for a mistake.
NAMING_YEARS = range(2000, 2051)
WALL_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?")

# A window as written ("09:00", "18:00") and as counted: microseconds of wall clock since midnight.
Window = tuple[str, str]
Span = tuple[int, int]


class CalendarError(ValueError):
    """A calendar or a question put to it is refused; `path` is the place, like "weekly.1[0]"."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The windows of a day, as written and as counted, in order of time."""

    windows: tuple[Window, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A date whose opening a closure replaces, and why."""

    plan: DayPlan
    motive: str


@dataclass(frozen=True, slots=True)
class CalendarTerms:
    """A calendar as read: its zone, its week (Monday first), its closures by date, its holidays."""

    zone: ZoneInfo
    week: tuple[DayPlan, ...]
    closures: Mapping[date, ClosedDay]
    place: Place | None = None
    worked_days: frozenset[date] = field(default_factory=frozenset)
    worked_names: frozenset[str] = field(default_factory=frozenset)


def read_calendar(document: Mapping[str, object]) -> CalendarTerms:
    """Read a calendar document, or raise CalendarError at the first thing that cannot be."""
    if not isinstance(document, Mapping):
        raise CalendarError(_("a calendar is an object with “timezone” and “weekly”"), "calendar")
    refuse_unknown_fields(document, CALENDAR_FIELDS, "")
    place, worked_days, worked_names = read_holidays(document.get("holidays"))
    return CalendarTerms(
        zone=read_zone(document.get("timezone")),
        week=read_week(document.get("weekly")),
        closures=read_closures(document.get("closures") or []),
        place=place,
        worked_days=worked_days,
        worked_names=worked_names,
    )


def refuse_unknown_fields(document: Mapping[str, object], known: frozenset[str], path: str) -> None:
    """Raise CalendarError on a misspelt field, which would otherwise be ignored in silence."""
    for name in document:
        if name not in known:
            message = _("unknown field, expected one of %(known)s") % {"known": ", ".join(sorted(known))}
            raise CalendarError(message, f"{path}.{name}" if path else name)


def read_zone(name: object) -> ZoneInfo:
    """Return an IANA time zone by its name."""
    if not isinstance(name, str) or not name:
        raise CalendarError(_("the name of a time zone is missing, such as “Europe/Paris”"), "timezone")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CalendarError(_("unknown time zone “%(name)s”") % {"name": name}, "timezone") from error


def read_week(weekly: object) -> tuple[DayPlan, ...]:
    """Return the seven days of the ordinary week; a weekday left out is closed."""
    if not isinstance(weekly, Mapping):
        raise CalendarError(_("the openings by ISO weekday, “1” for Monday, are missing"), "weekly")
    for key in weekly:
        if key not in {str(weekday) for weekday in WEEKDAYS}:
            raise CalendarError(_("not an ISO weekday, “1” for Monday to “7” for Sunday"), f"weekly.{key}")
    week = tuple(read_windows(weekly.get(str(weekday), []), f"weekly.{weekday}") for weekday in WEEKDAYS)
    if not any(plan.spans for plan in week):
        raise CalendarError(_("no weekday has an opening: this calendar would never be open"), "weekly")
    return week


def read_windows(windows: object, path: str) -> DayPlan:
    """Return a day's windows in order of time; they may touch but not overlap."""
    if not _is_list(windows):
        raise CalendarError(_("a day is a list of windows such as [[“09:00”, “18:00”]]"), path)
    read: list[tuple[Span, Window, int]] = []
    for index, window in enumerate(windows):
        place = f"{path}[{index}]"
        if not _is_list(window) or len(window) != 2:
            raise CalendarError(_("a window is two times such as [“09:00”, “18:00”]"), place)
        opens, closes = str(window[0]), str(window[1])
        span = (read_time(window[0], place), read_time(window[1], place))
        if span[0] >= span[1]:
            raise CalendarError(
                _(
                    "the window %(opens)s–%(closes)s does not end after it begins"
                    " (one past midnight is written as two, on two days)"
                )
                % {"opens": opens, "closes": closes},
                place,
            )
        read.append((span, (opens, closes), index))
    read.sort()
    for earlier, (later, written, index) in pairwise(read):
        if later[0] < earlier[0][1]:
            raise CalendarError(
                _("the window %(opens)s–%(closes)s overlaps another")
                % {"opens": written[0], "closes": written[1]},
                f"{path}[{index}]",
            )
    return DayPlan(tuple(window[1] for window in read), tuple(window[0] for window in read))


def read_time(text: object, path: str) -> int:
    """Return a wall clock time, "HH:MM" or "HH:MM:SS" up to "24:00", in microseconds since midnight."""
    found = WALL_CLOCK.fullmatch(text) if isinstance(text, str) and text.isascii() else None
    if found is None:
        raise CalendarError(_("“%(text)s” is not a time such as “09:00”") % {"text": text}, path)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = (hours * 60 + minutes) * 60 + seconds
    if minutes > 59 or seconds > 59 or total > 86_400:
        raise CalendarError(_("“%(text)s” is not a time of a day, “00:00” to “24:00”") % {"text": text}, path)
    return total * SECOND


def read_closures(closures: object) -> dict[date, ClosedDay]:
    """Return the closures by date; a date may be said twice only if both say the same."""
    if not _is_list(closures):
        raise CalendarError(_("closures are a list"), "closures")
    read: dict[date, ClosedDay] = {}
    for index, closure in enumerate(closures):
        path = f"closures[{index}]"
        if not isinstance(closure, Mapping):
            raise CalendarError(_("a closure is an object with “date” and “windows”"), path)
        refuse_unknown_fields(closure, CLOSURE_FIELDS, path)
        if "windows" not in closure:
            raise CalendarError(_("missing; an empty list closes the day"), f"{path}.windows")
        motive = closure.get("motive") or ""
        if not isinstance(motive, str):
            raise CalendarError(_("a motive is text"), f"{path}.motive")
        closed = ClosedDay(read_windows(closure["windows"], f"{path}.windows"), motive)
        for day in read_closure_days(closure, path):
            if day in read and read[day].plan.spans != closed.plan.spans:
                raise CalendarError(
                    _("%(day)s is already replaced, differently, by another closure") % {"day": day}, path
                )
            read.setdefault(day, closed)
    return read


def read_closure_days(closure: Mapping[str, object], path: str) -> Iterator[date]:
    """Yield the dates of a closure: its “date”, or each from “first” to “last”, both included."""
    if "date" in closure:
        if "first" in closure or "last" in closure:
            raise CalendarError(_("a closure has either “date” or “first” and “last”"), path)
        yield read_date(closure["date"], f"{path}.date")
        return
    if "first" not in closure:
        raise CalendarError(_("missing, as are “first” and “last”"), f"{path}.date")
    first = read_date(closure["first"], f"{path}.first")
    last = read_date(closure.get("last"), f"{path}.last")
    if last < first:
        raise CalendarError(
            _("%(last)s comes before the first day, %(first)s") % {"last": last, "first": first},
            f"{path}.last",
        )
    if (last - first).days >= LONGEST_CLOSURE:
        raise CalendarError(
            _("a closure lasts at most %(days)d days") % {"days": LONGEST_CLOSURE}, f"{path}.last"
        )
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def read_date(text: object, path: str) -> date:
    """Return an ISO date, written YYYY-MM-DD."""
    try:
        if isinstance(text, str) and len(text) == 10:
            return date.fromisoformat(text)
    except ValueError as error:
        raise CalendarError(_("“%(text)s” is not a date of the calendar") % {"text": text}, path) from error
    raise CalendarError(_("“%(text)s” is not a date such as “2026-12-24”") % {"text": text}, path)


def read_holidays(document: object) -> tuple[Place | None, frozenset[date], frozenset[str]]:
    """Return whose holidays are observed, and those that are worked, by date and by name."""
    if document is None:
        return None, frozenset(), frozenset()
    if not isinstance(document, Mapping):
        raise CalendarError(_("holidays are null or an object with “country”"), "holidays")
    refuse_unknown_fields(document, HOLIDAYS_FIELDS, "holidays")
    country, subdivision = document.get("country"), document.get("subdivision")
    if not isinstance(country, str):
        raise CalendarError(_("the ISO code of a country is missing, such as “FR”"), "holidays.country")
    if subdivision is not None and not isinstance(subdivision, str):
        raise CalendarError(_("a subdivision is null or a code such as “57”"), "holidays.subdivision")
    try:
        place = find_place(country, subdivision)
    except UnknownPlaceError as error:
        raise CalendarError(str(error), f"holidays.{error.field}") from error
    return place, *read_worked(document.get("worked") or [], place)


def read_worked(worked: object, place: Place) -> tuple[frozenset[date], frozenset[str]]:
    """Return the holidays not observed: dates for one year, names for every year."""
    if not _is_list(worked):
        raise CalendarError(_("the holidays worked are a list of dates or names"), "holidays.worked")
    days: set[date] = set()
    worked_names: set[str] = set()
    for index, entry in enumerate(worked):
        path = f"holidays.worked[{index}]"
        if not isinstance(entry, str):
            raise CalendarError(_("neither a date nor the name of a holiday"), path)
        if entry[:4].isdigit():
            day = read_date(entry, path)
            if day not in names_by_day(place, day.year):
                raise CalendarError(_("%(day)s is not a public holiday") % {"day": day}, path)
            days.add(day)
        elif any(entry in names for year in NAMING_YEARS for names in names_by_day(place, year).values()):
            worked_names.add(entry)
        else:
            raise CalendarError(_("no public holiday is called “%(name)s”") % {"name": entry}, path)
    return frozenset(days), frozenset(worked_names)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
