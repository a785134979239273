"""The acknowledgement clock of a ticket, replayed event by event (C-SLA-2, K-10, K-14)."""

from sla.deadlines import NEVER, NONE, Deadlines
from sla.intervals import BusinessTime
from sla.policy import Policy
from sla.statement import MET, MISSED, RUNNING, Clock, ClockState


class AcknowledgementClock:
    """The acknowledgement clock: it never pauses, and only a closing stops it (C-SLA-2)."""

    __slots__ = ("_business", "_judged", "deadlines", "done")

    def __init__(self, business: BusinessTime, policy: Policy) -> None:
        self._business = business
        self.deadlines = Deadlines(business, policy.acknowledge_by_rank)
        self.done: int | None = None
        self._judged = NONE

    def advance(self, now: int) -> None:
        """Find out whether the deadline passed before `now`; at it is still in time (K-14)."""
        if now > self.deadlines.due[0] and self.done is None:
            self.deadlines.miss(*self.deadlines.due)

    def set_severity(self, rank: int, now: int, start: int) -> None:
        """Follow a change of severity; an acknowledgement already given stays as judged (K-10)."""
        if self.done is None:
            self.deadlines.set_severity(rank, start)
            self.deadlines.note(now, self.deadlines.due)

    def acknowledge(self, now: int) -> None:
        """Judge the first acknowledgement."""
        if self.done is None:
            self.done = now
            self._judged = self.deadlines.due
            self.deadlines.note(now)

    def stop(self, now: int) -> None:
        """Close: without an acknowledgement, no deadline stands any more."""
        if self.done is None:
            self.deadlines.note(now)

    def statement(self, receipt: int, now: int, *, closed: bool) -> Clock:
        """Return the clock as it stands at `now`."""
        due, rank = self._judged if self.done is not None else self.deadlines.due
        if self.deadlines.missed is not None:
            state, (due, rank) = MISSED, self.deadlines.missed
        elif due == NEVER:
            state = ClockState.NONE
        elif self.done is not None:
            state = MET
        else:
            state = ClockState.STOPPED if closed else RUNNING
        business = self._business
        gross = business[now if self.done is None else self.done] - business[receipt]
        left = business[due] - business[now] if state is RUNNING else None
        return self.deadlines.clock(state, (due, rank), self.done, (gross, gross), left)
