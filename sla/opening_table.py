"""A calendar's openings over whole years on the UTC line, with running totals: built once, then only read."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Multiplied by a whole number, it makes a timedelta in less time than the constructor does.
MICROSECOND = timedelta(microseconds=1)

Windows = Sequence[tuple[int, int]]
# One opening of a UTC day, for BusinessCalendar.add and .between: the seconds since midnight at which it opens
# and closes; what added to an open instant gives the business time there; the business time before and after it,
# twice, as timedelta and in microseconds; the index in `totals` before which no answer lies; the following opening.
DayOpening = tuple[int, int, timedelta, timedelta, timedelta, int, int, int, Any]
# Few seconds of a day see support open or close: each is kept once, whatever the number of days.
SECONDS: dict[int, int] = {}
# How many openings after a day the shorter search looks at: some eight weeks of one opening a day.
NEAR = 40


class HorizonError(ValueError):
    """The answer lies outside the years that the calendar can speak of."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is known between the instants `low` and `high`; never changed, only replaced.

    All numbers are microseconds since the epoch, UTC, except `days`: days since the epoch, local.
    `opens` begins with an empty interval at `low`, so that every instant has one at or before it,
    and ends with `high`, which has no closing. `totals[i]` is the business time before `opens[i]`.
    `shifts[i]` is `totals[i] - opens[i]`: added to an open instant, it gives the business time there.
    """

    opens: list[int]
    closes: list[int]
    totals: list[int]
    shifts: list[int]
    # `totals` and `shifts` once more, without a last shift and with NEAR totals that no amount reaches.
    long_totals: list[timedelta]
    long_shifts: list[timedelta]
    # By UTC day, in days since the epoch: its first opening, learnt when it is first asked for.
    by_day: dict[int, DayOpening]
    low: int
    high: int
    days: list[int]
    first_opens: list[int]
    last_closes: list[int]
    offset_starts: list[int]
    offsets: list[int]


class Block(NamedTuple):
    """The openings of one UTC year, before they are joined to their neighbours."""

    low: int
    high: int
    # Lists side by side, for a tuple by opening would weigh more than all that it holds.
    opens: list[int]
    closes: list[int]
    days: list[int]
    first_opens: list[int]
    last_closes: list[int]
    offsets: list[tuple[int, int]]


def year_start(year: int) -> int:
    """Return the first instant of a UTC year, in microseconds since the epoch."""
    return (datetime(year, 1, 1, tzinfo=UTC) - EPOCH).days * DAY


def utc_offset(zone: ZoneInfo, instant: int) -> int:
    """Return the zone's offset from UTC at an instant, both in microseconds."""
    offset = (EPOCH + instant * MICROSECOND).astimezone(zone).utcoffset()
    if offset is None:
        raise HorizonError(f"{zone.key} gives no offset from UTC")
    return offset // MICROSECOND


def constant_offsets(zone: ZoneInfo, low: int, high: int) -> list[tuple[int, int]]:
    """Cut [low, high) where the zone's offset changes: (start, offset) pairs, microseconds.

    zoneinfo does not publish its transitions: each day's ends are compared, and a change is then
    found to the second by halving.
    """
    segments = [(low, utc_offset(zone, low))]
    here = low
    while here < high:
        there = min(here + DAY, high)
        offset = utc_offset(zone, there)
        while offset != segments[-1][1]:
            before, after = max(here, segments[-1][0]), there
            while after - before > SECOND:
                middle = (before + after) // 2 // SECOND * SECOND
                if utc_offset(zone, middle) == segments[-1][1]:
                    before = middle
                else:
                    after = middle
            segments.append((after, utc_offset(zone, after)))
        here = there
    return [segment for segment in segments if segment[0] < high]


