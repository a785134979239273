"""The lines of a list: a ticket with its clocks in words, and the page that holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tickets.lists.tags import severity_tag, state_tag
from tickets.models import Ticket, TicketQuerySet
from tickets.phrases import ClockLine, acknowledge_line, resolve_line
from tickets.search.finding import Search
from tickets.search.snippets import Snippet, snippets


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket of a list, and the one of its two clocks that counts next, in words."""

    ticket: Ticket
    clock: ClockLine
    severity: SafeString
    state: SafeString
    snippet: Snippet | None = None


def clock_of(ticket: Ticket, at: datetime) -> ClockLine:
    """Say the nearest deadline of a ticket at `at`, else how its resolution stands; no query."""
    is_nearest = ticket.acknowledged_at is None and ticket.acknowledge_due_at is not None
    if is_nearest and ticket.acknowledge_due_at == ticket.next_due_at:
        return acknowledge_line(ticket, at)
    return resolve_line(ticket, at)


def rows_of(tickets: Sequence[Ticket], search: Search, at: datetime) -> list[Row]:
    """Return the lines of a page; a search shows where each answers it, for one query more."""
    shown = snippets(search, [ticket.pk for ticket in tickets])
    language = get_language()
    return [
        Row(
            ticket,
            clock_of(ticket, at),
            severity_tag(ticket.severity, language),
            state_tag(ticket.state, language),
            shown.get(ticket.pk),
        )
        for ticket in tickets
    ]


def with_names(tickets: TicketQuerySet) -> TicketQuerySet:
    """Fetch the names that a line says, and neither the long texts nor the papers behind the ticket."""
    return tickets.select_related("client", "solution", "reporter", "owner").defer("description", "steps")


def page_of(tickets: TicketQuerySet, count: int, size: int, number: str | None) -> Page:
    """Return a page of tickets counted already; a number that is no page's finds the nearest one."""
    paginator = Paginator(tickets, size)
    paginator.count = count  # the tabs have counted
    return paginator.get_page(number)
