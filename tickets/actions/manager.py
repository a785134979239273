"""What a support manager alone decides: contests and longer delays."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.client import check_longer
from tickets.actions.quotes import given_back
from tickets.actions.work import IllegalMove, Work, require, working
from tickets.acts import Action
from tickets.clocks import closes_at, rules_of
from tickets.models import Ticket
from tickets.words import ContestSubject, EntryKind, State


def settle(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    subject: ContestSubject,
    upheld: bool,
    motive: str,
    seen: int | None = None,
) -> Ticket:
    """Settle what the client contests; upheld, the severity claimed is retained or the scope restored (C-SEV-2).

    Out of scope after all, a quote that awaits an answer gets back the days that the contest took (C-OUT-4).
    """
    require(motive, "motive")
    with working(ticket, Action.SETTLE, by=by, at=at, seen=seen) as work:
        if subject not in work.life.contests:
            raise IllegalMove(_("This is not contested."))
        if upheld:
            _uphold(work, subject, motive)
        held = given_back(work) if subject == ContestSubject.SCOPE else {}
        work.write(
            EntryKind.SETTLED, message=motive, subject=str(subject), upheld=upheld, motive=motive, **held
        )
    return work.ticket


def _uphold(work: Work, subject: ContestSubject, motive: str) -> None:
    if subject == ContestSubject.SCOPE and work.life.out_of_scope:
        work.write(EntryKind.IN_SCOPE)
    if subject == ContestSubject.SEVERITY and work.life.claimed and work.life.retained != work.life.claimed:
        if work.life.state in {State.UNDER_TEST, State.ACCEPTED}:
            raise IllegalMove(_("Severity does not change while a delivery is under test or accepted (K-9)."))
        work.write(
            EntryKind.SEVERITY, to=str(work.life.claimed), former=str(work.life.retained), motive=motive
        )


def agree_time(
    ticket: Ticket, *, by: User, at: datetime, days: int, message: str = "", seen: int | None = None
) -> Ticket:
    """Agree `days` business days in all before the tacit closing: longer only, kept with who and why (C-CLI-2)."""
    with working(ticket, Action.AGREE_TIME, by=by, at=at, seen=seen) as work:
        check_longer(work, days)
        work.write(EntryKind.TIME_AGREED, message=message, days=days)
        ends_at = closes_at(work.life, rules_of(work.ticket))
        if ends_at is not None and ends_at <= work.at:
            raise ValidationError({"days": _("This delay would be over already.")})
    return work.ticket


def refuse_time(ticket: Ticket, *, by: User, at: datetime, message: str, seen: int | None = None) -> Ticket:
    """Refuse a longer delay; the verdict must be asked for again for a countdown to run (K-5)."""
    require(message, "message")
    with working(ticket, Action.REFUSE_TIME, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.TIME_REFUSED, message=message)
    return work.ticket
