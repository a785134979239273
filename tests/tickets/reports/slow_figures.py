"""The figures of a period recomputed slowly: every ledger replayed to an instant, and no index read."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from statistics import median, quantiles

from django.conf import settings

from sla.clock import ClockState, Statement
from sla.compliance import Times
from sla.policy import Severity
from tickets.clocks import Rules, rules_under, statement_of, versions_of
from tickets.ledger import facts_stated
from tickets.life import Fact, Life, replay
from tickets.models import LedgerEntry, Ticket
from tickets.words import EntryKind


def local(at: datetime | None) -> date | None:
    return at.astimezone(settings.SUPPORT_ZONE).date() if at else None


@dataclass(frozen=True)
class Lived:
    """What one ledger alone says of its ticket at an instant."""

    facts: list[Fact]
    life: Life
    rules: Rules
    statement: Statement


def lives_at(at: datetime) -> list[Lived]:
    """Replay every ledger to an instant."""
    rows = LedgerEntry.objects.filter(occurred_at__lte=at).order_by("ticket_id", "seq")
    ledgers = groupby(rows.values_list("ticket_id", "seq", "kind", "occurred_at", "data"), itemgetter(0))
    tickets = Ticket.objects.in_bulk()
    found = []
    for number, entries in ledgers:
        facts = facts_stated([entry[1:] for entry in entries])
        life = replay(facts)
        rules = rules_under(*versions_of(life, tickets[number]))
        found.append(Lived(facts, life, rules, statement_of(facts, rules, at)))
    assert len(found) == len(tickets)
    return found


class Slow:
    """What the ledgers of all tickets say of the days from `first` to `last`, judged at `at`."""

    def __init__(self, first: date, last: date, at: datetime, lives: list[Lived] | None = None) -> None:
        self.counts: Counter = Counter()
        self.times: dict[tuple[str, str], list[int]] = {}
        for lived in lives_at(at) if lives is None else lives:
            self._add(lived, first, last)

    def _add(self, lived: Lived, first: date, last: date) -> None:  # noqa: C901
        facts, life, rules, statement = lived.facts, lived.life, lived.rules, lived.statement
        severity = str(life.severity)

        def inside(day: date | None) -> bool:
            return day is not None and first <= day <= last

        left_out = life.closing_ground in {"duplicate", "withdrawn"}
        judged_left_out = False
        for name, clock, done in (
            ("acknowledge", statement.acknowledge, life.acknowledged_at),
            ("resolve", statement.resolve, statement.resolve.done),
        ):
            if clock.state in {ClockState.MET, ClockState.MISSED}:
                first_of = min(instant for instant in (clock.due, done) if instant)
                if inside(local(first_of)):
                    judged_left_out = judged_left_out or left_out
                    if not left_out:
                        self.counts[f"{name}_{clock.state}", severity] += 1
            if done and inside(local(done)) and not left_out:
                if clock.state == ClockState.NONE:
                    self.counts[f"{name}_free", severity] += 1
                self.times.setdefault((f"{name}_gross", severity), []).append(clock.gross)
                self.times.setdefault((f"{name}_net", severity), []).append(clock.net)
                if name == "resolve":
                    self.counts["paused", severity] += clock.gross - clock.net
        self.counts["left_out", severity] += judged_left_out
        self.counts["received", severity] += inside(local(life.received_at))
        closed = inside(local(life.closed_at))
        self.counts["closed", severity] += closed
        if closed:
            self.counts["lived", severity] += rules.calendar.between(life.received_at, life.closed_at)
            for ground in ("duplicate", "withdrawn"):
                self.counts[ground, severity] += life.closing_ground == ground
        is_open_then = life.closed_at is None or local(life.closed_at) > last
        self.counts["open", severity] += local(life.received_at) <= last and is_open_then
        self.counts["refused", severity] += sum(
            fact.kind == EntryKind.REJECTED and inside(local(fact.at)) for fact in facts
        )

    def all(self, name: str) -> int:
        """Return a count over every severity."""
        return sum(self.counts[name, str(severity)] for severity in Severity)

    def summary(self, name: str, severity: str | None = None) -> Times | None:
        """Return the number, the mean, the median, the 90th percentile and the worst of some times."""
        known = [
            time
            for (each, of), times in self.times.items()
            if each == name and severity in {None, of}
            for time in times
        ]
        if not known:
            return None
        ninetieth = quantiles(known, n=10, method="inclusive")[8] if len(known) > 1 else known[0]
        return Times(
            len(known), round(sum(known) / len(known)), round(median(known)), round(ninetieth), max(known)
        )
