"""Measure what row-level security costs: the pages' queries on many tickets, without and with the wall."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

USUAL = 60_000
SEEDED = 300
RUNS = 15


def explained(query: Any) -> tuple[float, str]:
    """Return planning and execution together, in milliseconds (the best of many), and how the tickets were found."""
    sql, parameters = query.query.sql_with_params()
    times, way = [], ""
    for _run in range(RUNS):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
            plan = cursor.fetchone()[0][0]
        times.append(plan["Planning Time"] + plan["Execution Time"])
        way = way_to_tickets(plan["Plan"])
    return min(times), way


def way_to_tickets(plan: dict[str, Any]) -> str:
    """Return how a plan reads the tickets' tables: the index's name, or that it reads them whole."""
    if str(plan.get("Index Name", "")).startswith(("ticket_", "tickets_ticket")):
        return str(plan["Index Name"])
    if plan["Node Type"] == "Seq Scan" and str(plan["Relation Name"]).startswith("tickets_"):
        return "whole table"
    for inner in plan.get("Plans", ()):
        if found := way_to_tickets(inner):
            return found
    return ""


def questions() -> dict[str, tuple[Any, Callable[[], Any]]]:
    """Return the queries of the pages, each with who asks: a client's person or the vendor's."""
    from accounts.models import Role, User
    from tickets.models import SearchDocument, Ticket
    from tickets.place import Rank
    from tickets.search.finding import text_query
    from tickets.search.language import Kind, Term
    from tickets.similar import similar_open

    at = timezone.now()
    agent = User.objects.filter(role=Role.AGENT)[0]
    manager = User.objects.filter(role=Role.CLIENT_MANAGER)[0]
    a_ticket = Ticket.objects.filter(client=manager.client).order_by("pk")[100]

    def seen(by: User) -> Any:
        return Ticket.objects.visible_to(by, at=at)

    def page(tickets: Any) -> Any:
        return tickets.with_parties()[:25]

    def said(word: str) -> Any:
        return SearchDocument.objects.filter(vector=text_query(Term(Kind.WORD, word)))

    word = a_ticket.title.split()[-1]
    return {
        "the queue, first page": (
            agent,
            lambda: page(
                seen(agent)
                .filter(queue_rank=Rank.DUE, calendar_version=a_ticket.calendar_version)
                .order_by("queue_place", "pk")
            ),
        ),
        f"tickets that say “{word}” (agent)": (agent, lambda: said(word)),
        "titles that resemble one, every client's": (
            agent,
            lambda: Ticket.objects.filter(title__trigram_similar=a_ticket.title),
        ),
        "a ticket (agent)": (agent, lambda: seen(agent).with_parties().filter(pk=a_ticket.pk)),
        "its conversation (agent)": (
            agent,
            lambda: a_ticket.messages.visible_to(agent).select_related("author"),
        ),
        "the client's list, first page": (manager, lambda: page(seen(manager).order_by("-pk"))),
        f"tickets that say “{word}” (client)": (manager, lambda: said(word)),
        "similar titles (client)": (
            manager,
            lambda: similar_open(manager, manager.client, a_ticket.title, at=at),
        ),
        "a ticket (client)": (manager, lambda: seen(manager).with_parties().filter(pk=a_ticket.pk)),
        "its ledger (client)": (manager, lambda: a_ticket.entries.order_by("seq").select_related("by")),
        "its conversation (client)": (
            manager,
            lambda: a_ticket.messages.visible_to(manager).select_related("author"),
        ),
    }


def take_down(tables: Sequence[str]) -> None:
    """Let the wall down, for as long as the transaction lasts."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def main(words: Sequence[str]) -> int:
    """Seed an empty database, then ask each question both ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tickets", type=int, nargs="?", default=USUAL)
    wanted = parser.parse_args(words).tickets
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    django.setup()

    from accounts.scope import scope_of, worker_scope
    from bench.ledger import copy_lives, count

    with worker_scope():
        call_command("migrate", verbosity=0)
        if count("tickets_ticket"):
            print("This database holds tickets: give the measure an empty one.", file=sys.stderr)
            return 1
        call_command("demo_reset", tickets=SEEDED)
        with transaction.atomic():
            copy_lives(wanted // count("tickets_ticket") - 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    with worker_scope():
        cores, machine = os.cpu_count(), platform.machine()
        print(
            f"{count('tickets_ticket'):,} tickets, {count('tickets_ledgerentry'):,} facts; {cores} cores, {machine}"
        )
        asked = questions()
    walled = [model._meta.db_table for app in ("accounts", "sla", "tickets")  # noqa: SLF001
              for model in apps.get_app_config(app).get_models()]  # fmt: skip
    print("| query | without (ms) | with (ms) | found by, without | with |\n|---|---|---|---|---|")
    for name, (by, query) in asked.items():
        with scope_of(by):
            after = explained(query())
        with scope_of(by), transaction.atomic():
            take_down(walled)
            before = explained(query())
            transaction.set_rollback(True)
        print(f"| {name} | {before[0]:.2f} | {after[0]:.2f} | {before[1]} | {after[1]} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
