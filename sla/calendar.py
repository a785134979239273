"""The support calendar: which instants are open, and arithmetic in business time (K-1 to K-6)."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from sla.calendar_document import CalendarError, CalendarTerms, Span, Window, read_calendar
from sla.intervals import DAY, EPOCH, HOUR, MICROSECOND, NEAR, HorizonError, Openings
from sla.public_holidays import names_by_day

__all__ = [
    "BusinessCalendar",
    "CalendarError",
    "Day",
    "DayKind",
    "from_instant",
    "not_an_instant",
    "to_instant",
]

# A hundred years: more is a mistake of unit, not a delay.
LARGEST_AMOUNT = 876_600 * HOUR
LARGEST_DAY_COUNT = 36_525
# Where no holiday limits it, a calendar answers for these years.
KNOWN_YEARS = range(1900, 2400)
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# The amounts of a policy are few, and turning one into a timedelta costs more than the search that follows.
_as_timedelta = lru_cache(maxsize=1024)(MICROSECOND.__mul__)


class DayKind(StrEnum):
    """What makes a date open or closed."""

    OPEN = "open"
    WEEKLY_REST = "weekly_rest"
    HOLIDAY = "holiday"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Day:
    """A local date of the calendar.

    `windows` are local wall clock times as written, ("09:00", "18:00"), in order, up to "24:00".
    `reason` names every holiday of the date, or gives the closure's motive; otherwise it is empty.
    """

    date: date
    kind: DayKind
    windows: tuple[Window, ...]
    reason: str


def to_instant(at: datetime) -> int:
    """Return an aware datetime as microseconds since the epoch; CalendarError if it is naive."""
    try:
        elapsed = at - EPOCH
    except TypeError as error:
        raise not_an_instant(at) from error
    return elapsed.days * DAY + elapsed.seconds * 1_000_000 + elapsed.microseconds


def from_instant(instant: int) -> datetime:
    """Return microseconds since the epoch as a datetime in UTC."""
    return EPOCH + instant * MICROSECOND


def not_an_instant(*instants: object) -> CalendarError:
    """Return the refusal of the first that is no aware datetime."""
    for at in instants:
        if not isinstance(at, datetime):
            return CalendarError(f"{at!r} is not a datetime")
        if at.utcoffset() is None:
            return CalendarError(f"{at!r} has no time zone: which instant it means is unknown")
    return CalendarError("not a question of datetimes")


class BusinessCalendar:
    """Business time under one calendar version.

    Datetimes go in aware, in any zone, and come out in UTC; amounts are whole microseconds of
    business time. Each method raises CalendarError for a naive datetime, an amount that is not a
    positive whole number or is beyond a hundred years, and an answer outside the years for which
    the calendar's holidays are known. Intervals are computed once per year asked for, and kept:
    an instance is safe to share between threads and is meant to be cached per version.
    """

    def __init__(self, terms: CalendarTerms, holidays: Mapping[date, tuple[str, ...]] | None = None) -> None:
        self._terms = terms
        self._fixed_holidays = holidays
        self._holidays_by_year: dict[int, Mapping[date, tuple[str, ...]]] = {}
        self._week = tuple(plan.spans for plan in terms.week)
        self._closures = {
            day.toordinal() - EPOCH_ORDINAL: closed.plan.spans for day, closed in terms.closures.items()
        }
        years = KNOWN_YEARS
        if terms.place is not None:
            # The last year known also closes the year before it: a UTC year ends on a local 1 January.
            known = terms.place.years
            years = range(max(years.start, known.start), min(years.stop, known.stop - 1))
        self.openings = Openings(terms.zone, self._windows_around, years)

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> Self:
        """Read a calendar in the exchange format; CalendarError names the field refused and why."""
        return cls(read_calendar(document))

    @classmethod
    def with_holidays(
        cls, document: Mapping[str, object], holidays: Mapping[date, tuple[str, ...]], years: range
    ) -> Self:
        """Read a calendar whose holidays are those given, whatever they are said to be elsewhere.

        It answers for these UTC years alone; the holidays reach to the years before and after.
        """
        calendar = cls(read_calendar({**document, "holidays": None}), holidays)
        calendar.openings.years = years
        return calendar

    @property
    def years_reckoned(self) -> range:
        """The UTC years whose openings were needed so far; empty before the first question."""
        return self.openings.years_built

    def holidays_of(self, year: int) -> Mapping[date, tuple[str, ...]]:
        """Return the public holidays of a local year that this calendar keeps, by name."""
        return self._holidays(year)

    def ordinary_windows(self, day: date) -> tuple[Span, ...]:
        """Return what the week alone opens on a date, in microseconds of wall clock since midnight."""
        return self._week[day.weekday()]

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose wall clock the windows are read on."""
        return self._terms.zone

    def is_open(self, at: datetime) -> bool:
        """Tell whether support is open; the closing instant is not (K-1)."""
        try:
            return self.openings.is_open(to_instant(at))
        except HorizonError as error:
            raise CalendarError(str(error)) from error

    def next_open(self, at: datetime) -> datetime:
        """Return the effective receipt: the first open instant at or after `at`, UTC (K-1)."""
        try:
            return from_instant(self.openings.next_open(to_instant(at)))
        except HorizonError as error:
            raise CalendarError(str(error)) from error

    def add(self, start: datetime, microseconds: int) -> datetime:
        """Return the instant by which that much business time has passed since `start`, UTC (K-2).

        An amount that ends exactly with an opening falls at its closing, not at the next opening.
        """
        if type(microseconds) is not int or not 0 < microseconds <= LARGEST_AMOUNT:
            raise self._refused_amount(microseconds)
        try:
            elapsed = start - EPOCH
            table = self.openings.table
            found = table.by_day.get(elapsed.days)
            if found is None:
                table, found = self.openings.day(elapsed.days)
            seconds = elapsed.seconds
            opens, closes, shift, before, after, _, _, first, following = found
            while following and seconds >= closes:
                opens, closes, shift, before, after, _, _, first, following = following
            # What Openings.add does, without its calls, and in the datetimes' own arithmetic, which is in C.
            if seconds < opens:
                target = before + _as_timedelta(microseconds)
            elif seconds >= closes:
                target = after + _as_timedelta(microseconds)
            else:
                target = elapsed + shift + _as_timedelta(microseconds)
            last = first + NEAR
            index = bisect_left(table.long_totals, target, first, last)
            if index < last and index <= len(table.long_shifts):
                return EPOCH + (target - table.long_shifts[index - 1])
            return from_instant(self.openings.add(to_instant(start), microseconds))
        except TypeError as error:
            raise not_an_instant(start) from error
        except HorizonError as error:
            raise CalendarError(str(error)) from error

    def subtract(self, end: datetime, microseconds: int) -> datetime:
        """Return the last instant from which that much business time leads to `end`, UTC.

        The inverse of `add`: an amount that begins exactly with an opening falls at that opening.
        """
        if type(microseconds) is not int or not 0 < microseconds <= LARGEST_AMOUNT:
            raise self._refused_amount(microseconds)
        try:
            return from_instant(self.openings.subtract(to_instant(end), microseconds))
        except HorizonError as error:
            raise CalendarError(str(error)) from error

    def between(self, start: datetime, end: datetime) -> int:
        """Return the business time from `start` to `end` in microseconds, negative if `end` is earlier."""
        try:
            elapsed = start - EPOCH
            by_day = self.openings.table.by_day
            found = by_day.get(elapsed.days) or self.openings.day(elapsed.days)[1]
            seconds = elapsed.seconds
            opens, closes, _, _, _, first, after, _, following = found
            while following and seconds >= closes:
                opens, closes, _, _, _, first, after, _, following = following
            if seconds >= closes:
                first = after
            elif seconds >= opens:
                first += (seconds - opens) * 1_000_000 + elapsed.microseconds
            elapsed = end - EPOCH
            found = by_day.get(elapsed.days) or self.openings.day(elapsed.days)[1]
            seconds = elapsed.seconds
            opens, closes, _, _, _, last, after, _, following = found
            while following and seconds >= closes:
                opens, closes, _, _, _, last, after, _, following = following
            if seconds >= closes:
                return after - first
            if seconds >= opens:
                return last - first + (seconds - opens) * 1_000_000 + elapsed.microseconds
            return last - first
        except TypeError as error:
            raise not_an_instant(start, end) from error
        except HorizonError as error:
            raise CalendarError(str(error)) from error

    def add_days(self, start: datetime, days: int) -> datetime:
        """Return the same clock time, `days` business days after the day of effective receipt, UTC (K-3).

        A clock time closed on that day gives its next opening that day, else its closing.
        """
        return self._after_days(self.openings.add_days, start, days)

    def end_of_business_day(self, start: datetime, days: int) -> datetime:
        """Return the last closing of the `days`-th business day after the local date of `start` (K-5)."""
        return self._after_days(self.openings.end_of_business_day, start, days)

    def start_of_business_day(self, start: datetime, days: int) -> datetime:
        """Return the first opening of the `days`-th business day after the local date of `start` (K-5)."""
        return self._after_days(self.openings.start_of_business_day, start, days)

    def day(self, day: date) -> Day:
        """Return what a local date is: open, weekly rest, holiday by name, or closure by motive.

        Raises CalendarError for a date outside the years known, whose holidays cannot be told.
        """
        closed = self._terms.closures.get(day)
        if closed is not None:
            return Day(day, DayKind.CLOSURE, closed.plan.windows, closed.motive)
        if day.year not in self.openings.years:
            raise CalendarError(f"{day} is outside the years this calendar knows")
        holidays = self._holidays(day.year).get(day)
        if holidays:
            return Day(day, DayKind.HOLIDAY, (), "; ".join(holidays))
        windows = self._terms.week[day.weekday()].windows
        return Day(day, DayKind.OPEN if windows else DayKind.WEEKLY_REST, windows, "")

    def _after_days(self, reckon: Callable[[int, int], int], start: datetime, days: int) -> datetime:
        if type(days) is not int or not 0 < days <= LARGEST_DAY_COUNT:
            raise CalendarError(
                f"a number of business days is a whole number from 1 to {LARGEST_DAY_COUNT}, not {days!r}",
                "days",
            )
        try:
            return from_instant(reckon(to_instant(start), days))
        except HorizonError as error:
            raise CalendarError(str(error)) from error

    def _holidays(self, year: int) -> Mapping[date, tuple[str, ...]]:
        if year not in self._holidays_by_year:
            self._holidays_by_year[year] = self._observed(year)
        return self._holidays_by_year[year]

    def _observed(self, year: int) -> dict[date, tuple[str, ...]]:
        terms = self._terms
        if self._fixed_holidays is not None:
            return {day: names for day, names in self._fixed_holidays.items() if day.year == year}
        if terms.place is None:
            return {}
        observed = {
            day: tuple(name for name in names if name not in terms.worked_names)
            for day, names in names_by_day(terms.place, year).items()
            if day not in terms.worked_days
        }
        return {day: names for day, names in observed.items() if names}

    def _windows_around(self, year: int) -> Callable[[int], tuple[Span, ...]]:
        replaced: dict[int, tuple[Span, ...]] = {
            day.toordinal() - EPOCH_ORDINAL: ()
            for each in (year - 1, year, year + 1)
            for day in self._holidays(each)
        }
        replaced.update(self._closures)
        week = self._week

        def windows_of(day: int) -> tuple[Span, ...]:
            # Day 0, 1 January 1970, was a Thursday.
            return replaced[day] if day in replaced else week[(day + 3) % 7]

        return windows_of

    @staticmethod
    def _refused_amount(microseconds: object) -> CalendarError:
        return CalendarError(
            "an amount of business time is a positive whole number of microseconds,"
            f" at most {LARGEST_AMOUNT // HOUR} hours, not {microseconds!r}",
            "microseconds",
        )