def build_block(zone: ZoneInfo, windows_of: Callable[[int], Windows], year: int) -> Block:
    """Turn one UTC year of local windows into opening intervals (K-1, K-6).

    `windows_of` takes a local day (days since the epoch) and gives its windows in microseconds of
    wall clock. Within a stretch of constant offset a window is one interval, so an opening that a
    clock change cuts, skips or repeats comes out right without a special case.
    """
    low, high = year_start(year), year_start(year + 1)
    segments = constant_offsets(zone, low, high)
    block = Block(low, high, [], [], [], [], [], segments)
    for index, (start, offset) in enumerate(segments):
        end = segments[index + 1][0] if index + 1 < len(segments) else high
        for day in range((start + offset) // DAY, (end - 1 + offset) // DAY + 1):
            midnight = day * DAY - offset
            for window_opens, window_closes in windows_of(day):
                opens = max(midnight + window_opens, start)
                closes = min(midnight + window_closes, end)
                if opens >= closes:
                    continue
                if block.closes and block.closes[-1] == opens:
                    block.closes[-1] = closes
                else:
                    block.opens.append(opens)
                    block.closes.append(closes)
                if block.days and block.days[-1] == day:
                    block.last_closes[-1] = closes
                else:
                    block.days.append(day)
                    block.first_opens.append(opens)
                    block.last_closes.append(closes)
    return block


def join(blocks: Sequence[Block], origin: int) -> Table:
    """Join consecutive blocks into one table: a day cut by the New Year in UTC is made whole.

    Totals count from the instant `origin`, the start of a block; they are negative before it.
    """
    opens, closes = [blocks[0].low], [blocks[0].low]
    days: list[int] = []
    first_opens: list[int] = []
    last_closes: list[int] = []
    offset_starts: list[int] = []
    offsets: list[int] = []
    for block in blocks:
        opens += block.opens
        closes += block.closes
        if days and block.days and days[-1] == block.days[0]:
            # The two halves of one local day: it closes with the second, and opened with the first.
            del days[-1], last_closes[-1]
            first_opens += block.first_opens[1:]
        else:
            first_opens += block.first_opens
        days += block.days
        last_closes += block.last_closes
        for start, offset in block.offsets:
            if not offsets or offsets[-1] != offset:
                offset_starts.append(start)
                offsets.append(offset)
    running = sum(sum(block.opens) - sum(block.closes) for block in blocks if block.low < origin)
    totals = [running]
    for opening, closing in zip(opens, closes, strict=True):
        running += closing - opening
        totals.append(running)
    low, high = blocks[0].low, blocks[-1].high
    opens.append(high)
    shifts = [total - opening for total, opening in zip(totals, opens, strict=True)]
    return Table(
        opens=opens,
        closes=closes,
        totals=totals,
        shifts=shifts,
        long_totals=[total * MICROSECOND for total in totals] + [timedelta.max] * NEAR,
        long_shifts=[shift * MICROSECOND for shift in shifts[:-1]],
        by_day={},
        low=low,
        high=high,
        days=days,
        first_opens=first_opens,
        last_closes=last_closes,
        offset_starts=offset_starts,
        offsets=offsets,
    )


def learn_day(table: Table, day: int) -> DayOpening:
    """Return the first opening of a UTC day that the table covers, and keep it there.

    The table's own numbers are taken where they serve, for ten years of days would double its memory.
    """
    midnight, end = day * DAY, (day + 1) * DAY
    first = bisect_right(table.opens, midnight) - 1
    found: Any = None
    for index in range(bisect_left(table.opens, end) - 1, first - 1, -1):
        opens, closes = max(table.opens[index], midnight), min(table.closes[index], end)
        if opens < closes:
            # Windows and offsets from UTC are whole seconds.
            times = [(instant - midnight) // SECOND for instant in (opens, closes)]
            totals = [opens + table.shifts[index], closes + table.shifts[index]]
            spans = [total * MICROSECOND for total in totals]
            if totals == table.totals[index : index + 2]:
                spans, totals = table.long_totals[index : index + 2], table.totals[index : index + 2]
            known = (SECONDS.setdefault(seconds, seconds) for seconds in times)
            found = (*known, table.long_shifts[index], *spans, *totals, first, found)
    if found is None:
        # A day without an opening ends as it began, and nothing is after a closing that never comes.
        whole, total = table.long_totals[first + 1], table.totals[first + 1]
        found = (86_400, 86_400, timedelta(), whole, whole, total, total, first, None)
    table.by_day[day] = found
    return found


def offset_at(table: Table, instant: int) -> int:
    """Return the offset from UTC at an instant that the table covers."""
    return table.offsets[bisect_right(table.offset_starts, instant) - 1]


def from_wall_clock(table: Table, local: int) -> int:
    """Return the instant of a wall clock reading, in microseconds since the local epoch (K-6).

    A reading that a clock change skips is the first instant after the gap; one that it repeats,
    its first occurrence.
    """
    starts, offsets = table.offset_starts, table.offsets
    index = max(bisect_right(starts, local - DAY) - 1, 0)
    while index + 1 < len(starts) and local - offsets[index] >= starts[index + 1]:
        index += 1
    return max(local - offsets[index], starts[index])
