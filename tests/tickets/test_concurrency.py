"""Two people act on one ticket at the same instant: one is first, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.scope import scope_of
from tests.world import build_world, paris
from tickets.actions import vendor
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
