"""The lines of a list: a ticket with its clocks in words, and the page that holds it.

Everything is a word or a badge before the template is reached, and a line drawn once is kept as long as nothing
that it says changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.core.paginator import Page, Paginator
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.lists.tags import severity_tag, state_tag
from tickets.models import Ticket, TicketQuerySet
from tickets.phrases import ClockLine, acknowledge_line, resolve_line, say_instant, say_short
from tickets.search.finding import Search
from tickets.search.snippets import Snippet, snippets
from tickets.words import Turn

# What a line says of a ticket, and nothing more: half of the columns, and none of the papers behind it.
SHOWN = (
    "title", "severity", "state", "turn", "received_at", "closes_at", "closed_at", "closing_ground", "is_contested",
    "next_due_at", "acknowledge_state", "acknowledge_due_at", "acknowledged_at", "resolve_state", "resolve_due_at",
    "resolved_at", "resolve_left", "last_seq", "calendar_version_id", "policy_version_id", "solution__name",
)  # fmt: skip
PARTIES = ("client__name", "owner__first_name", "owner__last_name", "owner__email")
REPORTER = ("reporter__first_name", "reporter__last_name", "reporter__email")


@dataclass(frozen=True, slots=True)
class Line:
    """What a line shows, in words: two lines that are equal look the same."""

    for_vendor: bool
    number: int
    address: str
    title: str
    client: str
    solution: str
    severity: SafeString
    state: SafeString
    is_contested: bool
    turn: str
    person: str  # who owns it, for the vendor (empty: nobody); who filed it, for the client
    tone: str
    icon: str
    clock: str
    clock_state: str
    clock_text: str
    closing: str
    received: str
    received_at: str
    snippet: Snippet | None


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket of a list, the one of its two clocks that counts next, and its line as it is drawn."""

    ticket: Ticket
    clock: ClockLine
    snippet: Snippet | None
    drawn: SafeString


@lru_cache(maxsize=2048)
def drawn(line: Line, _language: str | None) -> SafeString:
    """Draw a line in the active language; what was drawn is kept by what it says, its reader's side included."""
    return render_to_string("lists/row.html", {"line": line})


def one_after_the_other(lines: Iterable[SafeString]) -> SafeString:
    """Return drawn lines as one text."""
    return mark_safe("".join(lines))  # noqa: S308  (each of them drawn)  # nosec B308 B703


def clock_of(ticket: Ticket, at: datetime) -> ClockLine:
    """Say the nearest deadline of a ticket at `at`, else how its resolution stands; no query."""
    is_nearest = ticket.acknowledged_at is None and ticket.acknowledge_due_at is not None
    if is_nearest and ticket.acknowledge_due_at == ticket.next_due_at:
        return acknowledge_line(ticket, at)
    return resolve_line(ticket, at)


def rows_of(tickets: Sequence[Ticket], search: Search, at: datetime, *, person: User) -> list[Row]:
    """Return the lines of a page for `person`; a search shows where each answers it, for one query more."""
    shown, for_vendor = snippets(search, [ticket.pk for ticket in tickets]), person.is_vendor
    return [_row(ticket, shown.get(ticket.pk), at, for_vendor=for_vendor) for ticket in tickets]


def _row(ticket: Ticket, snippet: Snippet | None, at: datetime, *, for_vendor: bool) -> Row:
    clock, language = clock_of(ticket, at), get_language()
    person = ticket.owner if for_vendor else ticket.reporter
    line = Line(
        for_vendor=for_vendor,
        number=ticket.pk,
        address=ticket.get_absolute_url(),
        title=ticket.title,
        client=ticket.client.name if for_vendor else "",
        solution=ticket.solution.name,
        severity=severity_tag(ticket.severity, language),
        state=state_tag(ticket.state, language),
        is_contested=ticket.is_contested,
        turn=_say_turn(ticket, for_vendor=for_vendor),
        person=person.get_full_name() if person else "",
        tone=clock.tone,
        icon=clock.icon,
        clock=clock.name,
        clock_state=clock.state_label,
        clock_text=clock.text,
        closing=say_closing(ticket),
        received=say_short(ticket.received_at),
        received_at=timezone.localtime(ticket.received_at).isoformat(),
        snippet=snippet,
    )
    return Row(ticket, clock, snippet, drawn(line, language))


def _say_turn(ticket: Ticket, *, for_vendor: bool) -> str:
    if ticket.closed_at or ticket.turn != Turn.CLIENT or for_vendor:
        return say_turn(ticket)
    # Only the client's own list asks who is trained, in its own query.
    return _("Your turn") if getattr(ticket, "reader_is_trained", False) else _("Your organisation's turn")


def say_turn(ticket: Ticket) -> str:
    """Say whose turn it is, as the vendor reads it; of a closed ticket when and why; nothing where it is nobody's."""
    if ticket.closed_at:
        return f"{say_short(ticket.closed_at)} · {ticket.get_closing_ground_display()}"
    if ticket.turn == Turn.VENDOR:
        return _("The vendor's turn")
    return _("The client's turn") if ticket.turn == Turn.CLIENT else ""


def say_closing(ticket: Ticket) -> str:
    """Say when silence closes a ticket; nothing when it does not."""
    if ticket.closes_at is None:
        return ""
    return _("Without an answer, closes on %(at)s") % {"at": say_instant(ticket.closes_at)}


def with_names(tickets: TicketQuerySet) -> TicketQuerySet:
    """Fetch the names that go with a ticket, and neither the long texts nor the papers behind it."""
    return tickets.select_related("client", "solution", "reporter", "owner").defer("description", "steps")


def with_lines(tickets: TicketQuerySet, *, person: User) -> TicketQuerySet:
    """Fetch what a line says to `person`, and nothing more."""
    if person.is_vendor:
        return tickets.select_related("client", "solution", "owner").only(*SHOWN, *PARTIES)
    return tickets.select_related("solution", "reporter").only(*SHOWN, *REPORTER)


def page_of(tickets: TicketQuerySet, count: int, size: int, number: str | None) -> Page:
    """Return a page of tickets counted already; a number that is no page's finds the nearest one."""
    paginator = Paginator(tickets, size)
    paginator.count = count  # the tabs have counted
    return paginator.get_page(number)
