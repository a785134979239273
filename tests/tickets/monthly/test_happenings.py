"""What a report lists beside the promises: who waits for the client since when, and the workarounds in use."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from sla.document import instant
from tests.tickets.monthly.steering_month import Longer
from tests.world import World, paris
from tickets.models import Ticket
from tickets.monthly.figures import body_of
from tickets.reports.months import Month

AT = "2026-06-02 11:00"


@pytest.fixture(autouse=True)
def in_june() -> Iterator[None]:
    with time_machine.travel(paris(AT), tick=False):
        yield


def told(world: World, name: str, ticket: Ticket) -> list[dict[str, Any]]:
    """Return what a list of May says of a ticket, its number left out."""
    found = body_of(world.contract, Month(2026, 5), paris(AT))["figures"][name]
    assert all(line.pop("ticket") == ticket.pk for line in found)
    return found


def since(text: str, **more: object) -> dict[str, Any]:
    return {"since": instant(paris(f"2026-{text}")), **more}


def test_k_7_a_ticket_waits_since_the_first_question_of_its_wait_whatever_is_asked_later(
    world: World,
) -> None:
    life = Longer(world, "05-12 09:00").acknowledge("05-12 09:30")
    life.ask("05-12 10:00").ask("05-20 10:00").ask("06-01 09:30")
    assert told(world, "waiting", life.ticket) == [since("05-12 10:00")]


def test_k_7_a_question_after_an_answer_begins_another_wait(world: World) -> None:
    life = Longer(world, "05-12 09:00").acknowledge("05-12 09:30")
    life.ask("05-12 10:00").answer("05-13 10:00").ask("05-20 10:00").answer("06-01 10:00")
    assert told(world, "waiting", life.ticket) == [since("05-20 10:00")]


def test_k_7_a_delivery_under_test_waits_for_the_client_since_the_first_of_its_test(world: World) -> None:
    life = Longer(world, "05-12 09:00").acknowledge("05-12 09:30")
    life.deliver("05-13 10:00").refuse("05-15 10:00").deliver("05-18 10:00").deliver("05-20 10:00")
    life.accept("06-01 10:00")
    assert told(world, "under_test", life.ticket) == [since("05-18 10:00")]
    assert told(world, "waiting", life.ticket) == []


def test_a_workaround_is_active_whatever_fix_was_delivered_after_it_until_one_is_accepted(
    world: World,
) -> None:
    life = Longer(world, "05-12 09:00").acknowledge("05-12 09:30")
    life.work_around("05-13 10:00").judge("05-13 15:00", definitive=False)
    provisional = since("05-13 10:00", verdict="provisional")
    assert told(world, "workarounds", life.ticket) == [provisional]
    life.deliver("05-18 10:00")
    assert told(world, "workarounds", life.ticket) == [provisional]
    life.refuse("05-19 10:00")
    assert told(world, "workarounds", life.ticket) == [provisional]
    life.deliver("05-20 10:00").accept("05-21 10:00")
    assert told(world, "workarounds", life.ticket) == []


def test_a_workaround_refused_leaves_the_one_before_it_active(world: World) -> None:
    life = Longer(world, "05-12 09:00").acknowledge("05-12 09:30")
    life.work_around("05-13 10:00").judge("05-13 15:00", definitive=False)
    life.work_around("05-18 10:00").refuse("05-19 10:00")
    assert told(world, "workarounds", life.ticket) == [since("05-13 10:00", verdict="provisional")]
