"""What a ticket has beside its words, asked in one statement: most tickets have little of it, and nothing else is read.

A query of the ORM costs most of a millisecond before PostgreSQL hears of it; one existence, a few hundredths.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.drafts import drafts_on
from tickets.models import Ticket

_ASKED = """
SELECT calendar.id, calendar.name, calendar_version.number, policy.id, policy.name, policy_version.number,
    EXISTS (SELECT FROM tickets_ticketrelation WHERE first_id = %(ticket)s OR second_id = %(ticket)s),
    EXISTS (SELECT FROM tickets_ticket WHERE follow_up_of_id = %(ticket)s OR duplicate_of_id = %(ticket)s),
    EXISTS (SELECT FROM tickets_attachment WHERE ticket_id = %(ticket)s),
    EXISTS (SELECT FROM tickets_anomalylink WHERE ticket_id = %(ticket)s),
    EXISTS (SELECT FROM tickets_watch WHERE ticket_id = %(ticket)s),
    EXISTS (SELECT FROM tickets_draft WHERE form = ANY(%(drafts)s)),
    EXISTS (SELECT FROM tickets_cannedanswer WHERE solution_id IS NULL OR solution_id = %(solution)s),
    (SELECT max(id) FROM tickets_message WHERE ticket_id = %(ticket)s AND is_internal),
    (SELECT ARRAY[seq, message] FROM tickets_reading WHERE person_id = %(person)s AND ticket_id = %(ticket)s)
FROM sla_calendarversion AS calendar_version
    JOIN sla_calendar AS calendar ON calendar.id = calendar_version.calendar_id,
    sla_policyversion AS policy_version
    JOIN sla_policy AS policy ON policy.id = policy_version.policy_id
WHERE calendar_version.id = %(calendar)s AND policy_version.id = %(policy)s
"""


@dataclass(frozen=True, slots=True)
class Bound:
    """A version that binds a ticket: the key of what it is a version of, and its words."""

    pk: int
    text: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The versions that bind a ticket, whether it has links, files and the like, and what the reader had read of it.

    “Whether” is within the reader's scope: what they may read of it is for the reading to say.
    """

    calendar: Bound
    policy: Bound
    has_relations: bool
    has_successors: bool
    has_files: bool
    has_anomaly: bool
    has_watchers: bool
    has_replies_begun: bool
    has_canned: bool
    last_note: int | None  # the last internal note, which is no entry of the ledger
    read: Sequence[int] | None  # the last entry and the last message, by their numbers

    def is_read(self, seq: int, message: int) -> bool:
        """Tell whether the reader was shown the ticket up to this entry and this message."""
        return self.read is not None and self.read[0] >= seq and self.read[1] >= message


def beside(ticket: Ticket, reader: User) -> Beside:
    """Ask what `ticket` has beside its words, as `reader` reads it: one statement."""
    asked: dict[str, Any] = {
        "ticket": ticket.pk,
        "drafts": drafts_on(ticket.pk),
        "solution": ticket.solution_id,
        "person": reader.pk,
        "calendar": ticket.calendar_version_id,
        "policy": ticket.policy_version_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, asked)
        calendar, named, number, policy, called, edition, *rest = cursor.fetchone()
    return Beside(
        Bound(calendar, _("%(calendar)s, version %(number)d") % {"calendar": named, "number": number}),
        Bound(policy, _("%(policy)s, version %(number)d") % {"policy": called, "number": edition}),
        *rest,
    )
