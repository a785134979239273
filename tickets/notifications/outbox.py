"""The outbox: mails are rows written with the act that causes them, and leave after it is committed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Client, User
from tickets.models import LedgerEntry, Mail, Ticket
from tickets.notifications.audience import audience, with_deputies
from tickets.notifications.quiet import is_quiet
from tickets.words import EntryKind


def put(
    people: Iterable[User],
    *,
    template: str,
    key: str,
    at: datetime,
    client: Client | int | None = None,
    ticket: Ticket | None = None,
    entry: LedgerEntry | None = None,
    context: dict[str, Any] | None = None,
) -> None:
    """Write one mail a person, once for a `key` however often asked; none while history is written down."""
    if is_quiet():
        return
    shared = {
        "client_id": client.pk if isinstance(client, Client) else client,
        "ticket_id": ticket and ticket.pk,
        "entry_id": entry and entry.pk,
        "template": template,
        "context": context or {},
        "created_at": at,
        "next_try_at": at,
    }
    Mail.objects.bulk_create(
        [Mail(recipient_id=person.pk, key=f"{key}:{person.pk}", **shared) for person in people],
        ignore_conflicts=True,
    )


def announce(ticket: Ticket, entry: LedgerEntry, *, at: datetime) -> None:
    """Tell those concerned of a fact; who caused it is not told, save for the receipt of a filing."""
    kind = EntryKind(entry.kind)
    people = [
        person
        for person in with_deputies(audience(ticket, kind), ticket, at)
        if person.pk != entry.by_id or (kind == EntryKind.RECEIVED and not person.is_vendor)
    ]
    put(
        people,
        template=str(kind),
        key=f"entry:{entry.pk}",
        at=at,
        client=ticket.client_id,
        ticket=ticket,
        entry=entry,
    )
