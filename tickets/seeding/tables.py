"""Writing lives by COPY, then copies of the closed ones by INSERT … SELECT; keys and indexes are made again after."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg.types.json import Jsonb

from tickets.indexing import counted, expected_effects, index_of, replayed
from tickets.models import Outcome, Ticket
from tickets.search.documents import index_words
from tickets.seeding.lives import ToldLife
from tickets.seeding.parties import Parties
from tickets.seeding.words import COMMON, MARKER
from tickets.words import Means

TOLD = ("Ticket", "LedgerEntry", "Message", "Effect", "Outcome")
ALL = (*TOLD, "SearchDocument")
TABLES = tuple(f"tickets_{name.lower()}" for name in ALL)
CHUNK = 20_000
# Nothing is sealed, nor comes through anything.
UNSEALED = {
    "previous_hash": "", "hash": "", "salt": "", "digests": Jsonb({}), "through": "", "through_name": "", "agent": "",
}  # fmt: skip

_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid::regclass::text = ANY(%s)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
"""


@contextmanager
def without_walls_and_triggers() -> Iterator[None]:
    """Take row-level security and our triggers off the tables, and put them back: COPY goes through no policy.

    The rows written are linked by no chain: a benchmark's ledger proves nothing to anybody.
    """
    steps = (
        ("DISABLE ROW LEVEL SECURITY", "DISABLE TRIGGER USER"),
        ("ENABLE TRIGGER USER", "ENABLE ROW LEVEL SECURITY"),
    )
    with connection.cursor() as cursor:
        for step in steps[0]:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} {step}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for step in steps[1]:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} {step}")


@contextmanager
def without_keys_and_indexes() -> Iterator[None]:
    """Take foreign keys and plain indexes off the tables, and put them back: a bulk check is a hundred times faster."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # nothing may wait for its check on a table that changes
        cursor.execute(_FOREIGN_KEYS, [list(TABLES)])
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, [list(TABLES)])
        indexes = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


class Writer:
    """Writes lives as rows, with the numbers that follow those already there."""

    def __init__(self, parties: Parties) -> None:
        self.parties = parties
        self.tickets = self.entries = 0

    def write(self, told: Iterable[ToldLife]) -> None:
        """Write the lives, their ledgers, their words and the effects to come."""
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TOLD}
        for life in told:
            self._add(life, rows)
            if len(rows["Ticket"]) >= CHUNK:
                self._copy(rows)
        self._copy(rows)

    def _add(self, life: ToldLife, rows: dict[str, list[dict[str, Any]]]) -> None:
        self.tickets += 1
        contract, received_at = life.contract, life.facts[0].at
        own = {"client_id": contract.client_id, "ticket_id": self.tickets}
        ticket = Ticket(
            id=self.tickets,
            client_id=contract.client_id,
            solution_id=contract.solution_id,
            contract=contract,
            calendar_version=self.parties.versions[contract.calendar_id],
            policy_version=self.parties.policy,
            reporter=self.parties.reporters[contract.client_id],
            title=life.title,
            description=life.description,
            affected_version="4.2.0",
            means=Means.PORTAL,
            registered_at=received_at,
        )
        state = replayed(ticket, life.facts)
        for name, value in index_of(state).items():
            setattr(ticket, name, value)
        rows["Ticket"].append(values_of(ticket))
        for fact in life.facts:
            self.entries += 1
            rows["LedgerEntry"].append(
                {
                    **own, "id": self.entries, "seq": fact.seq, "kind": str(fact.kind), "occurred_at": fact.at,
                    "recorded_at": fact.at, "by_id": life.authors[fact.seq], "data": Jsonb(dict(fact.data)),
                    "chain_seq": self.entries, **UNSEALED,
                }
            )  # fmt: skip
            if fact.seq in life.said:
                author, words = life.said[fact.seq]
                rows["Message"].append(
                    {
                        **own, "id": self.entries, "entry_id": self.entries, "author_id": author, "body": words,
                        "is_internal": False, "sent_at": fact.at,
                    }
                )  # fmt: skip
        outcome = Outcome(ticket_id=self.tickets, **counted(ticket, state))
        rows["Outcome"].append(values_of(outcome))
        for key, (kind, due_at, needs_opening, data) in expected_effects(state, set()).items():
            rows["Effect"].append(
                {
                    **own, "kind": str(kind), "key": key, "due_at": due_at, "needs_opening": needs_opening,
                    "data": Jsonb(data),
                }
            )  # fmt: skip

    @staticmethod
    def _copy(rows: dict[str, list[dict[str, Any]]]) -> None:
        for name, found in rows.items():
            if not found:
                continue
            table, columns = f"tickets_{name.lower()}", list(found[0])
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
            ):
                for row in found:
                    copy.write_row(list(row.values()))
            found.clear()


def values_of(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as PostgreSQL takes them."""
    fields = row._meta.concrete_fields  # noqa: SLF001  (documented, for all its name)
    return {
        str(field.column): field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields
    }


