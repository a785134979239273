"""The two clocks of a ticket: a pure function from what happened to its delay statement (K-7 to K-17)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sla.acknowledgement import AcknowledgementClock
from sla.calendar import BusinessCalendar, CalendarError, not_an_instant, to_instant
from sla.deadlines import NEVER
from sla.intervals import DAY, EPOCH, SECOND, BusinessTime, HorizonError
from sla.policy import RANKS, Policy
from sla.resolution import ResolutionClock
from sla.statement import (
    OUT_OF_SCOPE,
    QUESTION,
    Clock,
    ClockError,
    ClockState,
    Deadline,
    Event,
    EventKind,
    Pause,
    PauseCause,
    Statement,
)

__all__ = [
    "Clock",
    "ClockError",
    "ClockState",
    "Deadline",
    "Event",
    "EventKind",
    "Pause",
    "PauseCause",
    "Statement",
    "assess",
]


class _Life:
    """A ticket's life as replayed: each event moves the two clocks."""

    __slots__ = ("acknowledgement", "closed", "out_of_scope", "resolution")

    def __init__(self, business: BusinessTime, policy: Policy) -> None:
        self.acknowledgement = AcknowledgementClock(business, policy)
        self.resolution = ResolutionClock(business, policy)
        self.out_of_scope = False
        self.closed: int | None = None

    def advance(self, now: int) -> None:
        """Let time pass until `now`."""
        self.acknowledgement.advance(now)
        self.resolution.advance(now)

    def replay(self, events: Sequence[Event], instants: list[int], now: int) -> int:
        """Let the events up to `now` happen; return the instant until which time passes: `now`, or the closing."""
        acknowledgement, resolution = self.acknowledgement, self.resolution
        deadlines = resolution.deadlines
        for event, instant in zip(events, instants, strict=True):
            if instant > now:
                break
            # The clocks are asked only when a deadline may lie behind.
            if instant > deadlines.due[0]:
                resolution.advance(instant)
            if acknowledgement.done is None:
                acknowledgement.advance(instant)
            APPLY[event.kind](self, event, instant)
            if self.closed is not None:
                return instant
            # What stands after it goes on the record; a closing has said so itself.
            resolution.note(instant)
        return now

    def set_severity(self, event: Event, now: int) -> None:
        """Receive, or change severity (K-10)."""
        if event.severity is not None:
            rank = RANKS[event.severity]
            deadlines = self.resolution.deadlines
            # Reached before, a severity's target has begun: no opening is looked for.
            is_new = deadlines.starts[rank] == NEVER
            start = self.resolution.business.openings.next_open(now) if is_new else NEVER
            self.acknowledgement.set_severity(rank, now, start)
            deadlines.set_severity(rank, start)

    def acknowledge(self, event: Event, now: int) -> None:
        """An agent takes the ticket (C-SLA-2)."""
        self.acknowledgement.acknowledge(now)

    def question(self, event: Event, now: int) -> None:
        """The vendor waits for the client (K-7)."""
        self.resolution.begin(QUESTION, now, event.reference)

    def answer(self, event: Event, now: int) -> None:
        """The client answers."""
        self.resolution.end(QUESTION, now)

    def deliver(self, event: Event, now: int) -> None:
        """A fix or a workaround goes under test."""
        if self.resolution.accepted is None:
            self.resolution.deliver(now, event.what or "", event.reference)

    def accept(self, event: Event, now: int) -> None:
        """The client accepts; a workaround judged provisional resolves nothing (C-WKA-2)."""
        if event.lasting:
            self.resolution.accept(now)
        else:
            self.resolution.refuse(now)

    def reject(self, event: Event, now: int) -> None:
        """The client refuses the delivery."""
        self.resolution.refuse(now)

    def leave_scope(self, event: Event, now: int) -> None:
        """The vendor classes the ticket out of scope (C-OUT-3)."""
        self.out_of_scope = True
        self.resolution.begin(OUT_OF_SCOPE, now, event.reference)

    def return_to_scope(self, event: Event, now: int) -> None:
        """The ticket is back in scope: the time outside was a pause (K-16)."""
        self.out_of_scope = False
        self.resolution.end(OUT_OF_SCOPE, now)

    def close(self, event: Event, now: int) -> None:
        """The ticket closes: the tacit acceptance of a fix under test, not of a workaround (K-17)."""
        self.closed = now
        self.acknowledgement.stop(now)
        under_test = self.resolution.under_test
        if under_test is not None and under_test.what == "fix":
            self.resolution.accept(now)
        else:
            self.resolution.stop(now)
        self.resolution.deadlines.note(now)


