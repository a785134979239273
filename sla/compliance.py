"""How well the promises of a period were kept: judgements, rates with their counts, times (K-9 to K-14, K-19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sla.statement import ClockState


class Verdict(StrEnum):
    """What a clock was found to be."""

    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` included to `end` excluded, aware instants."""

    start: datetime
    end: datetime

    def __contains__(self, at: datetime | None) -> bool:
        """Tell whether an instant falls in the period; none never does."""
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Judgement:
    """A clock met or missed, and the instant whose period counts it."""

    verdict: Verdict
    counted_at: datetime


def judge(state: ClockState, due: datetime | None, done: datetime | None, at: datetime) -> Judgement | None:
    """Judge one clock at the instant `at`, given how it stood at its ticket's last fact.

    It counts in the period of its deadline or of its fulfilment, whichever comes first. One that still
    runs is missed once its deadline is past, exactly at it it is not (K-14). None when there is nothing
    to judge: no commitment (C-SLA-3), stopped (K-16, K-17), paused, or running and not yet due.
    """
    if due is None:
        return None
    counted_at = due if done is None else min(due, done)
    if state == ClockState.MET:
        return Judgement(Verdict.MET, counted_at)
    if state == ClockState.MISSED or (state == ClockState.RUNNING and at > due):
        return Judgement(Verdict.MISSED, counted_at)
    return None


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


def rate_of(judgements: Iterable[Judgement]) -> Rate:
    """Count the judged state of each clock (K-12)."""
    verdicts = [judgement.verdict for judgement in judgements]
    return Rate(verdicts.count(Verdict.MET), verdicts.count(Verdict.MISSED))


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
