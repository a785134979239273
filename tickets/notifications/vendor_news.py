"""What the mails say of what the vendor did."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.notifications.letter import Case, Letter, say_severity
from tickets.phrases import say_date
from tickets.recomputation_words import say_recomputation
from tickets.validity import last_day
from tickets.words import ContestSubject, DeliveryKind, OutOfScopeGround


def acknowledged(case: Case) -> Letter:
    """Tell the client that an agent has taken the ticket."""
    letter = case.letter(
        _("Your anomaly is acknowledged"),
        _("%(person)s has taken charge of it.") % {"person": case.ticket.owner or case.author},
    )
    letter.facts.append(case.resolution())
    return case.said(letter)


def assigned(case: Case) -> Letter:
    """Tell an agent that the ticket is now theirs."""
    letter = case.letter(
        _("This ticket is yours"),
        _("%(person)s has assigned it to you.") % {"person": case.author},
    )
    letter.facts += [*case.parties(), case.acknowledgement(), case.resolution()]
    return letter


def vendor_message(case: Case) -> Letter:
    """Carry a message of the vendor."""
    return case.said(case.letter(_("Message from support")))


def question(case: Case) -> Letter:
    """Carry a question to the client."""
    letter = case.said(case.letter(_("Support asks you a question"), action=_("Answer")))
    letter.notes.append(_("The resolution delay is paused until your answer (K-7)."))
    return letter


def delivered(case: Case) -> Letter:
    """Tell what was delivered, how to test it, and what silence will do (C-CLI-1, C-CLI-2, C-CLI-4)."""
    data = case.entry.data
    is_fix = data["what"] == DeliveryKind.FIX
    letter = case.letter(
        _("A fix is delivered") if is_fix else _("A workaround is delivered"),
        _("Please test it, then say whether you accept it.")
        if is_fix
        else _("Please test it, then judge it definitive or provisional (C-WKA-1)."),
        action=_("Give my verdict"),
    )
    if data.get("version"):
        letter.facts.append((_("Version"), data["version"]))
    letter.quote(_("What is delivered"), case.words)
    letter.quote(_("How to test"), data.get("how_to_test", ""))
    if data.get("touches_data"):
        letter.notes.append(
            _("This delivery could touch your data: back them up first; backups are yours to make (C-CLI-4).")
        )
    letter.notes += verdict_awaited(case, is_fix=is_fix)
    return letter


def verdict_awaited(case: Case, *, is_fix: bool) -> list[str]:
    """Say what the client's silence will do (K-5, K-17)."""
    if is_fix:
        return list(case.closing())
    return [
        _(
            "Silence does not judge a workaround: nothing closes by itself, but without an answer the ticket may"
            " be closed for lack of cooperation after a warning (K-17)."
        )
    ]


def verdict_asked(case: Case) -> Letter:
    """Ask for the verdict again: a new countdown runs (K-5)."""
    letter = case.said(case.letter(_("Your verdict on the delivery is awaited"), action=_("Give my verdict")))
    delivery = case.state.life.delivery
    letter.notes += verdict_awaited(case, is_fix=delivery is None or delivery.what == DeliveryKind.FIX)
    return letter


def severity(case: Case) -> Letter:
    """Tell the client which severity is retained, and why (C-SEV-2)."""
    data, claimed = case.entry.data, case.state.life.claimed
    letter = case.letter(_("Severity retained: %(severity)s") % {"severity": say_severity(data["to"])})
    letter.facts += [
        (_("Severity claimed"), say_severity(claimed)),
        (_("Severity retained"), say_severity(data["to"])),
        case.acknowledgement(),
        case.resolution(),
    ]
    letter.quote(_("Motive"), data.get("motive", ""))
    if data["to"] != claimed:
        letter.notes.append(
            _("You may contest this severity on the ticket's page: a manager settles it (C-SEV-2).")
        )
    return letter


def out_of_scope(case: Case) -> Letter:
    """Tell the client on which ground the ticket is out of scope, and how to contest it (C-OUT-3)."""
    letter = case.letter(
        _("Your request is classed out of scope"),
        _("The ground is one of those that the contract names; the delays are stopped."),
    )
    letter.facts.append((_("Ground"), str(OutOfScopeGround(case.entry.data["ground"]).label)))
    letter.quote(_("Explanation"), case.words)
    letter.notes.append(
        _("You may contest this classing on the ticket's page: a manager settles it (C-OUT-3).")
    )
    return letter


def in_scope(case: Case) -> Letter:
    """Tell the client that the ticket is back in scope (K-16)."""
    letter = case.said(
        case.letter(
            _("Your anomaly is back in scope"), _("The time spent out of scope counts as a pause (K-16).")
        )
    )
    letter.facts.append(case.resolution())
    return letter


def settled(case: Case) -> Letter:
    """Tell the client how its contest was settled."""
    data = case.entry.data
    letter = case.letter(
        _("Your contest is upheld") if data["upheld"] else _("Your contest is not upheld"),
        _("You contested %(subject)s.") % {"subject": ContestSubject(data["subject"]).label},
    )
    letter.facts += [
        (_("Severity"), say_severity(case.state.life.severity)),
        case.resolution(),
    ]
    if "expires_at" in data:
        day = last_day(datetime.fromisoformat(data["expires_at"]))
        letter.facts.append((_("Quote valid until"), say_date(day)))
    return case.said(letter)


def time_agreed(case: Case) -> Letter:
    """Tell the client which longer delay is agreed (C-CLI-2)."""
    days = case.entry.data["days"]
    letter = case.letter(
        _("A longer delay is agreed"),
        ngettext(
            "You have %(days)d business day in all to answer.",
            "You have %(days)d business days in all to answer.",
            days,
        )
        % {"days": days},
    )
    letter.notes += case.closing()
    return case.said(letter)


def time_refused(case: Case) -> Letter:
    """Tell the client that no longer delay is agreed."""
    return case.said(case.letter(_("The longer delay is not agreed")))


def warned(case: Case) -> Letter:
    """Warn the client that the ticket may be closed for lack of cooperation (C-OUT-2, K-17)."""
    letter = case.said(
        case.letter(
            _("Warning before closing"),
            _(
                "Without an answer from you, this ticket may be closed for lack of cooperation (C-OUT-2, K-17)."
            ),
            action=_("Answer"),
        )
    )
    letter.notes.append(_("Any message from you cancels this warning."))
    return letter


def corrected(case: Case) -> Letter:
    """Tell the client that the title or the solution was corrected."""
    data = case.entry.data
    letter = case.letter(_("The ticket's title or solution was corrected"))
    letter.facts += [
        (_("Former title"), data["former"]["title"]),
        (_("Title"), data["title"]),
        (_("Former solution"), data["former"]["solution"]),
        (_("Solution"), data["solution"]),
    ]
    letter.notes.append(_("The promised delays are unchanged (C-CAL-3)."))
    return letter


def recomputed(case: Case) -> Letter:
    """Tell both sides that the delays were recomputed: before, after, and why (C-CAL-3, K-11)."""
    letter = case.letter(
        _("The delays of this ticket are recomputed"),
        _("%(person)s has put it under other versions of the calendar or of the policy.")
        % {"person": case.author},
    )
    if case.reader.is_vendor:
        letter.facts += case.parties()
    letter.facts += say_recomputation(case.entry.data)
    letter.quote(_("Motive"), case.entry.data["motive"])
    letter.notes.append(_("A deadline missed before stays missed (K-11)."))
    if not case.reader.is_vendor:
        letter.notes.append(_("You may contest a deadline on the ticket's page: a manager settles it."))
    return letter
