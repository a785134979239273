"""A ticket out of scope in May 2026, and each step of the paid work that follows (C-OUT-4)."""

from datetime import date, datetime
from decimal import Decimal

from accounts.models import User
from tests.playing import a_price_list
from tests.world import World, paris
from tickets.actions import quotes, vendor
from tickets.models import Quote, Ticket
from tickets.words import OutOfScopeGround


def outside(world: World) -> Ticket:
    """Return a ticket classed out of scope on Tuesday 28 April 2026; a price list is in force since 2025."""
    a_price_list(world)
    return vendor.class_out_of_scope(
        world.file("2026-04-28 10:30"), by=world.agnes, at=paris("2026-04-28 11:00"),
        ground=OutOfScopeGround.DEVELOPMENT, explanation="Un écran de plus n'est pas dans le contrat.",
    )  # fmt: skip


def requested(world: World, at: str = "2026-05-04 10:00") -> Ticket:
    return quotes.request_work(outside(world), by=world.claire, at=paris(at), message="Un devis, alors.")


def studied(world: World) -> Ticket:
    return quotes.study(
        requested(world), by=world.agnes, at=paris("2026-05-05 10:00"), feasible=True, message="Deux jours."
    )


def quoted(
    world: World, ticket: Ticket | None = None, at: str = "2026-05-06 10:00", **fields: object
) -> Ticket:
    said = {"lines": {"JOUR": Decimal("2.5")}, "valid_until": date(2026, 6, 5), "execution": "Livré en juin."}
    ticket = ticket or studied(world)
    return quotes.issue_quote(ticket, by=world.maud, at=paris(at), **{**said, **fields})


def accept(ticket: Ticket, *, by: User, at: datetime, agreed: bool = True, **fields: object) -> Ticket:
    """Answer the last quote of the ticket."""
    return quotes.accept_quote(ticket, by=by, at=at, quote=last_quote(ticket).pk, agreed=agreed, **fields)


def refuse(ticket: Ticket, *, by: User, at: datetime, **fields: object) -> Ticket:
    """Refuse the last quote of the ticket."""
    return quotes.refuse_quote(ticket, by=by, at=at, quote=last_quote(ticket).pk, **fields)


def accepted(world: World) -> Ticket:
    return accept(quoted(world), by=world.marc, at=paris("2026-05-12 10:00"), order_reference="BC-118")


def last_quote(ticket: Ticket) -> Quote:
    return ticket.quotes.latest("number")
