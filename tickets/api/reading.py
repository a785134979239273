"""A ticket as the API answers it, and the questions of its lists."""

from datetime import datetime
from typing import Any

from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.models import User
from tickets.api.etags import etag_of
from tickets.api.keyset import Column, Order, Page
from tickets.api.links import Links, links_of
from tickets.api.outputs import TicketOut
from tickets.models import Ticket
from tickets.permissions import actions_offered
from tickets.record.page import find_ticket, standing_of

TICKET_ORDERS: dict[str, Order] = {
    "-number": (Column("id", descending=True),),
    "number": (Column("id"),),
    "received_at": (Column("received_at"), Column("id")),
    "-received_at": (Column("received_at", descending=True), Column("id", descending=True)),
    "next_due_at": (Column("next_due_at", nullable=True), Column("id")),
    # Filed with its first entry, a ticket always has a last one.
    "-last_entry_at": (Column("last_entry_at", descending=True), Column("id", descending=True)),
}
# What a ticket's document names beside it.
PARTIES = ("reporter", "owner", "calendar_version", "policy_version")


def ticket_document(user: User, ticket: Ticket, links: Links, at: datetime) -> dict[str, Any]:
    """Return a ticket (fetched with its parties) and what it has beside it as its answer says them."""
    life = standing_of(ticket, at).life
    context = {"at": at, "links": links, "actions": actions_offered(user, ticket, life, at)}
    return dict(TicketOut(ticket, context=context).data)


def ticket_answer(user: User, number: int, at: datetime) -> tuple[dict[str, Any], str]:
    """Return a ticket's document and its tag, read now; a stranger's and an unknown one are a 404."""
    ticket = find_ticket(user, number, at, *PARTIES)
    links = links_of(user, ticket, at)
    return ticket_document(user, ticket, links, at), etag_of(ticket, links, user, at)


def page_answer(page: Page, shape: type[Serializer[Any]], **context: Any) -> Response:
    """Answer a page of a list, with the next one in `Link` too."""
    link = {"Link": f'<{page.next}>; rel="next"'} if page.next else {}
    return Response(
        {"results": shape(page.rows, many=True, context=context).data, "next": page.next}, headers=link
    )
