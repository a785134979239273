"""The benchmark's seeding: an empty database only, ledgers that agree with their index, words that are found."""

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Client, Role, User
from tests.world import World
from tickets.actions import vendor
from tickets.models import LedgerEntry, Message, SearchDocument, Ticket
from tickets.place import Rank
from tickets.search.finding import FRENCH
from tickets.seeding.words import MARKER

SIZE = {"tickets": 90, "open": 30, "clients": 5, "agents": 3}


def schema() -> list[tuple[str, ...]]:
    """Return the keys and indexes of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE 'tickets_%'"
        )
        keys = cursor.fetchall()
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'tickets_%'")
        indexes = cursor.fetchall()
        cursor.execute("SELECT relname, relrowsecurity::text FROM pg_class WHERE relname LIKE 'tickets_%'")
        return sorted([*keys, *indexes, *cursor.fetchall()])


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_is_filled_with_tickets_whose_ledgers_agree_with_their_index(capsys) -> None:
    before = schema()
    assert ("tickets_ticket", "true") in before
    call_command("seed_bench", **SIZE)
    assert schema() == before
    assert (Ticket.objects.count(), Ticket.objects.open().count()) == (90, 30)
    assert (Client.objects.count(), Message.objects.count()) == (5, 270)
    assert set(Ticket.objects.values_list("queue_rank", flat=True)) == set(Rank)
    assert SearchDocument.objects.filter(vector=SearchQuery(MARKER, config=FRENCH)).count() == 90
    call_command("check_ledger")
    assert "differing from their ledger: 0" in capsys.readouterr().out
    # What comes after has the next numbers.
    ticket = Ticket.objects.first()
    assert LedgerEntry.objects.filter(ticket=ticket).order_by("seq").first().kind == "received"
    agent = User.objects.filter(role=Role.AGENT).first()
    vendor.note(ticket, by=agent, at=timezone.now(), message="Ensuite.")
    opened = Ticket.objects.open().filter(state="new").first()
    vendor.assign(opened, by=agent, at=timezone.now(), owner=agent)
    with pytest.raises(CommandError, match="holds data"):
        call_command("seed_bench", **SIZE)


def test_a_database_where_anybody_is_is_left_alone(world: World) -> None:
    people = User.objects.count()
    with pytest.raises(CommandError, match="holds data"):
        call_command("seed_bench", **SIZE)
    assert (User.objects.count(), Ticket.objects.count()) == (people, 0)


def test_production_is_left_alone(db, settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("seed_bench", **SIZE)


@pytest.mark.parametrize("sizes", [{"open": 90}, {"open": 0}, {"clients": 0}, {"agents": 0}])
def test_sizes_that_make_no_benchmark_are_refused(db, sizes: dict[str, int]) -> None:
    with pytest.raises(CommandError):
        call_command("seed_bench", **{**SIZE, **sizes})
    assert not Client.objects.exists()
