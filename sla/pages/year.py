"""The year at a glance: what each day of a calendar is, as a mark and in words, and the year's list of exceptions."""

import calendar as months
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from sla.calendar import BusinessCalendar, Day, DayKind
from sla.calendar_document import read_time
from sla.models import CalendarVersion, Closure
from sla.pages.words import Windows, say_date, say_days, say_replacement, say_windows


class Look(TextChoices):
    """What a day looks like; the words are the legend's."""

    OPEN = "open", gettext_lazy("Open")
    PART = "part", gettext_lazy("Half-day or shorter hours")
    OPENING = "opening", gettext_lazy("Exceptional opening")
    CLOSURE = "closure", gettext_lazy("Closure")
    HOLIDAY = "holiday", gettext_lazy("Public holiday")
    REST = "rest", gettext_lazy("Weekly rest")


# Beside the number, so that nothing is said by colour alone.
MARKS = {
    Look.OPEN: "",
    Look.PART: "½",
    Look.OPENING: "+",
    Look.CLOSURE: "×",
    Look.HOLIDAY: pgettext_lazy("mark of a public holiday", "H"),
    Look.REST: "–",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the year."""

    day: date
    look: Look
    text: str

    @property
    def mark(self) -> str:
        """The sign beside the number."""
        return str(MARKS[self.look])


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a table: weeks of seven cells, Monday first; None outside the month."""

    first_day: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    business_days: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a calendar, with what is out of the ordinary in words."""

    number: int
    months: tuple[Month, ...]
    holidays: tuple[tuple[str, str], ...]
    closures: tuple[tuple[Closure, str, str], ...]
    business_days: int


def year_of(
    calendar: BusinessCalendar, version: CalendarVersion, closures: Sequence[Closure], number: int
) -> Year:
    """Return a year of a version; `calendar` is what it compiles to. CalendarError beyond the years known."""
    ordinary = BusinessCalendar.from_document(version.as_document(closures=[]))
    cells = {day: _cell(calendar.day(day), ordinary.day(day)) for day in _days_of(number)}
    found = tuple(_month(number, month, cells) for month in range(1, 13))
    return Year(
        number=number,
        months=found,
        holidays=tuple(_holidays(ordinary, number)),
        closures=tuple(
            (closure, say_days(closure.first_day, closure.last_day), say_replacement(closure.windows))
            for closure in closures
            if closure.first_day.year <= number <= closure.last_day.year
        ),
        business_days=sum(month.business_days for month in found),
    )


def legend() -> list[tuple[Look, str]]:
    """Return every look with its mark, in the order of the legend."""
    return [(look, str(MARKS[look])) for look in Look]


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _month(year: int, month: int, cells: dict[date, Cell]) -> Month:
    weeks = months.Calendar().monthdatescalendar(year, month)
    return Month(
        first_day=date(year, month, 1),
        weeks=tuple(tuple(cells[day] if day.month == month else None for day in week) for week in weeks),
        business_days=sum(
            cell.look in {Look.OPEN, Look.PART, Look.OPENING}
            for cell in cells.values()
            if cell.day.month == month
        ),
    )


def _cell(day: Day, ordinary: Day) -> Cell:
    look = _look(day, _length(ordinary.windows))
    return Cell(day.date, look, _say(day, look))


def _look(day: Day, usual: int) -> Look:
    if day.kind == DayKind.HOLIDAY:
        return Look.HOLIDAY
    if day.kind == DayKind.WEEKLY_REST:
        return Look.REST
    if day.kind == DayKind.OPEN:
        return Look.OPEN
    if not day.windows:
        return Look.CLOSURE
    length = _length(day.windows)
    if length > usual:
        return Look.OPENING
    return Look.PART if length < usual else Look.OPEN


def _say(day: Day, look: Look) -> str:
    values = {"look": look.label, "reason": day.reason, "hours": say_windows(day.windows)}
    if day.kind == DayKind.CLOSURE and day.windows:
        return _("%(look)s, %(hours)s: %(reason)s") % values
    return _("%(look)s: %(reason)s") % values if day.reason else str(look.label)


def _length(windows: Windows) -> int:
    """Return the open time of a day's windows, in microseconds of wall clock."""
    return sum(read_time(end, "") - read_time(start, "") for start, end in windows)


def _holidays(calendar: BusinessCalendar, year: int) -> Iterator[tuple[str, str]]:
    for day in _days_of(year):
        found = calendar.day(day)
        if found.kind == DayKind.HOLIDAY:
            yield say_date(day), found.reason
