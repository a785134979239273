"""What the timetable would have done before now, when the past is written down afterwards."""

from datetime import datetime

from django.db.models import F

from tickets.indexing import replayed, write_index
from tickets.ledger import facts_of
from tickets.models import Effect, Ticket
from tickets.words import EffectKind

# What writes a fact of its own: a ticket closed by silence, a quote whose validity is over.
PERFORMED = frozenset({EffectKind.CLOSING, EffectKind.QUOTE_EXPIRY})


def pass_by(at: datetime, *, ticket: Ticket | None = None) -> list[Effect]:
    """Note as done, at its own due time, what fell due by `at`; return what is left to perform: `PERFORMED`.

    Escalations and reminders of the past tell nobody. A reminder that calls for the next (K-17) brings it:
    what it brings may be past too. Of all tickets, or of one that the caller holds.
    """
    to_perform: list[Effect] = []
    due = _past(at, ticket)
    while due:
        to_perform = [effect for effect in due if effect.kind in PERFORMED]
        passed = [effect for effect in due if effect.kind not in PERFORMED]
        if passed:
            Effect.objects.filter(pk__in=[effect.pk for effect in passed]).update(done_at=F("due_at"))
        reminded = {
            effect.ticket_id for effect in passed if effect.ticket_id and effect.kind == EffectKind.REMINDER
        }
        for each in Ticket.objects.filter(pk__in=reminded) if reminded else ():
            write_index(each, replayed(each, facts_of(each)))
        due = _past(at, ticket) if reminded else []
    return to_perform


def _past(at: datetime, ticket: Ticket | None) -> list[Effect]:
    due = Effect.objects.filter(done_at__isnull=True, due_at__lte=at, ticket__isnull=False).order_by(
        "due_at", "id"
    )
    return list(due.filter(ticket=ticket) if ticket else due)
