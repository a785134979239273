"""How tickets are tied together: related, split, linked to a defect of the solution; no clock moves."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from sla.models import Contract
from sla.policy import Severity
from tickets.actions.filing import Filing, check_reception, file_under
from tickets.actions.work import IllegalMove, Work, require, working
from tickets.acts import Action
from tickets.attachments import attach_again
from tickets.models import AnomalyLink, Message, ProductAnomaly, Ticket, TicketRelation
from tickets.permissions import support_day
from tickets.search.documents import index_words
from tickets.words import EntryKind


def relate(
    ticket: Ticket, *, by: User, at: datetime, other: Ticket, remove: bool = False, seen: int | None = None
) -> Ticket:
    """Relate two tickets of the same client, or undo it; both sides read the relation on both tickets."""
    with working(ticket, Action.RELATE, by=by, at=at, seen=seen) as work:
        if other.client_id != ticket.client_id or other.pk == ticket.pk:
            raise ValidationError({"other": _("Only another ticket of the same client can be related.")})
        found = TicketRelation.objects.filter(first=min(ticket.pk, other.pk), second=max(ticket.pk, other.pk))
        if remove and not found.delete()[0]:
            raise IllegalMove(_("These tickets are not related."))
        if not remove:
            _write_relation(ticket, other, by=by, at=work.at)
    return work.ticket


def _write_relation(ticket: Ticket, other: Ticket, *, by: User, at: datetime) -> None:
    first, second = sorted((ticket.pk, other.pk))
    _relation, is_new = TicketRelation.objects.get_or_create(
        first_id=first,
        second_id=second,
        defaults={"client_id": ticket.client_id, "related_by": by, "related_at": at},
    )
    if not is_new:
        raise IllegalMove(_("These tickets are related already."))


def split(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    source: Message,
    title: str,
    severity: Severity,
    seen: int | None = None,
) -> Ticket:
    """Make a new ticket of a client's message that reports something else, with its files, and return it.

    The anomaly was reported when the message was sent: the new ticket's clocks run from there (C-WHO-3). Raises
    `IllegalMove` for a message that was split before.
    """
    require(title, "title")
    with working(ticket, Action.SPLIT, by=by, at=at, seen=seen) as work:
        author = source.author
        if source.ticket_id != ticket.pk or author is None or author.client_id != ticket.client_id:
            raise ValidationError({"source": _("Only a message of the client on this ticket can be split.")})
        _refuse_second_split(work, source)
        contract = (
            Contract.objects.in_force(support_day(source.sent_at))
            .filter(client=ticket.client_id, solution=work.ticket.solution_id)
            .first()
        )
        if contract is None:
            raise IllegalMove(_("No contract covered this solution on the day of the message."))
        try:
            check_reception(contract, author, source.sent_at, work.at)
        except ValidationError as refused:
            raise ValidationError({"source": refused.messages}) from refused
        filing = Filing(title=title, description=source.body, severity=severity)
        made = file_under(contract, filing, reporter=author, by=by, received_at=source.sent_at, at=work.at)
        _write_relation(work.ticket, made, by=by, at=work.at)
        attach_again(source, made)
        index_words(made.pk)
        work.write(EntryKind.SPLIT, ticket=made.pk, source=source.pk)
    return made


def _refuse_second_split(work: Work, source: Message) -> None:
    for fact in work.facts:
        if fact.kind == EntryKind.SPLIT and fact.data.get("source") == source.pk:
            raise IllegalMove(
                _("This message became ticket #%(number)d already.") % {"number": fact.data["ticket"]}
            )


def link_anomaly(
    ticket: Ticket, *, by: User, at: datetime, anomaly: ProductAnomaly | None, seen: int | None = None
) -> Ticket:
    """Say which defect of the solution the ticket reports, or (None) that it reports no known one."""
    with working(ticket, Action.LINK_ANOMALY, by=by, at=at, seen=seen) as work:
        if anomaly is not None and anomaly.solution_id != work.ticket.solution_id:
            raise ValidationError({"anomaly": _("This product anomaly is one of another solution.")})
        present = AnomalyLink.objects.filter(ticket=ticket.pk).first()
        if (present.anomaly_id if present else None) == (anomaly.pk if anomaly else None):
            raise IllegalMove(_("Nothing was changed."))
        if present:
            present.delete()
        if anomaly is not None:
            AnomalyLink.objects.create(
                client_id=ticket.client_id,
                ticket=work.ticket,
                anomaly=anomaly,
                linked_by=by,
                linked_at=work.at,
            )
    return work.ticket
