"""What the vendor's agents do on a ticket; each verb takes the actor `by` and the instant `at`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Solution, User
from sla.models import Contract
from sla.policy import Severity
from tickets.actions.watching import tell_mentioned
from tickets.actions.work import IllegalMove, Work, assign_to, require, working
from tickets.acts import Action
from tickets.attachments import ReceivedFile
from tickets.models import AnomalyLink, Message, Ticket
from tickets.paid_work import may_close_on
from tickets.permissions import support_day
from tickets.words import ClosingGround, DeliveryKind, EntryKind, OutOfScopeGround, State


def acknowledge(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    owner: User,
    message: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Take the ticket and say so to the client: a human act, with an owner and a first message (C-SLA-2)."""
    require(message, "message")
    _require_worker(owner)
    with working(ticket, Action.ACKNOWLEDGE, by=by, at=at, seen=seen) as work:
        if work.life.owner != owner.pk:
            assign_to(work, owner)
        work.write(EntryKind.ACKNOWLEDGED, message=message, attachments=attachments)
    return work.ticket


def assign(ticket: Ticket, *, by: User, at: datetime, owner: User, seen: int | None = None) -> Ticket:
    """Give the ticket to an agent or a manager."""
    _require_worker(owner)
    with working(ticket, Action.ASSIGN, by=by, at=at, seen=seen) as work:
        if work.life.owner == owner.pk:
            raise IllegalMove(_("%(person)s owns this ticket already.") % {"person": owner})
        assign_to(work, owner)
    return work.ticket


