"""Opening intervals on the UTC line with running totals: the integer arithmetic under every delay."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from sla.opening_table import (
    DAY,
    EPOCH,
    HOUR,
    MICROSECOND,
    NEAR,
    SECOND,
    Block,
    DayOpening,
    HorizonError,
    Table,
    Windows,
    build_block,
    from_wall_clock,
    join,
    learn_day,
    offset_at,
    year_start,
)

__all__ = [
    "DAY",
    "EPOCH",
    "HOUR",
    "MICROSECOND",
    "NEAR",
    "SECOND",
    "BusinessTime",
    "HorizonError",
    "Openings",
]


# How many openings a ticket's life is first looked for in: some twelve weeks of one opening a day.
LIFE = 64


class Openings:
    """The open instants of a calendar, extended by whole years as questions reach further.

    Every instant and amount is an integer number of microseconds; instants count from the epoch,
    UTC. Questions beyond the years given raise HorizonError. Threads may share it: a longer table
    is built aside, under a lock, and put in place in one assignment.
    """

    def __init__(
        self, zone: ZoneInfo, windows_of_year: Callable[[int], Callable[[int], Windows]], years: range
    ) -> None:
        self.table = Table([0, 0], [0], [0, 0], [0, 0], [], [], {}, 0, 0, [], [], [], [], [])
        self._zone = zone
        self._windows_of_year = windows_of_year
        self.years = years
        self._blocks: dict[int, Block] = {}
        self._origin: int | None = None
        self._lock = Lock()

    @property
    def years_built(self) -> range:
        """The UTC years whose openings are known, one after the other."""
        return range(min(self._blocks), max(self._blocks) + 1) if self._blocks else range(0)

    def add(self, start: int, amount: int) -> int:
        """Return the instant by which `amount` (positive) of business time has passed (K-1, K-2)."""
        return self.instant_at(self.measure(start) + amount)

    def instant_at(self, target: int) -> int:
        """Return the first instant up to which this much business time is measured (K-2)."""
        table = self.table
        while target > table.totals[-1]:
            table = self._extend_forward()
        return target - table.shifts[bisect_left(table.totals, target) - 1]

    def subtract(self, end: int, amount: int) -> int:
        """Return the last instant from which `amount` (positive) of business time leads to `end`."""
        target = self.measure(end) - amount
        table = self.table
        while target < table.totals[0]:
            table = self._extend_backward()
        return target - table.shifts[bisect_right(table.totals, target) - 1]

    def day(self, day: int) -> tuple[Table, DayOpening]:
        """Return the first opening of a UTC day, in days since the epoch, and the table that it is of."""
        table = self._cover(day * DAY)
        return table, table.by_day.get(day) or learn_day(table, day)

    def measure(self, instant: int) -> int:
        """Return the business time from a fixed origin to an instant: differences are what counts."""
        table = self.table
        if not table.low <= instant < table.high:
            table = self._cover(instant)
        index = bisect_right(table.opens, instant) - 1
        closing = table.closes[index]
        # A comparison costs a third of what min() does.
        return table.shifts[index] + (instant if instant < closing else closing)  # noqa: FURB136

    def intervals(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Yield the openings between two instants, in order, cut at both; none is empty, none touch."""
        self._cover(low)
        table = self._cover(high)
        opening = closing = low
        for index in range(bisect_right(table.opens, low) - 1, bisect_left(table.opens, high)):
            following = max(table.opens[index], low)
            # An opening that lasts over New Year, in UTC, is written as two that touch.
            if following > closing:
                if opening < closing:
                    yield opening, closing
                opening = following
            closing = max(closing, min(table.closes[index], high))
        if opening < closing:
            yield opening, closing

    def is_open(self, instant: int) -> bool:
        """Tell whether an instant lies in an opening, closing time excluded (K-1)."""
        table = self._cover(instant)
        return instant < table.closes[bisect_right(table.opens, instant) - 1]

    def next_open(self, instant: int) -> int:
        """Return the first open instant at or after the one given (K-1)."""
        table = self._cover(instant)
        index = bisect_right(table.opens, instant) - 1
        if instant < table.closes[index]:
            return instant
        while table.opens[index + 1] == table.high:
            table = self._extend_forward()
            index = bisect_right(table.opens, instant) - 1
        return table.opens[index + 1]

    def add_days(self, start: int, count: int) -> int:
        """Return the same clock time, `count` business days after the day of effective receipt (K-3)."""
        receipt = self.next_open(start)
        table = self._cover(receipt)
        clock_time = (receipt + offset_at(table, receipt)) % DAY
        table, index = self._business_day_after(receipt, count)
        closing = table.last_closes[index]
        instant = from_wall_clock(table, table.days[index] * DAY + clock_time)
        if instant >= closing:
            return closing
        opening = bisect_right(table.opens, instant) - 1
        if instant < table.closes[opening]:
            return instant
        return table.opens[opening + 1]

    def start_of_business_day(self, start: int, count: int) -> int:
        """Return the first opening of the `count`-th business day after the local date of `start` (K-5)."""
        table, index = self._business_day_after(start, count)
        return table.first_opens[index]

    def end_of_business_day(self, start: int, count: int) -> int:
        """Return the last closing of the `count`-th business day after the local date of `start` (K-5)."""
        table, index = self._business_day_after(start, count)
        return table.last_closes[index]

    def _business_day_after(self, start: int, count: int) -> tuple[Table, int]:
        table = self._cover(start)
        day = (start + offset_at(table, start)) // DAY
        index = bisect_right(table.days, day) + count - 1
        # The table's last day may be cut at New Year: only a day followed by another is whole.
        while index + 1 >= len(table.days):
            table = self._extend_forward()
            index = bisect_right(table.days, day) + count - 1
        return table, index

    def _cover(self, instant: int) -> Table:
        table = self.table
        if table.low <= instant < table.high:
            return table
        try:
            year = (EPOCH + instant * MICROSECOND).year
        except OverflowError as error:
            raise HorizonError("outside the years 1 to 9999") from error
        return self._build(year, year)

    def _extend_forward(self) -> Table:
        last = max(self._blocks)
        return self._build(last, last + 1)

    def _extend_backward(self) -> Table:
        first = min(self._blocks)
        return self._build(first - 1, first)

    def _build(self, first: int, last: int) -> Table:
        if first not in self.years or last not in self.years:
            raise HorizonError(f"outside the years this calendar knows, {self.years[0]} to {self.years[-1]}")
        with self._lock:
            blocks = self._blocks
            first, last = min(first, *blocks, last), max(last, *blocks, first)
            blocks = {
                year: blocks.get(year) or build_block(self._zone, self._windows_of_year(year), year)
                for year in range(first, last + 1)
            }
            if self._origin is None:
                self._origin = year_start(first)
            self._blocks = blocks
            self.table = join(list(blocks.values()), self._origin)
            return self.table


