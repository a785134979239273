"""What a ticket would be promised: the engine's own computation, on events that never happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sla.account import Account, account_of
from sla.clock import Event, EventKind, PauseCause, Statement, assess
from sla.models import CalendarVersion, PolicyVersion
from sla.policy import Severity
from sla.segments import Reason, reasons_closed
from tickets.clocks import Rules, rules_under

# What begins a wait of the resolution clock, and what ends it (K-7).
BEGINS = {PauseCause.QUESTION: EventKind.QUESTION, PauseCause.DELIVERY: EventKind.DELIVERED}
ENDS = {PauseCause.QUESTION: EventKind.ANSWER, PauseCause.DELIVERY: EventKind.REJECTED}


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause supposed: a question until its answer, or a delivery until the test refuses it."""

    cause: PauseCause
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What is simulated: a reception, under these versions, with these pauses; instants aware."""

    calendar_version: CalendarVersion
    policy_version: PolicyVersion
    severity: Severity
    received_at: datetime
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulation:
    """The answer: both clocks once every pause is over, and the account of each deadline, None without one."""

    question: Question
    rules: Rules
    statement: Statement
    acknowledge: Account | None
    resolve: Account | None
    # Why support is closed at the reception; nothing when it is open (K-1).
    closed: tuple[Reason, ...]


def simulate(question: Question) -> Simulation:
    """Compute both deadlines; CalendarError for an instant that the calendar cannot speak of."""
    rules = rules_under(question.calendar_version.pk, question.policy_version.pk)
    received_at = question.received_at
    # Nothing is acknowledged, delivered for good or closed: both clocks still run when the last pause is over.
    at = max([received_at, *(wait.end for wait in question.waits)])
    statement = assess(_events(question), rules.policy, rules.calendar, at)
    effective = statement.effective_receipt
    return Simulation(
        question=question,
        rules=rules,
        statement=statement,
        acknowledge=account_of("acknowledge", statement.acknowledge, rules.policy, rules.calendar),
        resolve=account_of("resolve", statement.resolve, rules.policy, rules.calendar),
        closed=reasons_closed(rules.calendar, received_at, effective) if effective > received_at else (),
    )


def _events(question: Question) -> Sequence[Event]:
    received = Event(EventKind.RECEIVED, question.received_at, severity=question.severity)
    waits: list[Event] = []
    for wait in question.waits:
        # What a delivery is said to be matters to a verdict alone: here it is refused.
        waits.append(Event(BEGINS[wait.cause], wait.start, what="fix"))
        waits.append(Event(ENDS[wait.cause], wait.end))
    # Where one wait ends as another begins, the end comes first.
    return [received, *sorted(waits, key=lambda event: (event.at, event.kind in BEGINS.values()))]
