"""How PostgreSQL reads what lists ask at size: from an index where the page begins, never every row and a sort."""

import pytest
from django.db import connection
from django.utils import timezone

from tests.tickets.anomalies.test_linking import defect, delivery_of
from tests.world import World
from tickets.anomalies.reading import tickets_served
from tickets.api.reading import TICKET_ORDERS
from tickets.models import Ticket


@pytest.fixture
def as_at_size(db) -> None:
    """Make whatever is not an index dear, as it is among a million rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")


@pytest.mark.parametrize("name", TICKET_ORDERS)
def test_each_order_of_the_tickets_is_an_indexs_own(world: World, as_at_size, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
    tickets = Ticket.objects.visible_to(world.maud, at=timezone.now())
    plan = tickets.order_by(*(column.ordering() for column in TICKET_ORDERS[name]))[:25].explain()
    assert "Index Scan" in plan
    assert "Sort" not in plan
    assert "Seq Scan" not in plan


def test_what_changed_since_an_instant_is_read_from_there(world: World, as_at_size) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
    order = (column.ordering() for column in TICKET_ORDERS["-last_entry_at"])
    plan = Ticket.objects.filter(last_entry_at__gte=timezone.now()).order_by(*order)[:25].explain()
    assert "ticket_by_last_entry" in plan
    assert "Index Cond: (last_entry_at >= " in plan


def test_who_had_a_delivery_is_read_in_the_anomalys_own_tickets(world: World, as_at_size) -> None:
    delivery = delivery_of(world, defect(world))
    plan = tickets_served(world.maud, delivery, timezone.now()).explain()
    assert "Seq Scan" not in plan
    assert "Index Cond: (ticket_id = " in plan
