"""What a person of the desk keeps for oneself: what they read, their views of the queue, how it is shown."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Role, User
from tickets.models import Density, QueueDisplay, SavedView, Ticket
from tickets.permissions import may_read_queue

MOST_VIEWS = 50  # of one person

# Written only if something new was shown: most openings of a page write nothing, nor lock the row that is there.
_READ = """
INSERT INTO tickets_reading (client_id, ticket_id, person_id, seq, message, read_at)
SELECT %(client)s, %(ticket)s, %(person)s, %(seq)s, %(message)s, %(at)s
WHERE NOT EXISTS (
    SELECT FROM tickets_reading AS shown
    WHERE shown.person_id = %(person)s AND shown.ticket_id = %(ticket)s
        AND shown.seq >= %(seq)s AND shown.message >= %(message)s
)
ON CONFLICT (person_id, ticket_id) DO UPDATE SET
    seq = greatest(tickets_reading.seq, excluded.seq),
    message = greatest(tickets_reading.message, excluded.message),
    read_at = excluded.read_at
WHERE tickets_reading.seq < excluded.seq OR tickets_reading.message < excluded.message
"""


def mark_read(ticket: Ticket, *, by: User, at: datetime, seq: int, message: int) -> None:
    """Note that `by` was shown a ticket up to an entry and a message; what a client reads is not noted."""
    if not may_read_queue(by):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _READ,
            {
                "client": ticket.client_id,
                "ticket": ticket.pk,
                "person": by.pk,
                "seq": seq,
                "message": message,
                "at": at,
            },
        )


def save_view(*, by: User, name: str, query: str, is_shared: bool, client_name: str = "") -> SavedView:
    """Keep filters of the queue under a name; only a manager shares them (403)."""
    if not may_read_queue(by) or (is_shared and by.role != Role.MANAGER):
        raise PermissionDenied(_("Only a manager shares a view with the whole desk."))
    own = SavedView.objects.filter(person=by)
    if own.filter(name__iexact=name).exists():
        raise _name_taken()
    if own.count() >= MOST_VIEWS:
        raise ValidationError(
            {"name": _("You have %(count)d views: delete one first.") % {"count": MOST_VIEWS}}
        )
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                person=by, name=name, query=query, is_shared=is_shared, client_name=client_name
            )
    except IntegrityError as taken:
        # Sent twice at once: the other one was kept since the name was looked for.
        raise _name_taken() from taken


def _name_taken() -> ValidationError:
    return ValidationError(
        {"name": _("You have a view of this name already: delete it first, or choose another.")}
    )


def delete_view(view: SavedView, *, by: User) -> None:
    """Forget a view of one's own; for a manager, also a shared one (403 otherwise)."""
    if not view.may_be_changed_by(by):
        raise PermissionDenied(_("This view is shared by a manager: only a manager deletes it."))
    view.delete()


def keep_display(*, by: User, hidden: Sequence[str], density: Density) -> QueueDisplay:
    """Keep how `by` has the queue shown."""
    if not may_read_queue(by):
        raise PermissionDenied
    return QueueDisplay.objects.update_or_create(
        person=by, defaults={"hidden": sorted(hidden), "density": density}
    )[0]
