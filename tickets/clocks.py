"""A ticket's clocks: its facts, under the versions that bind it, at an instant (K-20)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.breaches import with_breaches
from sla.calendar import BusinessCalendar
from sla.clock import ClockState, Statement, assess
from sla.policy import Policy
from sla.versions import compiled_calendar, compiled_policy
from tickets.life import Fact, Life, breaches_kept, clock_events
from tickets.models import Ticket

AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rules:
    """The calendar and policy that bind one ticket."""

    calendar: BusinessCalendar
    policy: Policy


def rules_of(ticket: Ticket) -> Rules:
    """Return what binds the ticket as its index says: what it was registered or recomputed under (C-CAL-3, K-20)."""
    return rules_under(ticket.calendar_version_id, ticket.policy_version_id)


def rules_under(calendar_version: uuid.UUID, policy_version: uuid.UUID) -> Rules:
    """Return the rules of two published versions."""
    return Rules(compiled_calendar(calendar_version), compiled_policy(policy_version))


def versions_of(life: Life, ticket: Ticket) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the keys of the calendar and policy versions that bind a ticket, as its ledger says.

    The columns answer for a ledger begun before it said so. ValueError for what is no key.
    """
    return (
        uuid.UUID(life.calendar_version) if life.calendar_version else ticket.calendar_version_id,
        uuid.UUID(life.policy_version) if life.policy_version else ticket.policy_version_id,
    )


def statement_of(facts: Sequence[Fact], rules: Rules, at: datetime) -> Statement:
    """Return both clocks as they stand at `at`; a deadline missed before a recompute stays missed (K-11)."""
    statement = assess(clock_events(facts), rules.policy, rules.calendar, at)
    kept = breaches_kept(facts, at)
    return with_breaches(statement, kept) if kept else statement


def statement_after(facts: Sequence[Fact], rules: Rules) -> Statement:
    """Return both clocks as the last fact leaves them.

    A wait begun exactly at the deadline shifts nothing (K-8): at that very instant a delivery would still be in
    time (K-14), from the next one on the deadline is missed, and no other fact will come to say so.
    """
    statement = statement_of(facts, rules, facts[-1].at)
    begun = any(pause.started_at == statement.at and pause.ended_at is None for pause in statement.pauses)
    if not begun:
        return statement
    resolve = statement_of(facts, rules, statement.at + AN_INSTANT).resolve
    return statement._replace(resolve=resolve) if resolve.state == ClockState.MISSED else statement


def days_in_force(life: Life, policy: Policy) -> int:
    """Return after how many business days silence closes: what was agreed, else what the policy says (C-CLI-2)."""
    window = life.window or life.suspended_window
    return (window.days if window else None) or policy.closing_days


def closes_at(life: Life, rules: Rules) -> datetime | None:
    """Return when silence closes the ticket, in UTC; None when it does not (K-5, K-17, K-18)."""
    if not life.window or not life.closes_by_silence:
        return None
    return rules.calendar.end_of_business_day(life.window.since, days_in_force(life, rules.policy))
