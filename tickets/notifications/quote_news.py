"""What the mails say of work that the contract does not cover: asked for, studied, quoted, accepted, done (C-OUT-4)."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.acts import Action
from tickets.models import Quote
from tickets.money import euros
from tickets.notifications.letter import Case, Letter, Moot
from tickets.permissions import may_act
from tickets.phrases import say_date
from tickets.validity import last_day
from tickets.words import EntryKind


def work_requested(case: Case) -> Letter:
    """Tell the vendor that the client asks for a quote."""
    letter = case.said(
        case.letter(
            _("The client asks for a quote"),
            _("The ticket is out of scope; a feasibility study comes first (C-OUT-4)."),
        )
    )
    letter.facts += case.parties()
    return letter


def studied(case: Case) -> Letter:
    """Tell the client what the feasibility study found."""
    if case.entry.data["feasible"]:
        letter = case.letter(
            _("The work that you asked for can be done"),
            _("A quote follows; nothing is owed until you accept it."),
        )
    else:
        letter = case.letter(
            _("The work that you asked for cannot be done"), _("Your request for a quote ends here.")
        )
    return case.said(letter)


def quoted(case: Case) -> Letter:
    """Send the quote to those who may accept it, and to those who take part."""
    quote = _quote(case)
    letter = case.letter(
        _("Quote %(reference)s: %(amount)s excl. VAT")
        % {"reference": quote.reference, "amount": euros(quote.net)},
        _acceptance(case),
        action=_("Read the quote"),
    )
    letter.url = settings.SITE_URL + reverse("quote", args=[quote.pk])
    letter.facts += _facts(case, quote)
    if quote.document["replaces"]:
        letter.facts.append((_("Replaces"), quote.document["replaces"]))
    return case.said(letter)


def quote_withdrawn(case: Case) -> Letter:
    """Tell the client that the quote can be accepted no more, and that another is due."""
    quote = _quote(case)
    letter = case.letter(
        _("The quote %(reference)s is withdrawn") % {"reference": quote.reference},
        _("It can be accepted no more. Your request stands: another quote follows, or an explanation."),
    )
    letter.facts += _facts(case, quote)
    return case.said(letter)


def work_cancelled(case: Case) -> Letter:
    """Tell the vendor that the client wants no quote any more."""
    letter = case.said(case.letter(_("The client cancels its request for a quote")))
    letter.facts += case.parties()
    return letter


def quote_accepted(case: Case) -> Letter:
    """Tell both sides that the quote is accepted: by whom, under which purchase order."""
    quote = _quote(case)
    letter = case.letter(
        _("The quote %(reference)s is accepted") % {"reference": quote.reference},
        _("%(person)s has accepted it: the work starts (C-OUT-4).") % {"person": case.author},
    )
    letter.facts += [*(case.parties() if case.reader.is_vendor else []), *_facts(case, quote)]
    if case.entry.data.get("order_reference"):
        letter.facts.append((_("Purchase order"), case.entry.data["order_reference"]))
    letter.facts.append((_("SHA-256 digest"), quote.digest))
    return case.said(letter)


def quote_refused(case: Case) -> Letter:
    """Tell both sides that the quote is refused: by whom."""
    quote = _quote(case)
    letter = case.letter(
        _("The quote %(reference)s is refused") % {"reference": quote.reference},
        _("%(person)s has refused it: nothing is owed.") % {"person": case.author},
    )
    letter.facts += [*(case.parties() if case.reader.is_vendor else []), *_facts(case, quote)]
    return case.said(letter)


def quote_expired(case: Case) -> Letter:
    """Tell both sides that the validity of the quote is over."""
    quote = _quote(case)
    letter = case.letter(
        _("The quote %(reference)s has expired") % {"reference": quote.reference},
        _(
            "Nobody accepted it before its validity ended: nothing is owed. Another may be asked for (C-OUT-4)."
        ),
    )
    letter.facts += [*(case.parties() if case.reader.is_vendor else []), *_facts(case, quote)]
    return letter


def work_done(case: Case) -> Letter:
    """Tell the client that the work of the accepted quote is done."""
    quote = _quote(case)
    said = _("The work of the quote %(reference)s is done") % {"reference": quote.reference}
    letter = case.said(case.letter(said))
    letter.facts += _facts(case, quote)[:2]
    return letter


def quote_reminder(case: Case) -> Letter:
    """Remind the client of a quote that expires soon; none once it was answered, replaced or contested."""
    work = case.state.life.work
    number = case.mail.context["quote"]
    if work is None or work.ends_at is None or work.quote != number:
        raise Moot
    quote = Quote.objects.get(pk=number, ticket=case.ticket)
    letter = case.letter(
        _("The quote %(reference)s expires soon") % {"reference": quote.reference},
        _acceptance(case),
        action=_("Read the quote"),
    )
    letter.url = settings.SITE_URL + reverse("quote", args=[quote.pk])
    letter.facts += _facts(case, quote)
    return letter


def _acceptance(case: Case) -> str:
    if may_act(case.reader, Action.ACCEPT_QUOTE, case.ticket, case.at):
        return _(
            "You may accept or refuse it on the ticket's page. Only an accepted quote starts work (C-OUT-4)."
        )
    return _(
        "A manager of your organisation accepts or refuses it. Only an accepted quote starts work (C-OUT-4)."
    )


def _quote(case: Case) -> Quote:
    return Quote.objects.get(pk=case.entry.data["quote"], ticket=case.ticket)


def _facts(case: Case, quote: Quote) -> list[tuple[str, str]]:
    work = case.state.life.work
    # A contest gives days back to the quote that awaits an answer.
    is_last = work is not None and work.quote == quote.pk
    day = last_day(work.expires_at) if work and is_last and work.expires_at else quote.valid_until
    return [
        (_("Total excl. VAT"), euros(quote.net)),
        (_("Total incl. VAT"), euros(quote.gross)),
        (_("Valid until"), say_date(day)),
    ]


QUOTE_NEWS: dict[EntryKind, Callable[[Case], Letter]] = {
    EntryKind.WORK_REQUESTED: work_requested,
    EntryKind.STUDIED: studied,
    EntryKind.QUOTED: quoted,
    EntryKind.QUOTE_ACCEPTED: quote_accepted,
    EntryKind.QUOTE_REFUSED: quote_refused,
    EntryKind.QUOTE_EXPIRED: quote_expired,
    EntryKind.QUOTE_WITHDRAWN: quote_withdrawn,
    EntryKind.WORK_CANCELLED: work_cancelled,
    EntryKind.WORK_DONE: work_done,
}
