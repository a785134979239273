"""What the client does on a ticket; each verb takes the actor `by` and the instant `at`."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.filing import Filing, file_under, snapshot_of
from tickets.actions.work import IllegalMove, Work, require, working
from tickets.acts import Action
from tickets.attachments import ReceivedFile
from tickets.clocks import days_in_force, rules_of
from tickets.models import Ticket
from tickets.permissions import contracts_for_filing
from tickets.words import ClosingGround, ContestSubject, DeliveryKind, EntryKind


def answer(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    message: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Write to the vendor: an answer when a question is open (K-7), any message counts under test (K-5)."""
    require(message, "message")
    with working(ticket, Action.ANSWER, by=by, at=at, seen=seen) as work:
        kind = EntryKind.ANSWER if work.life.question else EntryKind.CLIENT_MESSAGE
        work.write(kind, message=message, attachments=attachments)
    return work.ticket


def accept(ticket: Ticket, *, by: User, at: datetime, message: str = "", seen: int | None = None) -> Ticket:
    """Say that the fix was tested and is accepted (C-CLI-1)."""
    with working(ticket, Action.ACCEPT, by=by, at=at, seen=seen) as work:
        _accept(work, message)
    return work.ticket


def judge_definitive(
    ticket: Ticket, *, by: User, at: datetime, message: str = "", seen: int | None = None
) -> Ticket:
    """Judge the workaround acceptable for good: it resolves the anomaly (C-WKA-1, C-WKA-2)."""
    with working(ticket, Action.JUDGE_DEFINITIVE, by=by, at=at, seen=seen) as work:
        _accept(work, message)
    return work.ticket


def judge_provisional(
    ticket: Ticket, *, by: User, at: datetime, message: str, seen: int | None = None
) -> Ticket:
    """Judge that the workaround imposes restrictions, named in the message: the anomaly stays open (C-WKA-2)."""
    require(message, "message")
    with working(ticket, Action.JUDGE_PROVISIONAL, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.ACCEPTED, message=message, what=str(DeliveryKind.WORKAROUND), lasting=False)
    return work.ticket


def refuse(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    motive: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Refuse a delivery with a motive: the clock resumes where it stood (K-9)."""
    require(motive, "motive")
    with working(ticket, Action.REFUSE, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.REJECTED, message=motive, attachments=attachments, motive=motive)
    return work.ticket


def declare_production(
    ticket: Ticket, *, by: User, at: datetime, message: str = "", seen: int | None = None
) -> Ticket:
    """Say that the delivery is in production, which closes; it also says that it was tested (C-CLI-1)."""
    with working(ticket, Action.DECLARE_PRODUCTION, by=by, at=at, seen=seen) as work:
        if work.life.delivery:
            _accept(work)
        work.write(EntryKind.IN_PRODUCTION, message=message)
        work.write(EntryKind.CLOSED, ground=str(ClosingGround.PRODUCTION))
    return work.ticket


def request_time(
    ticket: Ticket, *, by: User, at: datetime, days: int, reason: str, seen: int | None = None
) -> Ticket:
    """Ask for `days` business days in all before the tacit closing: longer only (C-CLI-2)."""
    require(reason, "reason")
    with working(ticket, Action.REQUEST_TIME, by=by, at=at, seen=seen) as work:
        check_longer(work, days)
        work.write(EntryKind.TIME_REQUESTED, message=reason, days=days, reason=reason)
    return work.ticket


def check_longer(work: Work, days: int) -> None:
    """Refuse a number of business days that is not longer than the delay in force (C-CLI-2)."""
    in_force = days_in_force(work.life, rules_of(work.ticket).policy)
    if days <= in_force:
        raise ValidationError(
            {
                "days": _("A delay is agreed longer only: more than %(days)d business days.")
                % {"days": in_force}
            }
        )


def contest_severity(
    ticket: Ticket, *, by: User, at: datetime, reason: str, seen: int | None = None
) -> Ticket:
    """Contest the severity that the vendor retained; a manager settles it (C-SEV-2)."""
    return _contest(ticket, Action.CONTEST_SEVERITY, ContestSubject.SEVERITY, by, at, reason, seen)


def contest_scope(ticket: Ticket, *, by: User, at: datetime, reason: str, seen: int | None = None) -> Ticket:
    """Contest the classing out of scope (C-OUT-3)."""
    return _contest(ticket, Action.CONTEST_SCOPE, ContestSubject.SCOPE, by, at, reason, seen)


def contest_deadline(
    ticket: Ticket, *, by: User, at: datetime, reason: str, seen: int | None = None
) -> Ticket:
    """Say that a deadline shown is contested, and why."""
    return _contest(ticket, Action.CONTEST_DEADLINE, ContestSubject.DEADLINE, by, at, reason, seen)


def withdraw(ticket: Ticket, *, by: User, at: datetime, message: str = "", seen: int | None = None) -> Ticket:
    """Withdraw the ticket: it closes, stays readable, and is left out of the rates (K-19)."""
    with working(ticket, Action.WITHDRAW, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.CLOSED, message=message, ground=str(ClosingGround.WITHDRAWN))
    return work.ticket


def follow_up(
    ticket: Ticket, *, by: User, at: datetime, message: str = "", seen: int | None = None
) -> Ticket:
    """File the anomaly again as a new ticket, linked, with its own clocks; return the new one (K-15)."""
    with working(ticket, Action.FOLLOW_UP, by=by, at=at, seen=seen) as work:
        contract = contracts_for_filing(by, work.at).filter(solution=work.ticket.solution_id).first()
        if contract is None:
            raise IllegalMove(_("No contract in force covers this solution any more."))
        filing: Filing = snapshot_of(work.ticket)
        if message.strip():
            filing.description = f"{message.strip()}\n\n---\n\n{filing.description}"
        filing.follow_up_of = work.ticket
        following = file_under(contract, filing, reporter=by, by=by, received_at=work.at, at=work.at)
        work.write(EntryKind.FOLLOWED_UP, ticket=following.pk)
    return following


def _contest(
    ticket: Ticket,
    action: Action,
    subject: ContestSubject,
    by: User,
    at: datetime,
    reason: str,
    seen: int | None,
) -> Ticket:
    require(reason, "reason")
    with working(ticket, action, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.CONTESTED, message=reason, subject=str(subject), reason=reason)
    return work.ticket


def _accept(work: Work, message: str = "") -> None:
    if work.life.delivery is None:
        raise IllegalMove(_("Nothing is under test."))
    work.write(EntryKind.ACCEPTED, message=message, what=str(work.life.delivery.what), lasting=True)
