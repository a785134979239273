"""Two people act on one ticket at the same instant: one is first, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.scope import scope_of
from tests.tickets.quotes.lives import last_quote, quoted, studied
from tests.world import build_world, paris
from tickets.actions import quotes, vendor
from tickets.actions.desk import save_view
from tickets.actions.work import IllegalMove, StaleForm
from tickets.models import Message, Ticket


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_seen", [True, False])
def test_two_agents_take_the_same_ticket_and_one_is_told(with_seen: bool) -> None:
    world = build_world()
    ticket = world.file()
    start = Barrier(2)

    def take(agent: object) -> str:
        try:
            start.wait(timeout=10)
            with scope_of(agent):
                vendor.acknowledge(
                    Ticket.objects.get(pk=ticket.pk),
                    by=agent,
                    at=paris("2026-04-28 11:00"),
                    owner=agent,
                    message="Je m'en occupe.",
                    seen=ticket.last_seq if with_seen else None,
                )
        except StaleForm:
            return "stale"
        except IllegalMove:
            return "illegal"
        else:
            return "taken"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(take, [world.agnes, world.bruno]))
    assert outcomes == ["stale" if with_seen else "illegal", "taken"]
    assert Message.objects.count() == 1
    assert [entry.seq for entry in ticket.entries.all()] == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_view_kept_twice_at_once_is_refused_the_second_time() -> None:
    world = build_world()

    def keep() -> str:
        try:
            with scope_of(world.agnes):
                save_view(by=world.agnes, name="Retards", query="view=late", is_shared=False)
        except ValidationError as refused:
            return " ".join(refused.message_dict)
        else:
            return "kept"
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with scope_of(world.agnes), transaction.atomic():
            save_view(by=world.agnes, name="Retards", query="view=late", is_shared=False)
            second = pool.submit(keep)
            wait_until_somebody_waits()
        assert second.result(timeout=10) == "name"


def wait_until_somebody_waits() -> None:
    """Return once another transaction waits for what this one holds."""
    until = monotonic() + 10
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return
    pytest.fail("Nobody waits.")


@pytest.mark.django_db(transaction=True)
def test_two_quotes_issued_at_once_have_two_numbers_and_no_gap() -> None:
    world = build_world()
    tickets = [studied(world), studied(world)]
    start = Barrier(2)

    def issue(ticket: Ticket) -> int:
        try:
            start.wait(timeout=10)
            with scope_of(world.maud):
                return quoted(world, ticket).quotes.get().number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = sorted(pool.map(issue, tickets))
    assert numbers == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_of_an_acceptance_and_a_withdrawal_at_once_one_is_told() -> None:
    world = build_world()
    ticket = quoted(world)
    quote, at = last_quote(ticket).pk, paris("2026-05-07 10:00")
    start = Barrier(2)

    def act(person: object) -> str:
        verb = quotes.accept_quote if person == world.marc else quotes.withdraw_quote
        said = {"agreed": True} if person == world.marc else {"message": "Une ligne manque."}
        try:
            start.wait(timeout=10)
            with scope_of(person):
                verb(Ticket.objects.get(pk=ticket.pk), by=person, at=at, quote=quote, **said)
        except IllegalMove:
            return "told"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, [world.marc, world.maud])) == ["done", "told"]
