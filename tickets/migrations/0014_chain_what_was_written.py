"""Seal the rows written before the chain, in the order in which they were recorded, client by client."""

import json
from typing import Any

from django.db import migrations

from accounts.scope import worker_scope
from tickets.sealing import GENESIS, Stated, sealed

CHUNK = 2_000
ROWS = """
    SELECT entry.id, entry.ticket_id, entry.seq, entry.kind, entry.occurred_at, entry.recorded_at, entry.by_id,
           entry.data::text, coalesce(message.body, '')
    FROM tickets_ledgerentry entry LEFT JOIN tickets_message message ON message.entry_id = entry.id
    WHERE entry.client_id = %s AND entry.id > %s ORDER BY entry.id LIMIT %s
"""
SEAL = """
    UPDATE tickets_ledgerentry SET chain_seq = %s, previous_hash = %s, hash = %s, salt = %s, digests = %s WHERE id = %s
"""


def chain(_apps: Any, schema_editor: Any) -> None:
    with worker_scope(), schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("SELECT id FROM accounts_client ORDER BY id")
        for (client,) in cursor.fetchall():
            chain_of(client, cursor)
        cursor.execute("ALTER TABLE tickets_ledgerentry ENABLE TRIGGER USER")


def chain_of(client: int, cursor: Any) -> None:
    number, previous, last, at = 0, GENESIS, 0, None
    while True:
        cursor.execute(ROWS, [client, last, CHUNK])
        rows = cursor.fetchall()
        if not rows:
            break
        seals = []
        for last, ticket, seq, kind, occurred_at, at, by, data, body in rows:
            texts = {"agent": "", "address": "", "message": body}
            stated = Stated(client, ticket, seq, kind, occurred_at, at, by, ":", json.loads(data), texts)
            seal = sealed(stated, number + 1, previous)
            number, previous = seal.number, seal.hash
            seals.append([number, seal.previous, seal.hash, seal.salt, json.dumps(dict(seal.digests)), last])
        cursor.executemany(SEAL, seals)
    cursor.execute(
        "INSERT INTO tickets_ledgerhead (client_id, entries, hash, moved_at) VALUES (%s, %s, %s, %s)",
        [client, number, previous, at],
    )


def unchain(_apps: Any, schema_editor: Any) -> None:
    with worker_scope(), schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_ledgerhead")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_traces_and_chain")]
    operations = [migrations.RunPython(chain, unchain)]
