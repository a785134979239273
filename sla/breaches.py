"""A deadline missed before a recompute stays missed, whatever other versions would have said of it (K-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sla.statement import Clock, ClockState, Statement


@dataclass(frozen=True, slots=True)
class KeptBreaches:
    """The deadline that each clock first missed, an aware instant; None for a clock that had missed none."""

    acknowledge: datetime | None = None
    resolve: datetime | None = None

    @classmethod
    def of(cls, statement: Statement) -> Self:
        """Return what a statement says is missed."""
        return cls(_missed(statement.acknowledge), _missed(statement.resolve))

    @classmethod
    def from_document(cls, document: Mapping[str, str | None] | None) -> Self:
        """Read {"acknowledge": an ISO instant or null, "resolve": …}; ValueError for what is no instant."""
        return cls(*(_read((document or {}).get(name)) for name in ("acknowledge", "resolve")))

    def as_document(self) -> dict[str, str | None]:
        """Return the breaches as JSON takes them."""
        return {
            name: None if due is None else due.isoformat()
            for name, due in (("acknowledge", self.acknowledge), ("resolve", self.resolve))
        }


def with_breaches(statement: Statement, kept: KeptBreaches) -> Statement:
    """Return the statement with the breaches kept: missed, at the deadline first missed (K-11)."""
    return statement._replace(
        acknowledge=_kept(statement.acknowledge, kept.acknowledge),
        resolve=_kept(statement.resolve, kept.resolve),
    )


def _missed(clock: Clock) -> datetime | None:
    return clock.due if clock.state == ClockState.MISSED else None


def _kept(clock: Clock, due: datetime | None) -> Clock:
    return clock if due is None else clock._replace(state=ClockState.MISSED, due=due, left=None)


def _read(text: str | None) -> datetime | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return at
