"""Work that the contract does not cover: asked for, studied, quoted, accepted or refused, done (C-OUT-4).

Each verb takes the actor `by` and the instant `at`. No clock moves: they stopped when the ticket left the scope (K-16).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.work import IllegalMove, Work, require, working
from tickets.acts import Action
from tickets.attachments import ReceivedFile
from tickets.life import PaidWork
from tickets.models import LedgerEntry, LedgerHead, Message, PriceList, Quote, Ticket
from tickets.models.quotes import LONGEST_VALIDITY
from tickets.notifications.audience import client_managers
from tickets.permissions import support_day
from tickets.quote_document import Line, Terms, cents, document_of
from tickets.validity import after_contest, end_of
from tickets.words import EntryKind, WorkStage

MOST_UNITS = Decimal(99_999)
LARGEST_TOTAL = Decimal("999999999.99")  # euros, with tax


def request_work(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    message: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Ask for the work all the same: priced by the public list in force that day, which the ledger names."""
    require(message, "message")
    with working(ticket, Action.REQUEST_WORK, by=by, at=at, seen=seen) as work:
        price_list = PriceList.objects.in_force_on(support_day(work.at))
        if price_list is None:
            raise IllegalMove(
                _(
                    "No public price list is in force today: write to the vendor, no quote can be asked for (C-OUT-4)."
                )
            )
        work.write(
            EntryKind.WORK_REQUESTED, message=message, attachments=attachments, price_list=price_list.pk
        )
    return work.ticket


