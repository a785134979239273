"""What happens to a ticket, and the delay statement that follows from it: plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from sla.policy import Severity


class ClockError(ValueError):
    """A life of a ticket is refused; `path` is the place, like "events[3].at"."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path


class EventKind(StrEnum):
    """The facts of a ticket's life that its clocks know."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    QUESTION = "question"
    ANSWER = "answer"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SEVERITY = "severity"
    OUT_OF_SCOPE = "out_of_scope"
    IN_SCOPE = "in_scope"
    CLOSED = "closed"


class ClockState(StrEnum):
    """The state of a clock; where several apply, the first in this order."""

    MISSED = "missed"
    NONE = "none"
    MET = "met"
    STOPPED = "stopped"
    PAUSED = "paused"
    RUNNING = "running"


class PauseCause(StrEnum):
    """Why the resolution clock waits (K-7, K-16)."""

    QUESTION = "question"
    DELIVERY = "delivery"
    OUT_OF_SCOPE = "out_of_scope"


# An enumeration's member costs as much to look up as a bisection: the clocks look these up for every ticket.
MISSED, MET, RUNNING = ClockState.MISSED, ClockState.MET, ClockState.RUNNING
QUESTION, DELIVERY, OUT_OF_SCOPE = PauseCause.QUESTION, PauseCause.DELIVERY, PauseCause.OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Event:
    """One fact: what happened, and when, in any time zone.

    `severity` goes with `received` (None: outside the service levels, as a request for advice) and
    with `severity`; `what` with `delivered`; `lasting` with `accepted`, False for a workaround that
    the client judges provisional (C-WKA-2). `reference` is the ledger's own mark, carried through.
    """

    kind: EventKind
    at: datetime
    severity: Severity | None = None
    what: Literal["fix", "workaround"] | None = None
    lasting: bool = True
    reference: str | int | None = None


# Many of each are made for one statement: a named tuple is made in a third of the time of a frozen class.
class Deadline(NamedTuple):
    """A deadline that stood from `since` until `until` (None: it still stands), all in UTC (K-10).

    `started_at` is the instant from which the severity's target runs.
    """

    severity: Severity
    due: datetime
    started_at: datetime
    since: datetime
    until: datetime | None


class Pause(NamedTuple):
    """A wait of the resolution clock and its cause; `business` is its open time in microseconds.

    `ended_at` is None while it lasts, and `business` then counts until the statement's instant.
    Pauses of different causes may overlap; the clock counts the time they share once (K-8).
    """

    started_at: datetime
    ended_at: datetime | None
    cause: PauseCause
    business: int
    reference: str | int | None


class Clock(NamedTuple):
    """One clock as it stands: instants in UTC, durations in microseconds of business time.

    `due` is the deadline judged against (met, missed) or in force (running), otherwise None.
    `done` is when the duty was fulfilled. `net` and `gross` count from effective receipt, without
    and with the pauses (K-12). `left` is the business time left, running or paused (K-8).
    `severity` is the one whose target is in force or was judged, and `span` that target's whole
    length in business time, pauses left out.
    """

    state: ClockState
    due: datetime | None
    done: datetime | None
    net: int
    gross: int
    left: int | None
    severity: Severity | None
    span: int | None
    deadlines: tuple[Deadline, ...]


class Statement(NamedTuple):
    """A ticket's delay statement at the instant `at`; all instants in UTC."""

    at: datetime
    received_at: datetime
    effective_receipt: datetime
    acknowledge: Clock
    resolve: Clock
    pauses: tuple[Pause, ...]
