"""The life of one ticket, checked by hand to the second across 8 May and Ascension."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.silence import close_tacitly
from tickets.actions.work import IllegalMove
from tickets.words import ClosingGround, DeliveryKind, EntryKind, State

HOUR = 3_600_000_000


def test_a_ticket_lives_to_its_tacit_closing(world: World) -> None:
    ticket = world.file("2026-04-28 10:30", "majeure")
    assert ticket.acknowledge_due_at == paris("2026-04-28 14:30")
    assert ticket.resolve_due_at == paris("2026-05-11 10:30")

    ticket = vendor.acknowledge(
        ticket, by=world.agnes, at=paris("2026-04-28 11:00"), owner=world.agnes, message="Je m'en occupe."
    )
    assert (ticket.state, ticket.acknowledge_state, ticket.owner_id) == ("in_progress", "met", world.agnes.pk)

    ticket = vendor.ask(ticket, by=world.agnes, at=paris("2026-04-29 09:00"), message="Quelle version ?")
    assert ticket.state == State.WAITING_CLIENT
    assert ticket.resolve_due_at is None

    ticket = client.answer(ticket, by=world.claire, at=paris("2026-04-29 12:00"), message="La 4.2")
    assert ticket.resolve_due_at == paris("2026-05-11 13:30")

    ticket = vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-04-30 10:00"), what=DeliveryKind.FIX, content="4.2.1",
        how_to_test="Relancer l'export.",
    )  # fmt: skip
    assert ticket.state == State.UNDER_TEST
    # Delivered on Thursday 30 April; 1 May and 8 May are holidays: 4, 5, 6, 7 and 11 May are the five days.
    assert ticket.closes_at == paris("2026-05-11 18:00")

    ticket = client.refuse(ticket, by=world.claire, at=paris("2026-05-04 10:00"), motive="Toujours vide.")
    # Under test: 8 business hours on 30 April, 1 on 4 May, which shift 13:30 on 11 May to 13:30 on 12 May.
    assert ticket.resolve_due_at == paris("2026-05-12 13:30")

    ticket = vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-05-05 10:00"), what=DeliveryKind.FIX, content="4.2.2",
        how_to_test="Relancer l'export.",
    )  # fmt: skip
    assert ticket.closes_at == paris("2026-05-13 18:00")
    with pytest.raises(IllegalMove):
        close_tacitly(ticket, at=paris("2026-05-13 18:00") - timedelta(microseconds=1))
    ticket = close_tacitly(ticket, at=paris("2026-05-13 18:00"))
    assert (ticket.state, ticket.closing_ground) == (State.CLOSED, ClosingGround.TACIT)
    assert (ticket.resolve_state, ticket.resolved_at) == ("met", paris("2026-05-05 10:00"))
    assert ticket.resolve_due_at == paris("2026-05-12 13:30")
    assert [entry.kind for entry in ticket.entries.all()] == [
        EntryKind.RECEIVED, EntryKind.ASSIGNED, EntryKind.ACKNOWLEDGED, EntryKind.QUESTION, EntryKind.ANSWER,
        EntryKind.DELIVERED, EntryKind.REJECTED, EntryKind.DELIVERED, EntryKind.CLOSED,
    ]  # fmt: skip


def test_the_other_client_may_not_act(world: World) -> None:
    ticket = world.file()
    with pytest.raises(PermissionDenied):
        client.answer(ticket, by=world.olivia, at=paris("2026-04-28 11:00"), message="Bonjour")
    with pytest.raises(PermissionDenied):
        vendor.assign(ticket, by=world.claire, at=paris("2026-04-28 11:00"), owner=world.agnes)
