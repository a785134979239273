"""The lines of the reports' tables: rates and times with the addresses of their tickets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sla.compliance import Rate, Times

Sums = dict[str, int]


@dataclass(frozen=True, slots=True)
class Count:
    """A number, of tickets unless said otherwise, and the address of their list."""

    number: int
    url: str
    label: str = ""
    tickets: int | None = None  # how many are listed, where the number is not theirs


@dataclass(frozen=True, slots=True)
class Kept:
    """How one promise was kept: the rate with its tickets, and what of the missed is excluded by name (K-11)."""

    rate: Rate
    url: str
    missed: Count
    free: Count  # fulfilled without a commitment: in no rate (C-SLA-3)
    excluded: Count

    @property
    def rate_with_exclusions(self) -> Rate:
        """The rate once the excluded breaches are set apart; the rate itself never leaves them out."""
        return Rate(self.rate.met, self.rate.missed - self.excluded.number)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a severity, a solution, an agent, a client, a month, or all together."""

    key: Any
    acknowledge: Kept
    resolve: Kept
    acknowledged: Count
    resolved: Count
    mean_acknowledge: int | None
    mean_gross: int | None
    mean_net: int | None
    acknowledge_times: Times | None = None
    gross: Times | None = None
    net: Times | None = None


def added(parts: Iterable[tuple[Any, Sums]]) -> dict[Any, Sums]:
    """Add up sums that have the same key."""
    found: dict[Any, Sums] = {}
    for key, sums in parts:
        into = found.setdefault(key, {})
        for name, number in sums.items():
            into[name] = into.get(name, 0) + number
    return found


def mean(sums: Sums, time: str, count: str) -> int | None:
    """Return a mean, in microseconds of business time; None where nothing is counted."""
    number = sums.get(count, 0)
    return round(sums[time] / number) if number else None


def has_any(sums: Sums) -> bool:
    """Tell whether anything is counted."""
    return any(sums.values())
