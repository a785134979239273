"""Reading and writing the ledger; only `tickets.actions` writes."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from tickets.chains import seal_into_chain
from tickets.life import Fact
from tickets.models import LedgerEntry, Ticket
from tickets.words import EntryKind

# What a replay needs of a row: its sequence number, kind, instant and data.
EntryRow = tuple[int, str, datetime, dict[str, Any]]
_KINDS = {kind.value: kind for kind in EntryKind}


def fact_of(entry: LedgerEntry) -> Fact:
    """Return the pure fact that a row states."""
    return Fact(entry.seq, EntryKind(entry.kind), entry.occurred_at, entry.data)


def facts_stated(rows: list[EntryRow]) -> list[Fact]:
    """Return the pure facts that rows state; ValueError for a kind that is none."""
    # A dictionary finds a kind in a tenth of the time that the enumeration takes.
    return [Fact(seq, _KINDS.get(kind) or EntryKind(kind), at, data) for seq, kind, at, data in rows]


def rows_between(first: int, last: int) -> dict[int, list[EntryRow]]:
    """Return the rows of the tickets numbered from `first` to `last`, by ticket, in order: one query, no models."""
    return _rows_by_ticket(LedgerEntry.objects.filter(ticket_id__gte=first, ticket_id__lte=last))


def _rows_by_ticket(entries: QuerySet[LedgerEntry]) -> dict[int, list[EntryRow]]:
    rows = entries.order_by("ticket_id", "seq").values_list("ticket_id", "seq", "kind", "occurred_at", "data")
    return {number: [row[1:] for row in group] for number, group in groupby(rows, itemgetter(0))}


def facts_of_each(numbers: Iterable[int]) -> dict[int, list[Fact]]:
    """Return what has happened on each of these tickets, by its number: one query."""
    rows = _rows_by_ticket(LedgerEntry.objects.filter(ticket__in=list(numbers)))
    return {number: facts_stated(stated) for number, stated in rows.items()}


def facts_of(ticket: Ticket) -> list[Fact]:
    """Return a ticket's facts in order."""
    return [fact_of(entry) for entry in ticket.entries.order_by("seq")]


def append(
    ticket: Ticket,
    kind: EntryKind,
    *,
    seq: int,
    by: User | None,
    occurred_at: datetime,
    recorded_at: datetime,
    data: dict[str, Any],
    message: str = "",
) -> LedgerEntry:
    """Write the next row of a locked ticket, sealed in its client's chain; `message` is what will carry it.

    Instants are aware, `by` None is the timetable. Whoever appends to the same client's chain waits for the
    transaction's end; a ticket is always locked before its client's head, so nobody waits in a circle.
    """
    entry = LedgerEntry(
        client_id=ticket.client_id,
        ticket=ticket,
        seq=seq,
        kind=str(kind),
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        by=by,
        data=data,
    )
    seal_into_chain(entry, message)
    entry.save(force_insert=True)
    return entry
