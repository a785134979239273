"""The lines of a list: a ticket with its clocks in words, and the page that holds it."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from tickets.models import Ticket, TicketQuerySet
from tickets.phrases import ClockLine, clock_lines


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket of a list, and the one of its two clocks that counts next, in words."""

    ticket: Ticket
    clock: ClockLine


def row_of(ticket: Ticket, at: datetime) -> Row:
    """Say the nearest deadline of a ticket at `at`, else how its resolution stands; no query."""
    acknowledge, resolve = clock_lines(ticket, at)
    is_nearest = ticket.acknowledged_at is None and acknowledge.due is not None
    return Row(ticket, acknowledge if is_nearest and acknowledge.due == ticket.next_due_at else resolve)


def with_names(tickets: TicketQuerySet) -> TicketQuerySet:
    """Fetch the names that a line says, and neither the long texts nor the papers behind the ticket."""
    return tickets.select_related("client", "solution", "reporter", "owner").defer("description", "steps")


def page_of(tickets: TicketQuerySet, count: int, size: int, number: str | None) -> Page:
    """Return a page of tickets counted already; a number that is no page's finds the nearest one."""
    paginator = Paginator(tickets, size)
    paginator.count = count  # the tabs have counted
    return paginator.get_page(number)
