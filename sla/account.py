"""How a deadline came about: the target, where it starts, the days it leaves out, what pauses added to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sla.calendar import BusinessCalendar, CalendarError, DayKind
from sla.policy import Policy, Severity, Target
from sla.segments import Reason, ReasonKind
from sla.statement import Clock, ClockState

Duty = Literal["acknowledge", "resolve"]


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one deadline; instants in UTC, `shift` in microseconds of business time.

    `promised` is the deadline that the target alone gives, `due` the same shifted by the pauses, None
    while a pause keeps it unknown. `left_out` are the holidays and closures that took business time away
    between its start and its end.
    """

    severity: Severity
    target: Target
    started_at: datetime
    promised: datetime
    due: datetime | None
    shift: int
    left_out: tuple[Reason, ...]


def account_of(duty: Duty, clock: Clock, policy: Policy, calendar: BusinessCalendar) -> Account | None:
    """Account for the deadline that a clock was judged on, runs to or last ran to; None without a commitment."""
    if not clock.deadlines or clock.state == ClockState.NONE:
        return None
    judged = [
        deadline
        for deadline in clock.deadlines
        if deadline.severity == clock.severity and (clock.due is None or deadline.due <= clock.due)
    ]
    standing = judged[-1] if judged else clock.deadlines[-1]
    targets = policy.acknowledge_targets if duty == "acknowledge" else policy.resolve_targets
    target = targets[standing.severity]
    if target is None:
        return None
    promised = _promised(target, standing.started_at, calendar)
    end = clock.due or standing.due
    return Account(
        severity=standing.severity,
        target=target,
        started_at=standing.started_at,
        promised=promised,
        due=clock.due,
        shift=calendar.between(promised, end),
        left_out=tuple(left_out(calendar, standing.started_at, end)),
    )


def left_out(calendar: BusinessCalendar, start: datetime, end: datetime) -> Iterator[Reason]:
    """Yield the holidays and closures that close hours of the ordinary week on the dates from `start` to `end`."""
    day, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    pending: Reason | None = None
    while day <= last:
        found = _left_out_on(calendar, day)
        if pending and found and (pending.kind, pending.name) == (found.kind, found.name):
            pending = Reason(pending.kind, pending.first, day, pending.name)
        else:
            if pending:
                yield pending
            pending = found
        day += timedelta(days=1)
    if pending:
        yield pending


def _left_out_on(calendar: BusinessCalendar, day: date) -> Reason | None:
    if not calendar.ordinary_windows(day):
        return None
    try:
        known = calendar.day(day)
    except CalendarError:
        return None
    if known.kind == DayKind.HOLIDAY:
        return Reason(ReasonKind.HOLIDAY, day, day, known.reason)
    if known.kind == DayKind.CLOSURE:
        kind = ReasonKind.SPECIAL_HOURS if known.windows else ReasonKind.CLOSURE
        return Reason(kind, day, day, known.reason)
    return None


def _promised(target: Target, start: datetime, calendar: BusinessCalendar) -> datetime:
    if target.microseconds is not None:
        return calendar.add(start, target.microseconds)
    return calendar.add_days(start, target.days or 0)
