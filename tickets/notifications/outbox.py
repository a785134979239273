"""The outbox: mails are rows written with the act that causes them, and leave after it is committed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from accounts.models import Client, User
from tickets.models import LedgerEntry, Ticket
from tickets.notifications.audience import audience, with_deputies
from tickets.notifications.quiet import is_quiet
from tickets.words import EntryKind

# One statement for a whole team: fifty rows of the ORM cost more than all the rest of an act.
_PUT = """
INSERT INTO tickets_mail (
    client_id, ticket_id, entry_id, recipient_id, template, key, context, created_at, next_try_at, attempts, last_error
)
SELECT %(client)s::bigint, %(ticket)s::bigint, %(entry)s::bigint, person, %(template)s,
    %(key)s || ':' || person, %(context)s, %(at)s, %(at)s, 0, ''
FROM unnest(%(people)s::bigint[]) AS person
ON CONFLICT DO NOTHING
"""


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
    mail: dict[str, Any] = {
        "client": client.pk if isinstance(client, Client) else client,
        "ticket": ticket and ticket.pk,
        "entry": entry and entry.pk,
        "template": template,
        "key": key,
        "context": Jsonb(context or {}),
        "at": at,
        "people": [person.pk for person in people],
    }
    if mail["people"]:
        with connection.cursor() as cursor:
            cursor.execute(_PUT, mail)


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
