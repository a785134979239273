"""The lines of the queue: a ticket, its next deadline as a headline, and what its reader has not seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from sla.clock import ClockState
from tickets.lists.rows import clock_of
from tickets.models import Ticket
from tickets.phrases import ClockLine, say_business_time, say_instant
from tickets.search.finding import Search
from tickets.search.snippets import Snippet, snippets

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
class QueueRow:
    """A line of the queue; `news` counts what was not read, None for a ticket never opened."""

    ticket: Ticket
    clock: ClockLine
    headline: str
    detail: str
    news: int | None
    snippet: Snippet | None

    @property
    def is_unread(self) -> bool:
        """Tell whether the person has something to read there."""
        return self.news != 0


def queue_rows(tickets: Sequence[Ticket], search: Search, person: User, at: datetime) -> list[QueueRow]:
    """Return the lines of a page at `at`: two queries at most, whatever their number."""
    numbers = [ticket.pk for ticket in tickets]
    shown, news = snippets(search, numbers), _news(tickets, person, numbers)
    rows = []
    for ticket in tickets:
        line = clock_of(ticket, at)
        rows.append(QueueRow(ticket, line, *say_deadline(line), news.get(ticket.pk), shown.get(ticket.pk)))
    return rows


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
    """Say a clock as a headline (how much time) and a detail (of what, until when)."""
    values = {
        "clock": line.name,
        "left": say_business_time(line.left) if line.left is not None else "",
        "due": say_instant(line.due) if line.due else "",
    }
    if line.state == ClockState.RUNNING:
        return _("%(left)s left") % values, _("%(clock)s: due on %(due)s") % values
    if line.state == ClockState.MISSED and line.left is not None:
        return _("Late by %(left)s") % values, _("%(clock)s: was due on %(due)s") % values
    if line.state == ClockState.PAUSED:
        return _("%(left)s left, paused") % values, line.name
    return line.state_label, f"{line.name} · {line.text}" if line.text else line.name
