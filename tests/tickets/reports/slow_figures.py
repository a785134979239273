"""The figures of a period recomputed slowly: every ledger replayed to an instant, and no index read."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby, pairwise
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
from tickets.words import EntryKind, State

# The causes of pauses: time that several share goes to the first.
CAUSES = ("out_of_scope", "delivery", "question")


def local(at: datetime | None) -> date | None:
    return at.astimezone(settings.SUPPORT_ZONE).date() if at else None


@dataclass(frozen=True)
class Lived:
    """What one ledger alone says of its ticket at an instant."""

    ticket: Ticket
    facts: list[Fact]
    life: Life
    rules: Rules
    statement: Statement

    @property
    def is_left_out(self) -> bool:
        return self.life.closing_ground in {"duplicate", "withdrawn"}

    @property
    def is_outside(self) -> bool:
        return self.life.out_of_scope is not None or self.life.closing_ground == "out_of_scope"

    @cached_property
    def paused(self) -> dict[str, int]:
        """The business time paused until the resolution by cause, shared time given to the first of `CAUSES`."""
        done, found, known, before = self.statement.resolve.done, {}, [], 0
        for cause in CAUSES:
            known += [
                (pause.started_at, min(pause.ended_at or done, done))
                for pause in self.statement.pauses
                if done and pause.cause == cause and pause.started_at < done
            ]
            found[cause] = self._length(known) - before
            before += found[cause]
        return found

    def _length(self, stretches: list[tuple[datetime, datetime]]) -> int:
        """Return the business time of stretches that may overlap, counted once."""
        length, reached = 0, None
        for start, end in sorted(stretches):
            begin = max(start, reached) if reached else start
            if begin < end:
                length, reached = length + self.rules.calendar.between(begin, end), end
        return length

    @cached_property
    def spent(self) -> Counter[str]:
        """The business time spent in each state: the facts until each are replayed anew."""
        found: Counter[str] = Counter()
        for number, (fact, following) in enumerate(pairwise(self.facts), 1):
            state = replay(self.facts[:number]).state
            if state != State.CLOSED:
                found[str(state)] += self.rules.calendar.between(fact.at, following.at)
        return found


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
        found.append(Lived(tickets[number], facts, life, rules, statement_of(facts, rules, at)))
    assert len(found) == len(tickets)
    return found


class Slow:
    """What the ledgers of all tickets say of the days from `first` to `last`, judged at `at`."""

    def __init__(self, first: date, last: date, at: datetime, lives: list[Lived] | None = None) -> None:
        self.first, self.last = first, last
        self.counts: Counter = Counter()
        self.times: dict[tuple[str, str], list[int]] = {}
        for lived in lives_at(at) if lives is None else lives:
            self._add(lived)

    def _add(self, lived: Lived) -> None:
        self._add_promises(lived)
        self._add_stock(lived)
        if self._inside(lived.life.closed_at):
            self._add_closing(lived)

    def _inside(self, at: datetime | None) -> bool:
        day = local(at)
        return day is not None and self.first <= day <= self.last

    def _add_promises(self, lived: Lived) -> None:
        life, statement, severity = lived.life, lived.statement, str(lived.life.severity)
        judged_left_out = False
        for name, clock, done in (
            ("acknowledge", statement.acknowledge, life.acknowledged_at),
            ("resolve", statement.resolve, statement.resolve.done),
        ):
            if clock.state in {ClockState.MET, ClockState.MISSED}:
                first_of = min(instant for instant in (clock.due, done) if instant)
                if self._inside(first_of):
                    judged_left_out = judged_left_out or lived.is_left_out
                    self.counts[f"{name}_{clock.state}", severity] += not lived.is_left_out
            if self._inside(done) and not lived.is_left_out:
                self.counts[f"{name}_free", severity] += clock.state == ClockState.NONE
                self.times.setdefault((f"{name}_gross", severity), []).append(clock.gross)
                self.times.setdefault((f"{name}_net", severity), []).append(clock.net)
        self.counts["left_out", severity] += judged_left_out
        if self._inside(statement.resolve.done) and not lived.is_left_out:
            assert sum(lived.paused.values()) == statement.resolve.gross - statement.resolve.net
            for cause, time in lived.paused.items():
                self.counts[f"paused_{cause}", severity] += time

    def _add_stock(self, lived: Lived) -> None:
        facts, life, severity = lived.facts, lived.life, str(lived.life.severity)
        is_received = self._inside(life.received_at)
        self.counts["received", severity] += is_received
        self.counts["follow_up", severity] += is_received and lived.ticket.follow_up_of_id is not None
        age = (self.last - local(life.received_at)).days
        if age >= 0 and (life.closed_at is None or local(life.closed_at) > self.last):
            self.counts["open", severity] += 1
            self.counts[f"age_{sum(age > oldest for oldest in (7, 30, 90))}", severity] += 1
        if lived.is_outside:
            classed = [fact.at for fact in facts if fact.kind == EntryKind.OUT_OF_SCOPE]
            self.counts["out_of_scope", severity] += self._inside(max(classed, default=life.closed_at))
        self.counts["refused", severity] += sum(
            fact.kind == EntryKind.REJECTED and self._inside(fact.at) for fact in facts
        )

    def _add_closing(self, lived: Lived) -> None:
        life, severity = lived.life, str(lived.life.severity)
        self.counts["closed", severity] += 1
        assert sum(lived.spent.values()) == lived.rules.calendar.between(life.received_at, life.closed_at)
        for state, time in lived.spent.items():
            self.counts[f"time_{state}", severity] += time
        for ground in ("duplicate", "withdrawn"):
            self.counts[ground, severity] += life.closing_ground == ground
        self.counts["stopped", severity] += (
            lived.statement.resolve.state == ClockState.STOPPED
            and not lived.is_left_out
            and not lived.is_outside
        )

    def all(self, name: str, severity: str | None = None) -> int:
        """Return a count over every severity, or of one."""
        return sum(self.counts[name, str(each)] for each in Severity if severity in {None, str(each)})

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
