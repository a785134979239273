"""The missed deadlines of a period, each with what was found of it last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value

from sla.statement import Clock
from tickets.clocks import rules_of, statement_of
from tickets.ledger import facts_of_each
from tickets.life import Fact
from tickets.models import BreachFinding, Outcome, Ticket
from tickets.reports.counting import CLOCKS, Figure, condition_of
from tickets.reports.days import Days
from tickets.tallies.measures import Scope
from tickets.words import Promise


@dataclass(frozen=True, slots=True)
class Breach:
    """One missed deadline: what was due and done, how late in business time, and the finding that stands."""

    ticket: Ticket
    promise: Promise
    due: datetime | None
    done: datetime | None
    late: int | None  # microseconds of business time, as `late_by` counts them
    finding: BreachFinding | None


def missed(
    days: Days, scope: Scope, at: datetime, *, without_finding: bool = False
) -> QuerySet[Outcome, Any]:
    """Return (ticket, promise, day) of the missed deadlines of a period, judged live at `at`, by day."""
    narrowing = {
        "client": scope.client,
        "solution": scope.solution,
        "rank": scope.rank,
        "contract": scope.contract,
    }
    outcomes = Outcome.objects.filter(
        **{name: value for name, value in narrowing.items() if value is not None}
    )
    parts = []
    for clock in CLOCKS:
        found = outcomes.filter(condition_of(Figure(f"{clock}_missed"), days, at))
        if without_finding:
            written = BreachFinding.objects.standing().complete()
            written = written.filter(ticket=OuterRef("ticket"), promise=clock)
            found = found.filter(~Exists(written))
        promise = Value(clock, output_field=CharField())
        parts.append(
            found.order_by().annotate(promise=promise).values_list("ticket_id", "promise", f"{clock}_on")
        )
    return parts[0].union(parts[1], all=True).order_by("acknowledge_on", "ticket_id", "promise")


def breaches_of(rows: Iterable[tuple[int, str, Any]], at: datetime) -> list[Breach]:
    """Return the breaches that rows of `missed` name, in their order: three queries."""
    wanted = list(rows)
    numbers = {number for number, _promise, _day in wanted}
    tickets = Ticket.objects.select_related("client", "solution").in_bulk(numbers)
    findings = {
        (finding.ticket_id, finding.promise): finding
        for finding in BreachFinding.objects.standing().filter(ticket__in=numbers).select_related("author")
    }
    facts = facts_of_each(numbers)
    return [
        breach_of(tickets[number], facts[number], Promise(promise), findings.get((number, promise)), at)
        for number, promise, _day in wanted
    ]


def breach_of(
    ticket: Ticket, facts: Sequence[Fact], promise: Promise, finding: BreachFinding | None, at: datetime
) -> Breach:
    """Say a missed deadline as the ticket's statement does at `at`, or at its closing."""
    statement = statement_of(facts, rules_of(ticket), ticket.closed_at or at)
    is_first = promise == Promise.ACKNOWLEDGE
    due = ticket.acknowledge_due_at if is_first else ticket.resolve_due_at
    done = ticket.acknowledged_at if is_first else ticket.resolved_at
    clock = statement.acknowledge if is_first else statement.resolve
    return Breach(ticket, promise, due, done, late_by(clock), finding)


def late_by(clock: Clock) -> int | None:
    """Return by how much a clock exceeds what was promised, in business time without its pauses (K-7, K-12).

    It is the net time beyond the target: what waits for the client once a deadline is missed makes nothing later.
    None where no target binds.
    """
    return None if clock.span is None else max(clock.net - clock.span, 0)
