"""Measure how long replaying every ledger takes: `check_ledger` on 100,000 tickets, in a database made for it."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from accounts.scope import worker_scope

SEEDED = 300  # lives told by the demonstration, each as a person lives it; the rest are copies of these
USUAL = 100_000


def columns_of(model: str, *left_out: str) -> list[str]:
    """Return the columns of one of our tables, but for some."""
    fields = apps.get_model("tickets", model)._meta.concrete_fields  # noqa: SLF001  (documented, for all its name)
    return [field.column for field in fields if field.column not in {"id", *left_out}]


def copy_lives(copies: int) -> None:
    """Copy every ticket, its ledger and its effects, row for row, straight into the tables."""
    with connection.cursor() as cursor:
        columns = columns_of("Ticket", "external_reference", "follow_up_of_id", "duplicate_of_id")
        names = ", ".join(columns)
        cursor.execute(
            "CREATE TEMPORARY TABLE step AS SELECT max(ticket.id) AS size,"
            " (SELECT max(chain_seq) FROM tickets_ledgerentry) AS links FROM tickets_ticket ticket"
        )
        cursor.execute(
            f"INSERT INTO tickets_ticket (id, external_reference, {names})"
            f" SELECT id + copy * size, '', {names}"
            " FROM tickets_ticket, step, generate_series(1, %s) AS copy",
            [copies],
        )
        # Each copy has places of its own in its client's chain; what seals them is not read here.
        for model, place in (("LedgerEntry", "chain_seq"), ("Effect", ""), ("Outcome", "")):
            table = apps.get_model("tickets", model)._meta.db_table  # noqa: SLF001
            names = ", ".join(columns_of(model, "ticket_id", place))
            to, own = (f"{place}, ", f"{place} + copy * links, ") if place else ("", "")
            cursor.execute(
                f"INSERT INTO {table} (ticket_id, {to}{names}) SELECT ticket_id + copy * size, {own}{names}"
                f" FROM {table}, step, generate_series(1, %s) AS copy WHERE ticket_id IS NOT NULL",
                [copies],
            )
        cursor.execute("ANALYZE")


def count(table: str) -> int:
    """Return the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def main(words: Sequence[str]) -> int:
    """Seed, then time the command; an instance that holds data is refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "tickets", type=int, nargs="?", default=USUAL, help="how many, rounded down to a multiple of 300"
    )
    wanted = parser.parse_args(words).tickets
    if wanted < SEEDED:
        parser.error(f"at least {SEEDED} tickets: that many lives are told")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    django.setup()
    with worker_scope():
        return measure(wanted)


def measure(wanted: int) -> int:
    """Seed and time, every client's rows at hand."""
    call_command("migrate", verbosity=0)
    if count("tickets_ticket"):
        print("This database holds tickets: give the benchmark an empty one.", file=sys.stderr)
        return 1
    call_command("demo_reset", tickets=SEEDED)
    told = count("tickets_ticket")
    copy_lives(wanted // told - 1)
    tickets, entries, effects = (count(f"tickets_{name}") for name in ("ticket", "ledgerentry", "effect"))
    print(f"{tickets:,} tickets, {entries:,} facts, {effects:,} effects")
    load, begun, worked = os.getloadavg()[0], time.perf_counter(), time.process_time()
    call_command("check_ledger")
    elapsed, worked = time.perf_counter() - begun, time.process_time() - worked
    print(
        f"check_ledger: {elapsed:.1f} s ({worked:.1f} s of processor time in this process),"
        f" {tickets / elapsed:,.0f} tickets a second; Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" load average {load:.1f} before"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
