"""What happens exactly at a deadline, as the index, the timetable and the reports say it (K-8, K-14)."""

from datetime import date

import pytest

from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.effects.runner import run_due
from tickets.indexing import BrokenLedger, differences, effects_between
from tickets.ledger import rows_between
from tickets.models import Mail, Outcome, Ticket
from tickets.outcomes import outcomes_between
from tickets.reports.counting import Figure, condition_of
from tickets.reports.days import Days
from tickets.words import DeliveryKind, OutOfScopeGround

# Bloquante, received on Monday 8 June at 9:00: 24 business hours end on Wednesday 10 June at 15:00.
DUE = "2026-06-10 15:00"


def due_then(world: World) -> Ticket:
    ticket = world.file("2026-06-08 09:00", "bloquante")
    ticket = vendor.acknowledge(
        ticket, by=world.agnes, at=paris("2026-06-08 10:00"), owner=world.agnes, message="Vu."
    )
    assert ticket.resolve_due_at == paris(DUE)
    return ticket


def asked(world: World) -> Ticket:
    return vendor.ask(due_then(world), by=world.agnes, at=paris(DUE), message="Quelle version ?")


def classed(world: World) -> Ticket:
    return vendor.class_out_of_scope(
        due_then(world),
        by=world.agnes,
        at=paris(DUE),
        ground=OutOfScopeGround.MISUSE,
        explanation="Hors notice.",
    )


@pytest.mark.parametrize("act", [asked, classed])
def test_k_8_a_wait_begun_exactly_at_the_deadline_leaves_it_missed_in_the_index_too(
    world: World, act
) -> None:
    ticket = act(world)
    assert (ticket.resolve_state, ticket.resolve_due_at) == ("missed", paris(DUE))
    assert (ticket.next_due_at, ticket.resolve_left) == (paris(DUE), None)
    days, later = Days(date(2026, 6, 10), date(2026, 6, 10)), paris("2026-06-11 09:00")
    found = Outcome.objects.filter(condition_of(Figure.RESOLVE_MISSED, days, later))
    assert [outcome.ticket_id for outcome in found] == [ticket.pk]


@pytest.mark.parametrize("act", [asked, classed])
def test_k_8_the_breach_is_escalated_all_the_same(world: World, act) -> None:
    act(world)
    Mail.objects.all().delete()
    run_due(paris("2026-06-10 15:01"))
    told = Mail.objects.filter(template="escalation", context__clock="resolve")
    assert {mail.context["percent"] for mail in told} == {100}


@pytest.mark.parametrize("act", [asked, classed])
def test_the_index_is_what_the_ledger_amounts_to(world: World, act) -> None:
    number = act(world).pk
    ticket = Ticket.objects.get(pk=number)
    try:
        found = differences(
            ticket,
            rows_between(number, number)[number],
            effects_between(number, number)[number],
            outcomes_between(number, number)[number],
        )
    except BrokenLedger as error:
        pytest.fail(str(error))
    assert found == []


def test_k_14_a_delivery_in_the_instant_of_the_question_is_still_in_time(world: World) -> None:
    ticket = vendor.deliver(
        asked(world),
        by=world.agnes,
        at=paris(DUE),
        what=DeliveryKind.FIX,
        content="4.2.1",
        how_to_test="Relancer.",
    )
    assert (ticket.resolve_state, ticket.resolve_left) == ("paused", 0)
    ticket = client.accept(ticket, by=world.claire, at=paris("2026-06-11 10:00"))
    assert (ticket.resolve_state, ticket.resolved_at) == ("met", paris(DUE))


def test_k_8_a_question_a_microsecond_earlier_pauses(world: World) -> None:
    at = paris(DUE).replace(minute=59, second=59, microsecond=999_999, hour=14)
    ticket = vendor.ask(due_then(world), by=world.agnes, at=at, message="Quelle version ?")
    assert (ticket.resolve_state, ticket.resolve_left) == ("paused", 1)
