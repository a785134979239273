"""Tickets to be read: the list, one of them, its clocks, conversation and ledger."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from tickets.api.base import ApiView
from tickets.api.etags import etag_of, is_unchanged
from tickets.api.filters import TicketFilters, narrowed
from tickets.api.keyset import PAGING, Column, Order, Page, page_by_marks, page_of
from tickets.api.links import links_of
from tickets.api.openapi import ETAG, IF_NONE_MATCH, Tag, filters_of, listing, operation, page_out
from tickets.api.outputs import EntryOut, LiveClocksOut, MessageOut, TicketLine, TicketOut
from tickets.api.reading import PARTIES, TICKET_ORDERS, page_answer, ticket_document
from tickets.api.requests import ApiRequest
from tickets.desk.cursor import Cursor
from tickets.desk.order import slice_of, versions_due
from tickets.lists.rows import with_names
from tickets.models import Message, Ticket, TicketQuerySet
from tickets.permissions import may_read_queue
from tickets.record.offers import offers_to, say_turn
from tickets.record.page import find_ticket, standing_of
from tickets.record.standing import say_closing
from tickets.record.timeline import say_entries

BY_SEQ: dict[str, Order] = {"seq": (Column("seq"),), "-seq": (Column("seq", descending=True),)}
BY_SENDING: dict[str, Order] = {
    "sent_at": (Column("sent_at"), Column("id")),
    "-sent_at": (Column("sent_at", descending=True), Column("id", descending=True)),
}


QUEUE = "queue"  # the order of the desk, by business time left whatever the calendars; the vendor's alone


def in_queue(request: ApiRequest, tickets: TicketQuerySet, at: datetime) -> Page:
    """Return a page of tickets in the order of the queue, frozen as it stood at the first page."""

    def read(mark: str, limit: int) -> tuple[list[Ticket], str]:
        cursor = Cursor.read(mark) if mark else None
        part = slice_of(tickets, cursor, limit, at, versions_due())
        found = with_names(tickets).in_bulk(part.numbers)
        return [found[number] for number in part.numbers if number in found], part.following

    return page_by_marks(request, QUEUE, read)


class TicketsView(ApiView):
    """The tickets that the person may see."""

    takes = PAGING | frozenset(TicketFilters.base_filters)

    @operation(
        "tickets_list", _("List tickets"), Tag.TICKETS, page_out("Ticket", TicketLine),
        query=[*listing(*dict.fromkeys(("-number", *TICKET_ORDERS, QUEUE))), *filters_of(TicketFilters)],
        description=_(
            "The tickets that you may see, whatever the filters: your organisation's, or every client's. "
            "The order “queue” is the desk's, for the vendor alone: the least business time left first."
        ),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        at = timezone.now()
        tickets = narrowed(request, Ticket.objects.visible_to(request.user, at=at))
        if request.query_params.get("order") == QUEUE and may_read_queue(request.user):
            page = in_queue(request, tickets, at)
        else:
            page = page_of(request, with_names(tickets), TICKET_ORDERS, "-number")
        return page_answer(page, TicketLine, at=at)


class TicketView(ApiView):
    """One ticket."""

    @operation(
        "tickets_read", _("Read a ticket"), Tag.TICKETS, TicketOut, refuses=[404], headers=[IF_NONE_MATCH, ETAG],
        description=_("With the actions that you may do on it now."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer the ticket, or that it has not changed since it was read."""
        at = timezone.now()
        ticket = find_ticket(request.user, number, at, *PARTIES)
        links = links_of(request.user, ticket, at)
        etag = etag_of(ticket, links, request.user, at)
        if is_unchanged(request, etag):
            return Response(status=304, headers={"ETag": etag})
        return Response(ticket_document(request.user, ticket, links, at), headers={"ETag": etag})


class TicketClocksView(ApiView):
    """Both clocks at this instant."""

    @operation(
        "tickets_clocks", _("Read both clocks in words"), Tag.TICKETS, LiveClocksOut, refuses=[404],
        description=_("At the instant of the answer, with the business time left."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer them."""
        at = timezone.now()
        ticket = find_ticket(request.user, number, at)
        standing = standing_of(ticket, at)
        acknowledge, resolve = standing.lines
        offers = offers_to(request.user, ticket, standing.life, at)
        return Response(LiveClocksOut({
            "at": standing.at, "acknowledge": acknowledge, "resolve": resolve, "last_seq": standing.life.last_seq,
            "turn": say_turn(standing.life, request.user, offers), "closing": say_closing(standing),
        }).data)  # fmt: skip


class TicketConversationView(ApiView):
    """The words written on a ticket."""

    takes = PAGING

    @operation(
        "tickets_conversation", _("Read the conversation"), Tag.TICKETS, page_out("Message", MessageOut),
        query=listing(*BY_SENDING), refuses=[404],
        description=_("With what was said on its duplicates (K-19). Internal notes are for the vendor alone."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer a page of them, with their files."""
        at = timezone.now()
        ticket = find_ticket(request.user, number, at)
        duplicates = Ticket.objects.visible_to(request.user, at=at).filter(duplicate_of=ticket)
        merged = [ticket.pk, *duplicates.values_list("pk", flat=True)]
        messages = Message.objects.visible_to(request.user).filter(ticket__in=merged)
        fetched = messages.select_related("author", "entry").prefetch_related("attachments")
        return page_answer(page_of(request, fetched, BY_SENDING, "sent_at"), MessageOut)


class TicketLedgerView(ApiView):
    """The facts of a ticket's life."""

    takes = PAGING

    @operation(
        "tickets_ledger", _("Read the ledger"), Tag.TICKETS, page_out("Entry", EntryOut),
        query=listing(*BY_SEQ), refuses=[404],
        description=_("Every fact, in order: to follow a ticket, ask for it with `order=-seq`."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer a page of them, in words."""
        ticket = find_ticket(request.user, number, timezone.now())
        page = page_of(request, ticket.entries.select_related("by"), BY_SEQ, "seq")
        return page_answer(Page(say_entries(page.rows), page.next), EntryOut)