def columns_of(model: str, *left_out: str) -> str:
    """Return the columns of one of our tables, but for some, ready for a statement."""
    fields = apps.get_model("tickets", model)._meta.concrete_fields  # noqa: SLF001
    return ", ".join(field.column for field in fields if field.column not in left_out)


# What a copy does not share with its original: its numbers, and a word of its title, which is found as well.
_WORD = "(%(words)s::text[])[1 + ({id} + %(copied)s) %% %(count)s]"
_VECTOR = f"vector || setweight(to_tsvector('helpdesk_french', {_WORD.format(id='ticket_id')}), 'A')"
_ENTRY = "id + %(move_entry)s"
_TICKET = "ticket_id + %(move)s"
_MOVED = (
    ("Ticket", ("id", "title"), f"id + %(move)s, title || ' ' || {_WORD.format(id='id')}"),
    ("LedgerEntry", ("id", "ticket_id", "chain_seq"), f"{_ENTRY}, {_TICKET}, chain_seq + %(move_entry)s"),
    ("Message", ("id", "entry_id", "ticket_id"), f"{_ENTRY}, entry_{_ENTRY}, {_TICKET}"),
    ("Outcome", ("ticket_id",), _TICKET),
    ("SearchDocument", ("ticket_id", "vector"), f"{_TICKET}, {_VECTOR}"),
)


def copy_closed(
    first: int, last: int, wanted: int, *, tickets: int, entries: int, say: Callable[[str], None]
) -> None:
    """Copy the closed tickets numbered from `first` to `last` until `wanted` more are there, each title its own.

    `tickets` and `entries` are the last numbers taken.
    """
    size = last - first + 1
    words = list(COMMON)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id), max(id) FROM tickets_ledgerentry WHERE ticket_id BETWEEN %s AND %s",
            [first, last],
        )
        low, high = cursor.fetchone()
        for copied in range(0, wanted, size):
            limit = min(size, wanted - copied)
            given = {
                "first": first, "last": first + limit - 1, "move": tickets + 1 - first, "words": words,
                "move_entry": entries + 1 - low, "count": len(words), "copied": copied,
            }  # fmt: skip
            for model, names, moved in _MOVED:
                rest, key = columns_of(model, "id", *names), "id" if model == "Ticket" else "ticket_id"
                table = f"tickets_{model.lower()}"
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(names)}, {rest}) SELECT {moved}, {rest}"  # noqa: S608
                    f" FROM {table} WHERE {key} BETWEEN %(first)s AND %(last)s",
                    given,
                )
            tickets += limit
            entries += high - low + 1
            if copied // size % 20 == 0:
                say(f"… {tickets:,} tickets")


def mark_words(tickets: int, marked: int) -> None:
    """Say the marker in `marked` tickets, evenly."""
    step = tickets // marked
    numbers = range(step, step * marked + 1, step)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without statistics, each of these would read every message there is
        said = "UPDATE tickets_ticket SET description = description || %s WHERE id = ANY(%s)"
        cursor.execute(said, [f" {MARKER}", list(numbers)])
    for number in numbers:
        index_words(number)


def finish() -> None:
    """Bring the sequences past the numbers written, and what comes after in each client's chain past its rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ledgerhead (client_id, entries, hash)"
            " SELECT client_id, max(chain_seq), '' FROM tickets_ledgerentry GROUP BY client_id"
        )
        for table in TABLES:
            if table == "tickets_outcome":  # numbered by its ticket
                continue
            last = f"(SELECT max(id) FROM {table})"  # noqa: S608
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")


def chance_of(seed: int) -> random.Random:
    """Return the source of chance: the same seed tells the same lives."""
    return random.Random(seed)  # noqa: S311  (nothing secret comes of it)  # nosec B311


def rows_written() -> dict[str, int]:
    """Count what is there, and what is open."""
    counted = {"tickets": Ticket.objects.count(), "open": Ticket.objects.open().count()}
    with connection.cursor() as cursor:
        for table in TABLES[1:]:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            counted[table.removeprefix("tickets_")] = cursor.fetchone()[0]
    return counted