def inform(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    message: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Write to the client without asking anything: no clock moves."""
    require(message, "message")
    with working(ticket, Action.INFORM, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.VENDOR_MESSAGE, message=message, attachments=attachments)
    return work.ticket


def ask(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    message: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Ask the client a question: the resolution clock pauses until the answer (K-7)."""
    require(message, "message")
    with working(ticket, Action.ASK, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.QUESTION, message=message, attachments=attachments)
    return work.ticket


def requalify(
    ticket: Ticket, *, by: User, at: datetime, severity: Severity, motive: str = "", seen: int | None = None
) -> Ticket:
    """Retain a severity; one that differs from the client's, or from the former, needs a motive (C-SEV-2)."""
    with working(ticket, Action.REQUALIFY, by=by, at=at, seen=seen) as work:
        if work.life.retained == severity:
            raise IllegalMove(_("This severity is the one retained already."))
        if severity != work.life.severity or severity != work.life.claimed:
            require(motive, "motive")
        retain(work, severity, motive)
    return work.ticket


def retain(work: Work, severity: Severity, motive: str) -> None:
    """Write the severity that the vendor retains, its motive shown to the client (C-SEV-2)."""
    former = work.life.severity
    work.write(EntryKind.SEVERITY, message=motive, to=str(severity), former=str(former), motive=motive)


def deliver(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    what: DeliveryKind,
    content: str,
    how_to_test: str,
    version: str = "",
    touches_data: bool = False,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Deliver a fix or a workaround for the client to test (C-CLI-1, C-WKA-1); `touches_data`: C-CLI-4."""
    require(content, "content")
    require(how_to_test, "how_to_test")
    with working(ticket, Action.DELIVER, by=by, at=at, seen=seen) as work:
        said = {"version": version, "how_to_test": how_to_test, "touches_data": touches_data}
        write_delivery(work, what, content, attachments, **said)
    return work.ticket


def write_delivery(
    work: Work, what: DeliveryKind, content: str, attachments: Iterable[ReceivedFile] = (), **said: Any
) -> None:
    """Write a delivery with what is said of it: version, how to test it, whether it touches data (C-CLI-4)."""
    work.write(EntryKind.DELIVERED, message=content, attachments=attachments, what=str(what), **said)


def ask_verdict(ticket: Ticket, *, by: User, at: datetime, message: str, seen: int | None = None) -> Ticket:
    """Ask for the verdict on a delivery again: a new countdown starts (K-5)."""
    require(message, "message")
    with working(ticket, Action.ASK_VERDICT, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.VERDICT_ASKED, message=message)
    return work.ticket


def class_out_of_scope(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    ground: OutOfScopeGround,
    explanation: str,
    seen: int | None = None,
) -> Ticket:
    """Class out of scope on one named ground, with an explanation that the client sees (C-OUT-3)."""
    require(explanation, "explanation")
    with working(ticket, Action.CLASS_OUT_OF_SCOPE, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.OUT_OF_SCOPE, message=explanation, ground=str(ground))
    return work.ticket


def put_in_scope(ticket: Ticket, *, by: User, at: datetime, message: str, seen: int | None = None) -> Ticket:
    """Put the ticket back in scope: the time out of it counts as a pause (K-16)."""
    require(message, "message")
    with working(ticket, Action.PUT_IN_SCOPE, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.IN_SCOPE, message=message)
    return work.ticket


def warn(ticket: Ticket, *, by: User, at: datetime, message: str, seen: int | None = None) -> Ticket:
    """Warn the client, who does not answer, that the ticket will be closed (C-OUT-2, K-17)."""
    require(message, "message")
    with working(ticket, Action.WARN, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.WARNED, message=message)
    return work.ticket


def close(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    ground: ClosingGround,
    message: str,
    duplicate_of: Ticket | None = None,
    seen: int | None = None,
) -> Ticket:
    """Close on a named ground, with an explanation; a duplicate names the ticket received first (K-19)."""
    require(message, "message")
    with working(ticket, Action.CLOSE, by=by, at=at, seen=seen) as work:
        _check_ground(work, ground, duplicate_of)
        if duplicate_of is not None:
            Ticket.objects.filter(pk=work.ticket.pk).update(duplicate_of=duplicate_of)
        work.write(
            EntryKind.CLOSED,
            message=message,
            ground=str(ground),
            duplicate_of=duplicate_of.pk if duplicate_of else None,
        )
    return work.ticket


def _check_ground(work: Work, ground: ClosingGround, duplicate_of: Ticket | None) -> None:
    if ground == ClosingGround.NO_COOPERATION and work.life.warned_at is None:
        raise IllegalMove(_("Closing for lack of cooperation needs a warning that stayed unanswered (K-17)."))
    if work.life.delivery is not None and ground != ClosingGround.NO_COOPERATION:
        raise IllegalMove(
            _("A workaround under test closes for lack of cooperation only, after a warning (K-17).")
        )
    if not may_close_on(work.life.work, ground):
        raise IllegalMove(
            _("Paid work was asked for or ordered: until it is over, the ticket closes by agreement only.")
        )
    if ground == ClosingGround.OUT_OF_SCOPE and not work.life.out_of_scope:
        raise IllegalMove(
            _("Class the ticket out of scope first: the ground and the explanation are owed (C-OUT-3).")
        )
    if (ground == ClosingGround.DUPLICATE) != (duplicate_of is not None):
        raise ValidationError(
            {"duplicate_of": _("A duplicate names its original, and only a duplicate does.")}
        )
    if duplicate_of is not None:
        _check_original(work.ticket, duplicate_of)


def _check_original(ticket: Ticket, original: Ticket) -> None:
    if original.client_id != ticket.client_id or original.pk == ticket.pk:
        raise ValidationError(
            {"duplicate_of": _("The original is another ticket of the same client (K-19).")}
        )
    if original.duplicate_of_id is not None or original.received_at > ticket.received_at:
        raise ValidationError({"duplicate_of": _("The original is the ticket received first (K-19).")})
    if original.state == State.CLOSED:
        # Otherwise a ticket about to be late could leave the rates with nobody working on the anomaly.
        raise ValidationError({"duplicate_of": _("The original is closed: nobody works on it any more.")})
    if ticket.duplicates.exists():
        raise ValidationError({"duplicate_of": _("Other tickets are duplicates of this one: it stays open.")})


def correct(
    ticket: Ticket, *, by: User, at: datetime, title: str, solution: Solution, seen: int | None = None
) -> Ticket:
    """Correct the title or the solution; the promised delays keep the versions they had (C-CAL-3)."""
    require(title, "title")
    with working(ticket, Action.CORRECT, by=by, at=at, seen=seen) as work:
        former = {"title": work.ticket.title, "solution": work.ticket.solution.name}
        if former == {"title": title, "solution": solution.name}:
            raise IllegalMove(_("Nothing was changed."))
        if solution != work.ticket.solution:
            work.ticket.contract = _contract_for(work.ticket, solution)
            work.ticket.solution = solution
            # A product anomaly is a defect of one solution: the link was to another's.
            AnomalyLink.objects.filter(ticket=work.ticket.pk).delete()
        work.ticket.title = title
        work.ticket.save(update_fields=["title", "solution", "contract"])
        work.write(EntryKind.CORRECTED, former=former, title=title, solution=solution.name)
    return work.ticket


def _contract_for(ticket: Ticket, solution: Solution) -> Contract:
    contract = (
        Contract.objects.in_force(support_day(ticket.received_at))
        .filter(client=ticket.client_id, solution=solution)
        .first()
    )
    if contract is None:
        raise ValidationError(
            {"solution": _("The client had no contract for %(solution)s that day.") % {"solution": solution}}
        )
    return contract


def note(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    message: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Message:
    """Write an internal note, visible to the vendor only: no fact of the contract, so no ledger entry."""
    require(message, "message")
    with working(ticket, Action.NOTE, by=by, at=at, seen=seen) as work:
        written = work.say(message, is_internal=True, attachments=attachments)
        tell_mentioned(written, by=by, at=work.at)
        return written


def _require_worker(owner: User) -> None:
    if not owner.works_on_tickets:
        raise ValidationError({"owner": _("An owner is an active agent or manager.")})