class Datetimes(dict[int, datetime]):
    """Instants as datetimes in UTC, each made once."""

    __slots__ = ()

    def __missing__(self, instant: int) -> datetime:
        said = self[instant] = EPOCH + instant * MICROSECOND
        return said


class BusinessTime(dict[int, int]):
    """Business time up to an instant, measured once: a ticket's clocks ask of the same few instants.

    Those of its events, `instants`, in order of time, are measured at once. All lie near each other: the openings
    that follow the first, which the openings known must reach, are searched before all others.
    """

    __slots__ = ("_first", "_last", "_table", "openings", "said")

    def __init__(self, openings: Openings, instants: list[int], said: dict[int, datetime]) -> None:
        self.openings = openings
        self.said = Datetimes(said)
        self._table = table = openings.table
        opens, closes, shifts = table.opens, table.closes, table.shifts
        self._first = index = bisect_right(opens, instants[0]) - 1
        self._last = last = min(index + LIFE, len(opens) - 1)
        for instant in instants:
            # What Openings.measure does, without its call: events come by dozens.
            if instant >= opens[index + 1]:
                index = bisect_right(opens, instant, index + 1, last) - 1
                if index + 1 == last:
                    break
            closing = closes[index]
            self[instant] = shifts[index] + (instant if instant < closing else closing)  # noqa: FURB136

    def __missing__(self, instant: int) -> int:
        measured = self[instant] = self.openings.measure(instant)
        return measured

    def after(self, start: int, amount: int) -> int:
        """Return the instant by which `amount` (positive) of business time has passed since `start` (K-2)."""
        measured = self[start] + amount
        table = self._table
        index = bisect_left(table.totals, measured, self._first, self._last)
        if self._first < index < self._last:
            found = measured - table.shifts[index - 1]
        else:
            found = self.openings.instant_at(measured)
        self[found] = measured
        return found
