"""How well the promises of a period were kept: rates with their counts, times (K-12, K-13)."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` included to `end` excluded, aware instants."""

    start: datetime
    end: datetime

    def __contains__(self, at: datetime | None) -> bool:
        """Tell whether an instant falls in the period; none never does."""
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Rate:
    """How many promises were met and how many missed; printed with these counts (K-13)."""

    met: int
    missed: int

    @property
    def total(self) -> int:
        """How many were judged."""
        return self.met + self.missed

    @property
    def tenths(self) -> int | None:
        """Tenths of a percent that were met, to the nearest; None for an empty denominator (K-13).

        100 % is said only when none was missed, 0 % only when none was met.
        """
        if not self.total:
            return None
        nearest = (self.met * 2000 + self.total) // (2 * self.total)
        if self.missed and self.met:
            return min(max(nearest, 1), 999)
        return nearest


@dataclass(frozen=True, slots=True)
class Times:
    """`count` durations summed up, in microseconds of business time.

    The median and the 90th percentile are read off the durations in order, between two of them in proportion:
    what a spreadsheet calls MEDIAN and PERCENTILE.INC (CENTILE.INCLURE).
    """

    count: int
    mean: int
    median: int
    ninetieth: int
    worst: int


class InOrder:
    """Many durations as several runs, each in order, read as one that is in order: they are never merged.

    A place is found by halving the values that it may hold, so a few places of a million durations cost little.
    """

    def __init__(self, runs: Iterable[Sequence[int]]) -> None:
        self._runs = [run for run in runs if len(run)]
        self._length = sum(map(len, self._runs))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: int) -> int:
        """Return the duration at a place from 0; `IndexError` outside."""
        if not 0 <= place < len(self):
            raise IndexError(place)
        low, high = min(run[0] for run in self._runs), max(run[-1] for run in self._runs)
        while low < high:
            middle = (low + high) // 2
            if sum(map(bisect_right, self._runs, repeat(middle))) > place:
                high = middle
            else:
                low = middle + 1
        return low


def times_of(durations: Iterable[int]) -> Times | None:
    """Summarise durations in microseconds of business time; None when there is none."""
    known = sorted(durations)
    return times_in_order(InOrder([known]), sum(known)) if known else None


def times_in_order(ordered: InOrder, total: int) -> Times:
    """Summarise durations that are in order already, at least one, by their sum."""
    count = len(ordered)
    return Times(
        count, round(total / count), quantile(ordered, 0.5), quantile(ordered, 0.9), ordered[count - 1]
    )


def quantile(ordered: InOrder, fraction: float) -> int:
    """Return the value below which a fraction of the values lies, in proportion between the two around it."""
    position = fraction * (len(ordered) - 1)
    below = int(position)
    low = ordered[below]
    if position == below:
        return low
    return round(low + (position - below) * (ordered[below + 1] - low))
