"""What the mails say of what the client did."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.notifications.letter import Case, Letter
from tickets.words import ContestSubject, DeliveryKind


def client_message(case: Case) -> Letter:
    """Carry a message of the client."""
    letter = case.said(case.letter(_("Message from the client")))
    letter.facts += case.parties()
    if case.state.life.delivery:
        letter.notes.append(
            _(
                "A message after a delivery is an answer: no countdown to the closing runs until you ask"
                " for the verdict again (K-5)."
            )
        )
    return letter


def answer(case: Case) -> Letter:
    """Carry the client's answer."""
    letter = case.said(case.letter(_("The client has answered")))
    letter.facts += [*case.parties(), case.resolution()]
    return letter


def accepted(case: Case) -> Letter:
    """Tell the vendor that the delivery is accepted, or a workaround judged."""
    data = case.entry.data
    if not data.get("lasting", True):
        title = _("The client judges the workaround provisional")
    elif data.get("what") == DeliveryKind.WORKAROUND:
        title = _("The client judges the workaround definitive")
    else:
        title = _("The client accepts the fix")
    letter = case.said(case.letter(title))
    letter.facts += [*case.parties(), case.resolution()]
    return letter


def rejected(case: Case) -> Letter:
    """Tell the vendor that the delivery is refused, and why."""
    letter = case.said(
        case.letter(
            _("The client refuses the delivery"), _("The resolution delay runs again where it stood (K-9).")
        )
    )
    letter.facts += [*case.parties(), case.resolution()]
    return letter


def contested(case: Case) -> Letter:
    """Tell the owner and the managers what the client contests."""
    subject = ContestSubject(case.entry.data["subject"]).label
    letter = case.said(
        case.letter(
            _("The client contests %(subject)s") % {"subject": subject},
            _("A manager settles it, with a motive that the client sees."),
        )
    )
    letter.facts += case.parties()
    return letter


def time_requested(case: Case) -> Letter:
    """Tell the owner and the managers that the client asks for more time (C-CLI-2)."""
    days = case.entry.data["days"]
    letter = case.letter(
        _("The client asks for more time"),
        ngettext(
            "It asks for %(days)d business day in all to test the delivery.",
            "It asks for %(days)d business days in all to test the delivery.",
            days,
        )
        % {"days": days},
    )
    letter.facts += case.parties()
    return case.said(letter)


def in_production(case: Case) -> Letter:
    """Tell the vendor that the delivery is in production (C-CLI-1)."""
    return case.said(case.letter(_("The client declares the delivery in production")))
