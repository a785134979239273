"""The lines of the queue: a ticket, its next deadline as a headline, and what its reader has not seen of it.

Everything is a word or a badge before the template is reached, and a line drawn once is kept as long as
nothing that it says changes: fifty people look at the same lines all day long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from sla.clock import ClockState
from tickets.lists.rows import clock_of, say_closing, say_turn
from tickets.lists.tags import severity_tag, state_tag
from tickets.models import Column, Ticket
from tickets.phrases import ClockLine, say_business_time, say_instant, say_short
from tickets.search.finding import Search
from tickets.search.snippets import Snippet, snippets
from tickets.words import State

# How far the person has read each ticket, and how many notes of colleagues came since: one query a page.
_READ = """
SELECT reading.ticket_id, reading.seq, (
    SELECT count(*) FROM tickets_message AS message
    WHERE message.ticket_id = reading.ticket_id AND message.is_internal AND message.id > reading.message
        AND message.author_id IS DISTINCT FROM reading.person_id
)
FROM tickets_reading AS reading
WHERE reading.person_id = %s AND reading.ticket_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line shows, in words: two lines that are equal look the same."""

    number: int
    address: str
    title: str
    last_seq: int
    severity: str
    severity_tag: SafeString
    state_tag: SafeString
    is_contested: bool
    client: str
    solution: str
    tone: str
    icon: str
    headline: str
    detail: str
    closing: str
    turn: str
    owner: str  # empty: nobody's
    may_be_taken: bool
    may_be_chosen: bool  # for an act on many
    received: str
    news: int | None  # what was not read; None for a ticket never opened
    news_said: str
    snippet: Snippet | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A ticket, its nearest clock, and its line."""

    ticket: Ticket
    clock: ClockLine
    line: Line

    @property
    def news(self) -> int | None:
        """How much of the ticket was not read; None for one never opened."""
        return self.line.news

    @property
    def snippet(self) -> Snippet | None:
        """Where the ticket answers the search."""
        return self.line.snippet


@lru_cache(maxsize=2048)
def drawn(line: Line, hidden: tuple[str, ...], _language: str | None) -> SafeString:
    """Draw a line without these columns, in the active language; what was drawn is kept by what it says."""
    return render_to_string("desk/row.html", {"line": line, "hidden": hidden, "labels": labels()})


def labels() -> dict[str, str]:
    """Say the headings of the columns, and the words that many lines repeat."""
    return {
        **{column.value: str(column.label) for column in Column},
        "deadline": _("Next deadline"),
        "nobody": _("Nobody"),
        "take": _("Take"),
        "choose": _("Choose"),
        "contested": _("Contested"),
    }


def queue_rows(
    tickets: Sequence[Ticket], search: Search, person: User, at: datetime, *, may_take: bool
) -> list[QueueRow]:
    """Return the lines of a page at `at`: two queries at most, whatever their number."""
    numbers = [ticket.pk for ticket in tickets]
    shown, news = snippets(search, numbers), _news(tickets, person, numbers)
    return [
        _row(ticket, news.get(ticket.pk), shown.get(ticket.pk), at, may_take=may_take) for ticket in tickets
    ]


def _row(
    ticket: Ticket, news: int | None, snippet: Snippet | None, at: datetime, *, may_take: bool
) -> QueueRow:
    clock, language = clock_of(ticket, at), get_language()
    headline, detail = say_deadline(clock)
    line = Line(
        number=ticket.pk,
        address=ticket.get_absolute_url(),
        title=ticket.title,
        last_seq=ticket.last_seq,
        severity=ticket.severity,
        severity_tag=severity_tag(ticket.severity, language),
        state_tag=state_tag(ticket.state, language),
        is_contested=ticket.is_contested,
        client=ticket.client.name,
        solution=ticket.solution.name,
        tone=clock.tone,
        icon=clock.icon,
        headline=headline,
        detail=detail,
        closing=say_closing(ticket),
        turn=say_turn(ticket),
        owner=ticket.owner.get_full_name() if ticket.owner else "",
        may_be_chosen=may_take,
        may_be_taken=may_take and ticket.owner_id is None and ticket.state != State.CLOSED,
        received=say_short(ticket.received_at),
        news=news,
        news_said=_say_news(news),
        snippet=snippet,
    )
    return QueueRow(ticket, clock, line)


def _say_news(news: int | None) -> str:
    if news is None:
        return _("never opened")
    return ngettext("%(number)s unread", "%(number)s unread", news) % {"number": news} if news else ""


def _news(tickets: Sequence[Ticket], person: User, numbers: list[int]) -> dict[int, int]:
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_READ, [person.pk, numbers])
        read = {number: (seq, notes) for number, seq, notes in cursor.fetchall()}
    return {
        ticket.pk: max(ticket.last_seq - read[ticket.pk][0], 0) + read[ticket.pk][1]
        for ticket in tickets
        if ticket.pk in read
    }


def say_deadline(line: ClockLine) -> tuple[str, str]:
    """Say a clock as a headline (how much time) and a detail (of what, until when, to the minute)."""
    values = {
        "clock": line.name,
        "left": say_business_time(line.left) if line.left is not None else "",
        "due": say_instant(line.due.replace(second=0)) if line.due else "",
    }
    if line.state == ClockState.RUNNING:
        return _("%(left)s left") % values, _("%(clock)s: due on %(due)s") % values
    if line.state == ClockState.MISSED and line.left is not None:
        return _("Late by %(left)s") % values, _("%(clock)s: was due on %(due)s") % values
    if line.state == ClockState.PAUSED:
        return _("%(left)s left, paused") % values, line.name
    return line.state_label, f"{line.name} · {line.text}" if line.text else line.name
