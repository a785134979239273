"""The deadlines of one clock: one per severity reached, the earliest in force (K-10)."""

from collections.abc import Callable
from typing import Any

from sla.intervals import BusinessTime
from sla.policy import SEVERITIES, Target
from sla.statement import MET, MISSED, RUNNING, Clock, ClockState, Deadline

# Later than any instant: the deadline of a severity without commitment, or not reached.
NEVER = 1 << 62
NOT_REACHED = -1
NONE = (NEVER, NOT_REACHED)
# A named tuple's own constructor, written in Python, takes twice the time: a statement makes a dozen.
make: Callable[..., Any] = tuple.__new__
DUE_SHOWN = frozenset({MISSED, MET, RUNNING})


class Deadlines:
    """The deadlines of a ticket's clock, by rank of severity; instants in microseconds, UTC.

    A severity's target starts at the first instant at which the ticket was at least that severe,
    and never starts again: lowering then raising gives no fresh time.
    """

    __slots__ = (
        "_business",
        "_targets",
        "bases",
        "due",
        "dues",
        "missed",
        "rank",
        "record",
        "starts",
    )

    def __init__(self, business: BusinessTime, targets: tuple[Target | None, ...]) -> None:
        self._business = business
        self._targets = targets
        # What stood after each event, with its instant: a deadline and its rank.
        self.record: list[tuple[int, tuple[int, int]]] = []
        self.rank = NOT_REACHED
        # By rank: when the target started, the deadline it gave, and the same as shifted by pauses.
        self.starts = [NEVER] * len(targets)
        self.bases = [NEVER] * len(targets)
        self.dues = [NEVER] * len(targets)
        # The earliest of the current severity and those below: the deadline in force, and its rank.
        self.due = NONE
        self.missed: tuple[int, int] | None = None

    def set_severity(self, rank: int, start: int) -> None:
        """Make `rank` the current severity; those reached for the first time run from `start`, an opening."""
        self.rank = rank
        starts = self.starts
        while rank > NOT_REACHED and starts[rank] == NEVER:
            starts[rank] = start
            target = self._targets[rank]
            if target is not None:
                if target.microseconds is not None:
                    due = self._business.after(start, target.microseconds)
                else:
                    due = self._business.openings.add_days(start, target.days or 0)
                self.bases[rank] = self.dues[rank] = due
            rank -= 1
        self.due = self.earliest(self.dues)

    def shift(self, dues: list[int]) -> None:
        """Let these be the deadlines from now on (K-8)."""
        self.dues = dues
        self.due = self.earliest(dues)

    def earliest(self, dues: list[int]) -> tuple[int, int]:
        """Return the earliest that would be in force if the deadlines were these; NEVER if none."""
        due, rank = NEVER, NOT_REACHED
        for candidate in range(self.rank, NOT_REACHED, -1):
            if dues[candidate] < due:
                due, rank = dues[candidate], candidate
        return due, rank

    def miss(self, due: int, rank: int) -> None:
        """Record the first deadline missed; later ones change nothing (K-11)."""
        if self.missed is None:
            self.missed = (due, rank)

    def note(self, now: int, standing: tuple[int, int] = NONE) -> None:
        """Keep for the record that this deadline stands from `now`, or that none does."""
        self.record.append((now, standing))

    def span(self, rank: int) -> int:
        """Return the business time from a target's start to the deadline it gave, pauses left out."""
        return self._business[self.bases[rank]] - self._business[self.starts[rank]]

    def on_record(self) -> tuple[Deadline, ...]:
        """Return every deadline that ever stood, in order; one that comes back unmoved never left."""
        said, starts = self._business.said, self.starts
        spans: list[tuple[tuple[int, int], int, int | None]] = []
        last, begun, until = NONE, 0, None
        for since, standing in self.record:
            if standing == last:
                until = None
                continue
            if until is None:
                until = since
            if standing != NONE:
                if last != NONE:
                    spans.append((last, begun, until))
                last, begun, until = standing, since, None
        if last != NONE:
            spans.append((last, begun, until))
        return tuple(
            [
                make(
                    Deadline,
                    (
                        SEVERITIES[rank],
                        said[due],
                        said[starts[rank]],
                        said[since],
                        None if until is None else said[until],
                    ),
                )
                for (due, rank), since, until in spans
            ]
        )

    def clock(
        self,
        state: ClockState,
        judged: tuple[int, int],
        done: int | None,
        times: tuple[int, int],
        left: int | None,
    ) -> Clock:
        """Return the clock's value: `judged` is a deadline and its rank, `times` net and gross."""
        due, rank = judged
        reached = rank != NOT_REACHED
        said = self._business.said
        clock: Clock = make(
            Clock,
            (
                state,
                said[due] if state in DUE_SHOWN else None,
                None if done is None else said[done],
                times[0],
                times[1],
                left,
                SEVERITIES[rank] if reached else None,
                self.span(rank) if reached else None,
                self.on_record(),
            ),
        )
        return clock
