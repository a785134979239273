"""The place of a ticket in the vendor's queue, as a pair of numbers that never changes while nobody acts."""

from datetime import UTC, datetime
from enum import IntEnum

from sla.calendar import BusinessCalendar, to_instant

# From here each calendar counts its business time. Any instant would do: only differences are shown.
ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)


class Rank(IntEnum):
    """What the order of the queue looks at first."""

    DUE = 0  # a deadline is known: the least business time left first, the longest missed before all
    PAUSED = 1  # no deadline is known (K-8): the least business time left first
    FREE = 2  # nothing runs (no commitment, accepted, out of scope): the first received first
    CLOSED = 3  # the last closed first


def business_position(calendar: BusinessCalendar, at: datetime) -> int:
    """Return where an instant lies on a calendar's business time, in microseconds since `ORIGIN`.

    The business time left to a deadline is its position less that of now: under one calendar positions
    sort like the time left, and from one calendar to another a subtraction compares them.
    """
    return calendar.between(ORIGIN, at)


def place_of(
    calendar: BusinessCalendar,
    *,
    received_at: datetime,
    due: datetime | None,
    left: int | None,
    closed_at: datetime | None,
) -> tuple[Rank, int]:
    """Return a ticket's rank in the queue, and its place within that rank (microseconds, smallest first)."""
    if closed_at is not None:
        return Rank.CLOSED, -to_instant(closed_at)
    if due is not None:
        return Rank.DUE, business_position(calendar, due)
    if left is not None:
        return Rank.PAUSED, left
    return Rank.FREE, to_instant(received_at)
