"""The resolution clock of a ticket, replayed event by event (K-7 to K-11, K-14, K-16)."""

from dataclasses import dataclass

from sla.deadlines import NEVER, NONE, NOT_REACHED, Deadlines, make
from sla.intervals import BusinessTime
from sla.policy import Policy
from sla.statement import (
    DELIVERY,
    MET,
    MISSED,
    QUESTION,
    RUNNING,
    Clock,
    ClockState,
    Pause,
    PauseCause,
)


@dataclass(slots=True)
class _Wait:
    """A pause while it is being replayed."""

    cause: PauseCause
    started: int
    reference: str | int | None
    ended: int | None = None


@dataclass(slots=True)
class _Delivery:
    """What is under test, and what it would be judged on if it is accepted (K-9)."""

    what: str
    at: int
    due: int
    rank: int
    paused: int


class ResolutionClock:
    """The resolution clock: paused by waits, tests and being out of scope (K-7 to K-9, K-16)."""

    __slots__ = (
        "accepted",
        "business",
        "deadlines",
        "paused",
        "paused_since",
        "under_test",
        "waiting",
        "waits",
    )

    def __init__(self, business: BusinessTime, policy: Policy) -> None:
        self.business = business
        self.deadlines = Deadlines(business, policy.resolve_by_rank)
        self.waits: list[_Wait] = []
        self.waiting: dict[PauseCause, _Wait] = {}
        # Pauses that overlap merge: what shifts the deadlines is the unbroken wait (K-8).
        self.paused_since: int | None = None
        self.paused = 0
        self.under_test: _Delivery | None = None
        self.accepted: _Delivery | None = None

    def advance(self, now: int) -> None:
        """Find out whether a deadline in force passed before `now` without being shifted."""
        deadlines = self.deadlines
        if now <= deadlines.due[0] or self.accepted is not None:
            return
        missed = NONE
        for rank in range(deadlines.rank, NOT_REACHED, -1):
            due = deadlines.dues[rank]
            if missed[0] > due < now and not self._shifts(rank) and not self._tested_in_time(due):
                missed = (due, rank)
        if missed != NONE:
            deadlines.miss(*missed)

    def note(self, now: int) -> None:
        """Keep the record of the deadlines after an event; none stands during a pause."""
        deadlines, since = self.deadlines, self.paused_since
        standing = deadlines.due
        # Not during a pause that began before the deadline, as _shifts says.
        if self.accepted is not None or (
            since is not None and since < standing[0] and deadlines.starts[standing[1]] < standing[0]
        ):
            standing = NONE
        deadlines.record.append((now, standing))

    def begin(self, cause: PauseCause, now: int, reference: str | int | None) -> None:
        """Begin a pause; a further cause of the same kind belongs to the same wait (K-7)."""
        if cause not in self.waiting and self.accepted is None:
            wait = self.waiting[cause] = _Wait(cause, now, reference)
            self.waits.append(wait)
            if self.paused_since is None:
                self.paused_since = now

    def end(self, cause: PauseCause, now: int) -> None:
        """End a pause; when nothing is waited for any more, the deadlines move by the whole wait."""
        wait = self.waiting.pop(cause, None)
        if wait is None:
            return
        wait.ended = now
        since = self.paused_since
        if not self.waiting and since is not None:
            waited = self.business[now] - self.business[since]
            if waited:
                self.deadlines.shift(self._dues_at(now))
                self.paused += waited
            self.paused_since = None

    def deliver(self, now: int, what: str, reference: str | int | None) -> None:
        """Put a delivery under test, in place of a former one; it ends an open question (K-7)."""
        deadlines = self.deadlines
        in_force = deadlines.due if self.paused_since is None else deadlines.earliest(self._dues_at(now))
        due, rank = in_force
        self.begin(DELIVERY, now, reference)
        self.end(QUESTION, now)
        self.under_test = _Delivery(what, now, due, rank, self.paused_until(now))

    def accept(self, now: int) -> None:
        """Resolve at the delivery under test (K-9)."""
        if self.under_test is not None and self.accepted is None:
            self.stop(now)
            self.accepted, self.under_test = self.under_test, None

    def refuse(self, now: int) -> None:
        """End the test without a resolution: the clock resumes where it stood (K-9)."""
        self.under_test = None
        self.end(DELIVERY, now)

    def stop(self, now: int) -> None:
        """End every wait for good: no deadline is found any more, so none is shifted, nor missed."""
        for wait in self.waiting.values():
            wait.ended = now
        self.waiting.clear()

    def paused_until(self, now: int) -> int:
        """Return the business time of all pauses so far, overlaps counted once."""
        since = self.paused_since
        return self.paused if since is None else self.paused + self._paused_for(since, now)

    def statement(self, receipt: int, now: int, *, stopped: bool) -> Clock:
        """Return the clock as it stands at `now`."""
        business, deadlines = self.business, self.deadlines
        due, rank = deadlines.due
        done, left = None, None
        if self.accepted is not None:
            done, due, rank = self.accepted.at, self.accepted.due, self.accepted.rank
        if deadlines.missed is not None:
            state, (due, rank) = MISSED, deadlines.missed
        elif due == NEVER:
            state = ClockState.NONE
        elif done is not None:
            state = MET
        elif stopped:
            state = ClockState.STOPPED
        else:
            state = RUNNING if self.paused_since is None else ClockState.PAUSED
            due, rank = deadlines.earliest(self._dues_at(now))
            left = max(business[due] - business[now], 0)
        end = now if done is None else done
        gross = business[end] - business[receipt]
        paused = self.paused_until(now) if self.accepted is None else self.accepted.paused
        return deadlines.clock(state, (due, rank), done, (gross - paused, gross), left)

    def pauses(self, now: int) -> tuple[Pause, ...]:
        """Return every pause with its own business time, in order."""
        business, said = self.business, self.business.said
        return tuple(
            [
                make(
                    Pause,
                    (
                        said[wait.started],
                        None if wait.ended is None else said[wait.ended],
                        wait.cause,
                        business[now if wait.ended is None else wait.ended] - business[wait.started],
                        wait.reference,
                    ),
                )
                for wait in self.waits
            ]
        )

    def _paused_for(self, start: int, end: int) -> int:
        return self.business[end] - self.business[start]

    def _shifts(self, rank: int) -> bool:
        """Tell whether the pause open now shifts a severity's deadline: it began before it (K-8)."""
        since = self.paused_since
        if since is None:
            return False
        due = self.deadlines.dues[rank]
        return since < due and self.deadlines.starts[rank] < due

    def _tested_in_time(self, due: int) -> bool:
        """Tell whether what is under test was delivered in time, were it just so (K-8, K-14)."""
        return self.under_test is not None and self.under_test.at <= due

    def _dues_at(self, now: int) -> list[int]:
        """Return the deadlines by rank, shifted by the pause that is open until `now` (K-8)."""
        since, business = self.paused_since, self.business
        dues = self.deadlines.dues
        if since is None:
            return dues
        dues, starts = dues.copy(), self.deadlines.starts
        measured = business[now]
        for rank, due in enumerate(dues):
            if due == NEVER:
                continue
            # Only pause time after the target's start counts (K-10).
            begin = since if since > starts[rank] else starts[rank]  # noqa: FURB136
            if begin < now and begin < due:
                shift = measured - business[begin]
                if shift:
                    dues[rank] = business.after(due, shift)
        return dues