APPLY = {
    EventKind.RECEIVED: _Life.set_severity,
    EventKind.SEVERITY: _Life.set_severity,
    EventKind.ACKNOWLEDGED: _Life.acknowledge,
    EventKind.QUESTION: _Life.question,
    EventKind.ANSWER: _Life.answer,
    EventKind.DELIVERED: _Life.deliver,
    EventKind.ACCEPTED: _Life.accept,
    EventKind.REJECTED: _Life.reject,
    EventKind.OUT_OF_SCOPE: _Life.leave_scope,
    EventKind.IN_SCOPE: _Life.return_to_scope,
    EventKind.CLOSED: _Life.close,
}
# Of these, only the instant can be wrong.
PLAIN_KINDS = frozenset(APPLY) - {
    EventKind.RECEIVED,
    EventKind.SEVERITY,
    EventKind.DELIVERED,
    EventKind.ACCEPTED,
}


def assess(events: Sequence[Event], policy: Policy, calendar: BusinessCalendar, at: datetime) -> Statement:
    """Return the delay statement of a ticket at the instant `at`.

    Events are in order of time and taken as given; those after `at` are not yet known, and after
    `closed` nothing counts. Raises ClockError, naming the place, for: no event, a first event that
    is not `received`, a second `received`, events out of order, a naive datetime, an unknown kind,
    a change without its severity, a delivery without its nature, a fix judged provisional, an `at`
    before the reception; and CalendarError where the calendar's known years do not reach.
    """
    try:
        now = to_instant(at)
    except CalendarError as error:
        raise ClockError(str(error), "at") from error
    instants, said = _read(events)
    if now < instants[0]:
        raise ClockError("before the ticket was received", "at")
    openings = calendar.openings
    try:
        receipt = openings.next_open(instants[0])
        business = BusinessTime(openings, instants, said)
        life = _Life(business, policy)
        end = life.replay(events, instants, now)
        life.advance(end)
        closed = life.closed is not None
        return Statement(
            at=business.said[now],
            received_at=business.said[instants[0]],
            effective_receipt=business.said[receipt],
            acknowledge=life.acknowledgement.statement(receipt, end, closed=closed),
            resolve=life.resolution.statement(receipt, end, stopped=closed or life.out_of_scope),
            pauses=life.resolution.pauses(end),
        )
    except HorizonError as error:
        raise CalendarError(str(error)) from error


def _read(events: Sequence[Event]) -> tuple[list[int], dict[int, datetime]]:
    """Return the events' instants, and those said in UTC, having refused what no life of a ticket can be."""
    if not events:
        raise ClockError("a ticket begins with its reception", "events")
    instants: list[int] = []
    said: dict[int, datetime] = {}
    delivered, last = None, -NEVER
    for event in events:
        at = event.at
        try:
            # As to_instant says it: a call for each of many costs as much as the subtraction.
            elapsed = at - EPOCH
        except TypeError:
            raise ClockError(str(not_an_instant(at)), f"events[{len(instants)}].at") from None
        instant = elapsed.days * DAY + elapsed.seconds * SECOND + elapsed.microseconds
        if instant < last:
            raise ClockError(f"{at} is before the event that precedes it", f"events[{len(instants)}].at")
        if event.kind not in PLAIN_KINDS or not instants:
            field = _impossible_field(event, delivered, first=not instants)
            if field is not None:
                raise ClockError(_refusal(event, field), f"events[{len(instants)}].{field}")
            delivered = event.what or delivered
        if at.tzinfo is UTC:
            said[instant] = at
        instants.append(instant)
        last = instant
    return instants, said


def _impossible_field(event: Event, delivered: str | None, *, first: bool) -> str | None:
    """Return the field that makes an event impossible after what was last delivered, or None."""
    # The kinds' own words: an enumeration's member costs as much to look up as all the rest.
    match event.kind:
        case "received":
            if not first:
                return "kind"
            return None if event.severity is None or event.severity in RANKS else "severity"
        case _ if first:
            return "kind"
        case "severity":
            return None if event.severity in RANKS else "severity"
        case "delivered":
            return None if event.what in {"fix", "workaround"} else "what"
        case "accepted":
            return "lasting" if delivered == "fix" and not event.lasting else None
        case _:
            return "kind"


def _refusal(event: Event, field: str) -> str:
    if field != "kind":
        return f"not possible for “{event.kind}”: {getattr(event, field)!r}"
    if event.kind not in APPLY:
        return f"unknown kind {event.kind!r}"
    return "the first event, and only the first, is “received”"
