"""How well the promises of a period were kept: rates with their counts, times (K-12, K-13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


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


def times_of(durations: Iterable[int]) -> Times | None:
    """Summarise durations in microseconds of business time; None when there is none."""
    known = sorted(durations)
    if not known:
        return None
    return Times(
        len(known), round(sum(known) / len(known)), quantile(known, 0.5), quantile(known, 0.9), known[-1]
    )


def quantile(ordered: Sequence[int], fraction: float) -> int:
    """Return the value below which a fraction of the values lies, in proportion between the two around it."""
    position = fraction * (len(ordered) - 1)
    below = int(position)
    if below + 1 == len(ordered):
        return ordered[below]
    return round(ordered[below] + (position - below) * (ordered[below + 1] - ordered[below]))
