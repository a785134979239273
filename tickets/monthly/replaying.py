"""A contract's tickets as their ledgers tell them at an instant: what was recorded by then, and nothing since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q

from sla.breaches import KeptBreaches
from sla.clock import Event
from sla.document import Findings
from sla.document import find as find_delays
from sla.models import Contract
from tickets.clocks import Rules
from tickets.indexing import Replayed, counted, replayed
from tickets.ledger import EntryRow, facts_stated
from tickets.life import breaches_kept, clock_events
from tickets.models import LedgerEntry, Ticket
from tickets.permissions import support_day
from tickets.words import EntryKind, Promise

ROW = ("seq", "kind", "occurred_at", "data")


@dataclass(frozen=True, slots=True)
class Told:
    """One ticket as it stood at an instant; `outcome` has the columns of `Outcome`, judged at its last fact."""

    ticket: Ticket
    state: Replayed
    outcome: dict[str, Any]

    @property
    def rules(self) -> Rules:
        """The calendar and policy that bound it then."""
        return self.state.rules

    @property
    def events(self) -> list[Event]:
        """What its clocks knew."""
        return clock_events(self.state.facts)

    def due_and_done(self, clock: str) -> tuple[datetime | None, datetime | None]:
        """Return the deadline of a promise and the instant of its fulfilment, where there are any."""
        statement = self.state.statement
        if clock == Promise.ACKNOWLEDGE:
            return statement.acknowledge.due, self.state.life.acknowledged_at
        return statement.resolve.due, statement.resolve.done

    def kept(self, at: datetime) -> KeptBreaches:
        """Return the breaches that recomputes by then had kept (K-11)."""
        return breaches_kept(self.state.facts, at) or KeptBreaches()

    def delays(self, at: datetime) -> Findings:
        """Return both clocks at `at`, as the delay statement finds them; a closed ticket's at its closing."""
        now = self.state.life.closed_at or at
        return find_delays(self.events, self.rules.policy, self.rules.calendar, now, self.kept(now))


def tell(contract: Contract, since: datetime, until: datetime, at: datetime) -> list[Told]:
    """Replay the contract's tickets alive between `since` and `until`, as known at `at`: three queries.

    Known means recorded by then, and happened: a fact of a later day, or written down later, is not. A ticket that
    was put under another solution since is under the one it had.
    """
    then = _solutions_then(contract, at)
    tickets = Ticket.objects.filter(
        Q(contract=contract) | Q(pk__in=then), client=contract.client_id, received_at__lt=until
    )
    alive = {
        ticket.pk: ticket
        for ticket in tickets
        if (ticket.closed_at is None or ticket.closed_at >= since) and then.get(ticket.pk, True)
    }
    return [_told(alive[number], rows) for number, rows in _rows(list(alive), at)]


def _solutions_then(contract: Contract, at: datetime) -> dict[int, bool]:
    """Tell of each ticket corrected after `at` whether it was under the contract then."""
    later = LedgerEntry.objects.filter(
        client=contract.client_id, kind=EntryKind.CORRECTED, recorded_at__gt=at
    ).order_by("ticket_id", "seq")
    names = list(contract.solution.history.order_by("history_date").values_list("history_date", "name"))
    found: dict[int, bool] = {}
    for entry in later.select_related("ticket"):
        received = support_day(entry.ticket.received_at)
        was_covered = contract.starts_on <= received and (
            contract.ends_on is None or received <= contract.ends_on
        )
        name = _name_at(names, entry.recorded_at) or contract.solution.name
        found.setdefault(entry.ticket_id, was_covered and entry.data["former"]["solution"] == name)
    return found


def _name_at(names: Sequence[tuple[datetime, str]], at: datetime) -> str | None:
    """Return what was the name at an instant, the first one before any: a fact names a solution as it was called."""
    found = names[0][1] if names else None
    for since, name in names:
        if since <= at:
            found = name
    return found


def _rows(numbers: list[int], at: datetime) -> Iterator[tuple[int, list[EntryRow]]]:
    rows = (
        LedgerEntry.objects.filter(ticket__in=numbers, recorded_at__lte=at, occurred_at__lte=at)
        .order_by("ticket_id", "seq")
        .values_list("ticket_id", *ROW)
    )
    for number, group in groupby(rows, lambda row: row[0]):
        yield number, [row[1:] for row in group]


def _told(ticket: Ticket, rows: list[EntryRow]) -> Told:
    state = replayed(ticket, facts_stated(rows))
    return Told(ticket, state, counted(ticket, state))
