"""The story of tests/tickets/test_story.py as one function, for the tests of its statement."""

from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.silence import close_tacitly
from tickets.models import Ticket
from tickets.words import DeliveryKind


def lived(world: World) -> Ticket:
    """Live a Majeure of 28 April 10:30 to its tacit closing, across 1 May and 8 May."""
    ticket = world.file("2026-04-28 10:30", "majeure")
    ticket = vendor.acknowledge(
        ticket, by=world.agnes, at=paris("2026-04-28 11:00"), owner=world.agnes, message="Je m'en occupe."
    )
    ticket = vendor.ask(ticket, by=world.agnes, at=paris("2026-04-29 09:00"), message="Quelle version ?")
    ticket = client.answer(ticket, by=world.claire, at=paris("2026-04-29 12:00"), message="La 4.2")
    ticket = vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-04-30 10:00"), what=DeliveryKind.FIX, content="4.2.1",
        how_to_test="Relancer l'export.",
    )  # fmt: skip
    ticket = client.refuse(ticket, by=world.claire, at=paris("2026-05-04 10:00"), motive="Toujours vide.")
    ticket = vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-05-05 10:00"), what=DeliveryKind.FIX, content="4.2.2",
        how_to_test="Relancer l'export.",
    )  # fmt: skip
    return close_tacitly(ticket, at=paris("2026-05-13 18:00"))
