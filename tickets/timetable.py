"""What will become due on a ticket, and when: escalations, reminders, closing (pure, from life and clocks)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sla.clock import Clock, ClockState, Statement
from sla.policy import Severity
from tickets.clocks import Rules, closes_at
from tickets.life import Life
from tickets.validity import last_day
from tickets.words import DeliveryKind, EffectKind, State

QUOTE_REMINDER = timedelta(days=5)  # calendar days, as a quote's validity
LAST_REMINDER_DAY = 250  # about a year of business days: a workaround nobody judged is for people by then


@dataclass(frozen=True, slots=True)
class Due:
    """One effect to come; `due_at` in UTC."""

    kind: EffectKind
    key: str
    due_at: datetime
    needs_opening: bool = False
    data: dict[str, Any] = field(default_factory=dict)


def upcoming(life: Life, statement: Statement, rules: Rules, done: Collection[str]) -> list[Due]:
    """Return every effect still to come, `done` being the keys of those that have happened."""
    if life.state == State.CLOSED:
        return []
    found = [
        *_escalations("acknowledge", statement.acknowledge, life, rules),
        *_escalations("resolve", statement.resolve, life, rules),
        *_reminders(life, rules, done),
        *_closing(life, rules),
        *_quote(life),
    ]
    return [due for due in found if due.key not in done]


def _escalations(name: str, clock: Clock, life: Life, rules: Rules) -> Iterator[Due]:
    """Escalate when parts of the target are used up: counted back from the deadline, so pauses move them too.

    A deadline found in the past (K-10) escalates as missed only. The key names the severity of the
    deadline: one that comes back after a change of severity escalates no second time.
    """
    if clock.done is not None or clock.due is None or clock.span is None:
        return
    if clock.state == ClockState.RUNNING:
        percents = rules.policy.escalation_percents
    elif clock.state == ClockState.MISSED:
        percents = tuple(percent for percent in rules.policy.escalation_percents if percent >= 100)
    else:
        return
    # Those of a Majeure or a Mineure are held until support opens; a Bloquante waits for nobody.
    held = life.severity != Severity.BLOQUANTE
    for percent in percents:
        due_at = _reached(rules, clock.due, clock.span * (100 - percent) // 100)
        yield Due(
            EffectKind.ESCALATION,
            f"{name}:{clock.severity}:{percent}",
            rules.calendar.next_open(due_at) if held else due_at,
            needs_opening=held,
            data={
                "clock": name,
                "percent": percent,
                "severity": str(clock.severity),
                "due": clock.due.isoformat(),
            },
        )


def _reached(rules: Rules, due: datetime, remaining: int) -> datetime:
    """Return the first instant at which only `remaining` business time is left before `due`.

    What is reached with the last instant of an opening is reached at that closing, like a deadline (K-2).
    """
    if not remaining:
        return due
    return rules.calendar.add(rules.calendar.subtract(due, remaining + 1), 1)


def _reminders(life: Life, rules: Rules, done: Collection[str]) -> Iterator[Due]:
    """Remind at the opening of the 2nd and 4th business days (K-5); for a workaround they go on (K-17)."""
    window = life.window
    if not window or life.state != State.UNDER_TEST or not life.delivery:
        return
    days = list(rules.policy.reminder_days)
    if life.delivery.what == DeliveryKind.WORKAROUND and days:
        step = days[-1] - days[-2] if len(days) > 1 else days[-1]
        following = range(days[-1] + step, LAST_REMINDER_DAY, step)
        days += [day for day in following if f"reminder:{window.seq}:{day}" not in done][:1]
    for day in days:
        due_at = rules.calendar.start_of_business_day(window.since, day)
        # An agreed longer delay counts from the delivery: what was due before it was agreed is past.
        if due_at > window.opened_at:
            yield Due(
                EffectKind.REMINDER,
                f"reminder:{window.seq}:{day}",
                due_at,
                needs_opening=True,
                data={"day": day, "delivery": life.delivery.seq},
            )


def _quote(life: Life) -> Iterator[Due]:
    """Remind of a quote that awaits the client five days before its validity ends, then end it (C-OUT-4).

    Nothing is due while a contest suspends the validity; what it gave back has a reminder of its own.
    """
    work = life.work
    if work is None or work.ends_at is None or work.quoted_at is None:
        return
    remind_at = work.ends_at - QUOTE_REMINDER
    if remind_at > (work.resumed_at or work.quoted_at):
        of_rest = f":{last_day(work.ends_at)}" if work.resumed_at else ""
        yield Due(
            EffectKind.QUOTE_REMINDER,
            f"quote_reminder:{work.quote}{of_rest}",
            remind_at,
            needs_opening=True,
            data={"quote": work.quote},
        )
    yield Due(EffectKind.QUOTE_EXPIRY, f"quote_expiry:{work.quote}", work.ends_at)


def _closing(life: Life, rules: Rules) -> Iterator[Due]:
    due_at = closes_at(life, rules)
    if due_at and life.window:
        yield Due(EffectKind.CLOSING, f"closing:{life.window.seq}", due_at)
