"""A ticket's life cut into segments, so that each clock's time is a sum that anyone can check line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from sla.calendar import BusinessCalendar, DayKind, from_instant, to_instant
from sla.intervals import DAY, MICROSECOND
from sla.policy import Severity
from sla.statement import Clock, Event, EventKind, Pause, PauseCause, Statement


class SegmentState(StrEnum):
    """Where the ticket stands during a segment."""

    FILED = "filed"
    IN_PROGRESS = "in_progress"
    WAITING_CLIENT = "waiting_client"
    UNDER_TEST = "under_test"
    OUT_OF_SCOPE = "out_of_scope"


class Why(StrEnum):
    """Why a segment's business time is counted, or is not."""

    OPEN = "open"
    CLOSED = "closed"
    QUESTION = "question"
    UNDER_TEST = "under_test"
    OUT_OF_SCOPE = "out_of_scope"


class ReasonKind(StrEnum):
    """What closes support, or opens it otherwise than on an ordinary day."""

    BREAK = "break"
    NIGHT = "night"
    WEEKLY_REST = "weekly_rest"
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    SPECIAL_HOURS = "special_hours"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why support is closed, from a local day to a local day; `name` is the holiday's, or the closure's motive."""

    kind: ReasonKind
    first: date
    last: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time in which nothing changes: instants in UTC, `business` in microseconds.

    `counted` tells whether its business time is net time of the clock: a pause's is gross time only.
    `reference` is the ledger's mark of the question, the delivery or the classing that pauses the clock;
    `events` are the marks of what happened at its beginning.
    """

    start: datetime
    end: datetime
    state: SegmentState
    severity: Severity | None
    business: int
    counted: bool
    why: Why
    reference: str | int | None
    reasons: tuple[Reason, ...]
    events: tuple[str | int | None, ...]


# What a pause makes of the ticket; where several overlap, the first in this order is what is shown.
PAUSED = {
    PauseCause.OUT_OF_SCOPE: (SegmentState.OUT_OF_SCOPE, Why.OUT_OF_SCOPE),
    PauseCause.DELIVERY: (SegmentState.UNDER_TEST, Why.UNDER_TEST),
    PauseCause.QUESTION: (SegmentState.WAITING_CLIENT, Why.QUESTION),
}


def acknowledge_segments(
    events: Sequence[Event], statement: Statement, calendar: BusinessCalendar
) -> tuple[Segment, ...]:
    """Cut the acknowledgement clock's time, from the reception to its end; no pause stops it (C-SLA-2)."""
    return tuple(_segments(events, statement, statement.acknowledge, calendar, pauses=False))


def resolve_segments(
    events: Sequence[Event], statement: Statement, calendar: BusinessCalendar
) -> tuple[Segment, ...]:
    """Cut the resolution clock's time, from the reception to its end (K-7, K-12, K-16)."""
    return tuple(_segments(events, statement, statement.resolve, calendar, pauses=True))


def gross(segments: Sequence[Segment]) -> int:
    """Return the business time of all segments, pauses counted (K-12)."""
    return sum(segment.business for segment in segments)


def net(segments: Sequence[Segment]) -> int:
    """Return the business time of the segments that count, pauses left out (K-12)."""
    return sum(segment.business for segment in segments if segment.counted)


def _segments(
    events: Sequence[Event], statement: Statement, clock: Clock, calendar: BusinessCalendar, *, pauses: bool
) -> Iterator[Segment]:
    known = _known(events, statement.at)
    start = statement.received_at
    last_at, last = known[-1]
    closed = last_at if last.kind == EventKind.CLOSED else None
    end = clock.done or closed or statement.at
    # Every event is a cut: between two of them, neither state nor severity nor pause changes.
    cuts = sorted({start, end, *(at for at, _event in known if start < at < end)})
    acknowledged, severity = False, None
    for begins, ends in pairwise(cuts):
        happened = [event for at, event in known if at == begins]
        acknowledged = acknowledged or any(event.kind == EventKind.ACKNOWLEDGED for event in happened)
        severity = next((event.severity for event in reversed(happened) if event.severity), severity)
        marks = [event.reference for event in happened]
        pause = _pause_at(statement.pauses, begins)
        state, why = PAUSED[pause.cause] if pause else (_unpaused(acknowledged=acknowledged), Why.OPEN)
        for opening, closing, is_open in _openings(calendar, begins, ends):
            yield Segment(
                start=opening,
                end=closing,
                state=state,
                severity=severity,
                business=(closing - opening) // MICROSECOND if is_open else 0,
                counted=is_open and not (pause and pauses),
                why=(why if pauses else Why.OPEN) if is_open else Why.CLOSED,
                reference=pause.reference if pause and pauses else None,
                reasons=reasons_open(calendar, opening)
                if is_open
                else reasons_closed(calendar, opening, closing),
                events=tuple(marks) if opening == begins else (),
            )