def study(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    feasible: bool,
    message: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Give the feasibility study: feasible, a quote follows; not feasible, the request ends there."""
    require(message, "message")
    with working(ticket, Action.STUDY, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.STUDIED, message=message, attachments=attachments, feasible=feasible)
    return work.ticket


def issue_quote(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    lines: Mapping[str, Decimal],
    valid_until: date,
    execution: str,
    message: str = "",
    seen: int | None = None,
) -> Ticket:
    """Issue a quote: so many units of lines of the price list of the day of the request, by code; it replaces a former.

    `valid_until` is a local date, included. ValidationError, by field: no line, a code that the list has not, a
    quantity out of bounds, a validity that is over or of more than a year. IllegalMove where nobody could accept it.
    """
    require(execution, "execution")
    with working(ticket, Action.ISSUE_QUOTE, by=by, at=at, seen=seen) as work:
        _check_not_over(work)
        _check_validity(valid_until, support_day(work.at))
        if not client_managers(work.ticket.client_id).exists():
            raise IllegalMove(_("Nobody could accept this quote: the client has no active manager."))
        quote = _write_quote(work, _paid_work(work), lines, valid_until, execution)
        work.write(
            EntryKind.QUOTED,
            message=message,
            **_named(quote),
            digest=quote.digest,
            expires_at=end_of(valid_until).isoformat(),
        )
    return work.ticket


def accept_quote(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    quote: int,
    agreed: bool,
    order_reference: str = "",
    message: str = "",
    seen: int | None = None,
) -> Ticket:
    """Accept the quote of this id in the name of the client, before its validity ends: only so does work start.

    The fact keeps the name of who binds the client, as the quote keeps that of who issued it.
    """
    if not agreed:
        raise ValidationError({"agreed": _("A quote is accepted in so many words.")})
    with working(ticket, Action.ACCEPT_QUOTE, by=by, at=at, seen=seen) as work:
        answered = _answered(work, quote)
        work.write(
            EntryKind.QUOTE_ACCEPTED,
            message=message,
            **_named(answered),
            digest=answered.digest,
            order_reference=order_reference,
            accepted_by=str(by),
        )
    return work.ticket


def refuse_quote(
    ticket: Ticket, *, by: User, at: datetime, quote: int, message: str = "", seen: int | None = None
) -> Ticket:
    """Refuse the quote of this id: nothing is owed, and another may be asked for."""
    with working(ticket, Action.REFUSE_QUOTE, by=by, at=at, seen=seen) as work:
        answered = _answered(work, quote)
        work.write(EntryKind.QUOTE_REFUSED, message=message, **_named(answered))
    return work.ticket


def withdraw_quote(
    ticket: Ticket, *, by: User, at: datetime, quote: int, message: str, seen: int | None = None
) -> Ticket:
    """Take back the quote of this id before anybody answers it, and say why: another is due (C-OUT-4)."""
    require(message, "message")
    with working(ticket, Action.WITHDRAW_QUOTE, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.QUOTE_WITHDRAWN, message=message, **_named(_answered(work, quote)))
    return work.ticket


def cancel_work(
    ticket: Ticket, *, by: User, at: datetime, message: str = "", seen: int | None = None
) -> Ticket:
    """End a request that has no quote yet, in the name of the client: nothing is owed."""
    with working(ticket, Action.CANCEL_WORK, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.WORK_CANCELLED, message=message)
    return work.ticket


def finish_work(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    message: str,
    seen: int | None = None,
    attachments: Iterable[ReceivedFile] = (),
) -> Ticket:
    """Say that the work of the accepted quote is done."""
    require(message, "message")
    with working(ticket, Action.FINISH_WORK, by=by, at=at, seen=seen) as work:
        work.write(EntryKind.WORK_DONE, message=message, attachments=attachments, **_named(_last_quote(work)))
    return work.ticket


def expire_quote(ticket: Ticket, *, at: datetime) -> Ticket:
    """End a quote that nobody accepted before its validity ended; `IllegalMove` while it holds, or without one."""
    with working(ticket, Action.EXPIRE_QUOTE, by=None, at=at) as work:
        if _paid_work(work).is_open_at(work.at):
            raise IllegalMove("The quote is valid still.")
        work.write(EntryKind.QUOTE_EXPIRED, **_named(_last_quote(work)))
    return work.ticket


def given_back(work: Work) -> dict[str, Any]:
    """Return until when the quote that a contest held is valid, as its settlement says it; nothing without one."""
    paid = work.life.work
    if paid is None or not paid.is_held or paid.held_at is None or paid.expires_at is None:
        return {}
    return {"expires_at": after_contest(paid.expires_at, paid.held_at, work.at).isoformat()}


def _paid_work(work: Work) -> PaidWork:
    if work.life.work is None:
        raise IllegalMove(_("No quote was asked for (C-OUT-4)."))
    return work.life.work


def _last_quote(work: Work) -> Quote:
    """Return the quote issued last for the request, which has one."""
    number = _paid_work(work).quote
    if number is None:
        raise IllegalMove(_("No quote awaits the client's answer (C-OUT-4)."))
    return Quote.objects.get(pk=number)


def _check_validity(valid_until: date, today: date) -> None:
    if valid_until < today:
        raise ValidationError({"valid_until": _("A quote is not issued with a validity that is over.")})
    if valid_until > today + timedelta(days=LONGEST_VALIDITY):
        raise ValidationError(
            {"valid_until": _("A quote is valid for %(days)d days at most.") % {"days": LONGEST_VALIDITY}}
        )


def _answered(work: Work, read: int) -> Quote:
    """Return the quote that is answered: the one `read`, and in time, even if the timetable is late to end it."""
    last = _last_quote(work)
    if last.pk != read:
        raise IllegalMove(
            _("This is not the quote that awaits an answer: %(reference)s is.") % {"reference": last}
        )
    _check_not_over(work)
    return last


def _check_not_over(work: Work) -> None:
    """Refuse to touch a quote whose validity has ended, even if the timetable is late to say so."""
    paid = _paid_work(work)
    if paid.stage == WorkStage.QUOTED and not paid.is_open_at(work.at):
        raise IllegalMove(_("The validity of this quote is over: the client may ask for another (C-OUT-4)."))


def _named(quote: Quote) -> dict[str, Any]:
    """Return how a fact names a quote: its id, its number at the client, its amounts in euros as text."""
    return {
        "quote": quote.pk,
        "number": quote.number,
        "net": str(quote.net),
        "gross": str(quote.gross),
    }


def _write_quote(
    work: Work, paid: PaidWork, quantities: Mapping[str, Decimal], valid_until: date, execution: str
) -> Quote:
    ticket, by = work.ticket, work.by
    if by is None:
        raise IllegalMove("A person issues a quote.")
    price_list = PriceList.objects.get(pk=paid.price_list)
    # The head of the client's chain hands out its numbers one by one: no gap, no double.
    LedgerHead.objects.select_for_update().get(client=ticket.client_id)
    last = Quote.objects.filter(client=ticket.client_id).aggregate(last=Max("number"))["last"] or 0
    former = _last_quote(work) if paid.stage == WorkStage.QUOTED else None
    terms = Terms(
        requested_on=support_day(paid.requested_at),
        study=last_words(ticket, EntryKind.STUDIED),
        execution=execution,
        valid_until=valid_until,
        replaces=former.reference if former else None,
    )
    lines = _lines_of(price_list, quantities)
    document = document_of(ticket, price_list, lines, terms, number=last + 1, by=by, at=work.at)
    if Decimal(document["gross"]) > LARGEST_TOTAL:
        raise ValidationError({"lines": _("A quote comes to less than a billion euros.")})
    return Quote.objects.create(
        client_id=ticket.client_id,
        ticket=ticket,
        number=last + 1,
        price_list=price_list,
        requested_on=terms.requested_on,
        issued_at=work.at,
        issued_by=by,
        valid_until=valid_until,
        net=Decimal(document["net"]),
        gross=Decimal(document["gross"]),
        document=document,
        digest=document["digest"],
    )


def _lines_of(price_list: PriceList, quantities: Mapping[str, Decimal]) -> list[Line]:
    items = {item.code: item for item in price_list.items.all()}
    unknown = sorted(set(quantities) - set(items))
    if unknown:
        raise ValidationError(
            {"lines": _("Not in the price list of that day: %(codes)s.") % {"codes": ", ".join(unknown)}}
        )
    if not quantities:
        raise ValidationError({"lines": _("A quote has one line at least.")})
    if not all(each.is_finite() and 0 < each <= MOST_UNITS for each in quantities.values()):
        raise ValidationError({"lines": _("A quantity is above zero, and at most 99,999.")})
    if any(each != cents(each) for each in quantities.values()):
        raise ValidationError({"lines": _("A quantity has two decimals at most.")})
    lines = [Line(items[code], quantities[code]) for code in items if code in quantities]
    if any(not line.net for line in lines):
        raise ValidationError({"lines": _("A line comes to one cent at least.")})
    return lines


def last_words(ticket: Ticket, kind: EntryKind) -> str:
    """Return the words of the last fact of a kind, Markdown; nothing without one."""
    entry = LedgerEntry.objects.filter(ticket=ticket, kind=kind).order_by("-seq").first()
    message = Message.objects.filter(entry=entry).first() if entry else None
    return message.body if message else ""