def _known(events: Sequence[Event], at: datetime) -> list[tuple[datetime, Event]]:
    """Return what has happened by `at` and when, in UTC; after a closing, nothing counts."""
    known = []
    for event in events:
        # Two instants of one zone are compared by their wall clock: only in UTC is that their order.
        happened_at = event.at.astimezone(UTC)
        if happened_at > at:
            break
        known.append((happened_at, event))
        if event.kind == EventKind.CLOSED:
            break
    return known


def _unpaused(*, acknowledged: bool) -> SegmentState:
    return SegmentState.IN_PROGRESS if acknowledged else SegmentState.FILED


def _pause_at(pauses: Sequence[Pause], at: datetime) -> Pause | None:
    """Return the pause to show at an instant, if one is open then."""
    found = {
        pause.cause: pause
        for pause in pauses
        if pause.started_at <= at and (pause.ended_at is None or at < pause.ended_at)
    }
    return next((found[cause] for cause in PAUSED if cause in found), None)


def _openings(
    calendar: BusinessCalendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, bool]]:
    """Cut a stretch of time where support opens and closes; tell which pieces are open."""
    here = to_instant(start)
    stop = to_instant(end)
    for opening, closing in calendar.openings.intervals(here, stop):
        if here < opening:
            yield from_instant(here), from_instant(opening), False
        yield from_instant(opening), from_instant(closing), True
        here = closing
    if here < stop:
        yield from_instant(here), from_instant(stop), False


def reasons_open(calendar: BusinessCalendar, start: datetime) -> tuple[Reason, ...]:
    """Say by which closure an opening has other hours than an ordinary day, or is exceptional (K-20)."""
    local = start.astimezone(calendar.zone).date()
    day = calendar.day(local)
    if day.kind != DayKind.CLOSURE:
        return ()
    return (Reason(ReasonKind.SPECIAL_HOURS, local, local, day.reason),)


def reasons_closed(calendar: BusinessCalendar, start: datetime, end: datetime) -> tuple[Reason, ...]:
    """Say what closes support from `start` to `end`: each holiday and closure by name, then the week's rest.

    A holiday or a closure is named when it takes away hours that the week would open, or a whole day.
    A night goes without saying beside any of these.
    """
    reasons: list[Reason] = []
    nights = 0
    for local, low, high in local_days(calendar, start, end):
        nights += 1
        reason = _reason_of(calendar, local, low, high)
        if reason is None:
            continue
        last = reasons[-1] if reasons else None
        follows = last is not None and last.last + timedelta(days=1) == local
        if last is not None and follows and (last.kind, last.name) == (reason.kind, reason.name):
            reasons[-1] = Reason(last.kind, last.first, local, last.name)
        else:
            reasons.append(reason)
    if reasons:
        return tuple(reasons)
    first, last_day = (
        start.astimezone(calendar.zone).date(),
        (end - MICROSECOND).astimezone(calendar.zone).date(),
    )
    kind = ReasonKind.NIGHT if nights > 1 or _touches_midnight(calendar, start, end) else ReasonKind.BREAK
    return (Reason(kind, first, last_day),)


def local_days(calendar: BusinessCalendar, start: datetime, end: datetime) -> Iterator[tuple[date, int, int]]:
    """Yield each local date between two instants, with the part of it that is covered, in wall clock."""
    first, last = start.astimezone(calendar.zone), end.astimezone(calendar.zone)
    day = first.date()
    while day <= last.date():
        low = _since_midnight(first.time()) if day == first.date() else 0
        high = _since_midnight(last.time()) if day == last.date() else DAY
        if low < high:
            yield day, low, high
        day += timedelta(days=1)


def _reason_of(calendar: BusinessCalendar, local: date, low: int, high: int) -> Reason | None:
    day = calendar.day(local)
    usual = calendar.ordinary_windows(local)
    takes_hours = any(opens < high and low < closes for opens, closes in usual)
    whole = (low, high) == (0, DAY)
    if day.kind == DayKind.WEEKLY_REST:
        return Reason(ReasonKind.WEEKLY_REST, local, local)
    if day.kind in {DayKind.HOLIDAY, DayKind.CLOSURE} and (takes_hours or (whole and not day.windows)):
        return Reason(ReasonKind(day.kind.value), local, local, day.reason)
    return None


def _touches_midnight(calendar: BusinessCalendar, start: datetime, end: datetime) -> bool:
    """Tell whether the piece is before the first or after the last opening of its day, not between two."""
    local = start.astimezone(calendar.zone).date()
    pieces = list(local_days(calendar, start, end))
    usual = calendar.ordinary_windows(local)
    if not pieces or not usual:
        return True
    _day, low, high = pieces[0]
    return high <= usual[0][0] or low >= usual[-1][1]


def _since_midnight(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


__all__ = [
    "Reason",
    "ReasonKind",
    "Segment",
    "SegmentState",
    "Why",
    "acknowledge_segments",
    "gross",
    "local_days",
    "net",
    "reasons_closed",
    "resolve_segments",
]
