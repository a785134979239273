"""What the timetable's own mails say: an escalation, a reminder, a training about to expire."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Training
from tickets.models import ClientExport, ExportState, Message
from tickets.notifications.letter import Case, Letter, Moot, say_severity
from tickets.notifications.quote_news import quote_reminder
from tickets.notifications.vendor_news import verdict_awaited
from tickets.permissions import support_day
from tickets.phrases import say_day, say_instant
from tickets.words import DeliveryKind, EffectKind, State


def escalation(case: Case) -> Letter:
    """Tell the owner or a manager how much of a clock is used."""
    data, ticket = case.mail.context, case.ticket
    is_acknowledgement = data["clock"] == "acknowledge"
    if data["percent"] >= 100:
        title = (
            _("The acknowledgement deadline is reached")
            if is_acknowledgement
            else _("The resolution deadline is reached")
        )
    else:
        wording = (
            _("%(percent)d %% of the acknowledgement delay is used")
            if is_acknowledgement
            else _("%(percent)d %% of the resolution delay is used")
        )
        title = wording % {"percent": data["percent"]}
    letter = case.letter(title)
    letter.facts += [
        (_("Deadline"), say_instant(datetime.fromisoformat(data["due"]))),
        (_("Deadline of the severity"), say_severity(data["severity"])),
        *case.parties(),
        (_("Owner"), str(ticket.owner or _("nobody yet"))),
    ]
    return letter


def reminder(case: Case) -> Letter:
    """Remind the client of the verdict it owes on a delivery (K-5, K-17)."""
    life = case.state.life
    delivery = life.delivery
    if life.state != State.UNDER_TEST or delivery is None or delivery.seq != case.mail.context["delivery"]:
        raise Moot
    if life.window is None:
        # The client has answered since (K-5): it owes nothing until it is asked again.
        raise Moot
    is_fix = delivery.what == DeliveryKind.FIX
    letter = case.letter(
        _("Have you tested the fix?") if is_fix else _("Have you tested the workaround?"),
        _("It was delivered on %(instant)s; your verdict is awaited.")
        % {"instant": say_instant(delivery.at)},
        action=_("Give my verdict"),
    )
    entry = case.ticket.entries.get(seq=delivery.seq)
    letter.quote(_("How to test"), entry.data.get("how_to_test", ""))
    letter.notes += verdict_awaited(case, is_fix=is_fix)
    return letter


def training_expiry(case: Case) -> Letter:
    """Tell a person, and the client's managers, that a training ends soon (C-WHO-1, C-WHO-2)."""
    context = case.mail.context
    training = _training(case)
    if (
        training is None
        or training.ended_on
        or not training.expires_on
        or str(training.expires_on) != context["expires_on"]
    ):
        raise Moot
    days: int = (training.expires_on - support_day(case.at)).days
    if days < 0:
        raise Moot
    letter = Letter(
        _("Training about to expire: %(solution)s") % {"solution": training.solution},
        ngettext(
            "The training of %(person)s for %(solution)s is valid until %(day)s: %(days)d day is left.",
            "The training of %(person)s for %(solution)s is valid until %(day)s: %(days)d days are left.",
            days,
        )
        % {
            "person": training.person,
            "solution": training.solution,
            "day": say_day(training.expires_on),
            "days": days,
        },
    )
    if case.reader.is_vendor:
        letter.facts.append((_("Client"), str(training.client)))
    letter.notes.append(
        _("After that day, this person may no longer file tickets for this solution (C-WHO-1).")
    )
    letter.quote(_("How to get trained"), training.solution.training_contact)
    return letter


def training_ended(case: Case) -> Letter:
    """Tell a person, the client's managers and the vendor's contact that a training was ended early (C-WHO-1)."""
    training = _training(case)
    if training is None or training.ended_on is None:
        raise Moot
    letter = Letter(
        _("Training ended: %(solution)s") % {"solution": training.solution},
        _("The training of %(person)s for %(solution)s counts no more from %(day)s.")
        % {"person": training.person, "solution": training.solution, "day": say_day(training.ended_on)},
    )
    if case.reader.is_vendor:
        letter.facts.append((_("Client"), str(training.client)))
    letter.quote(_("Motive"), training.end_motive)
    letter.notes.append(
        _("From that day on, this person may no longer file tickets for this solution (C-WHO-1).")
    )
    letter.quote(_("How to get trained"), training.solution.training_contact)
    return letter


def file_infected(case: Case) -> Letter:
    """Tell who sent a file, and who looks after the ticket, that the scanner found it infected."""
    letter = Letter(
        _("A file is infected"),
        _(
            "According to the scanner, “%(name)s” is infected: it is in quarantine, and nobody may download it."
        )
        % {"name": case.mail.context["name"]},
    )
    if case.mail.ticket is not None:
        letter.action, letter.url = _("Open the ticket"), case.address
    letter.notes.append(_("If it is needed, clean it and send it again."))
    return letter


def export_ready(case: Case) -> Letter:
    """Tell who asked for a client's export that it is ready, and until when."""
    export = _export(case)
    if export.state != ExportState.READY or export.expires_at is None:
        raise Moot
    letter = Letter(
        _("The export of %(client)s is ready") % {"client": export.client},
        _("It may be downloaded until %(instant)s, after signing in.")
        % {"instant": say_instant(export.expires_at)},
        action=_("Open the export"),
        url=settings.SITE_URL + reverse("export", args=[export.pk]),
    )
    letter.facts.append((_("SHA-256 checksum"), export.digest))
    return letter


def export_failed(case: Case) -> Letter:
    """Tell who asked for a client's export that it could not be prepared."""
    export = _export(case)
    return Letter(
        _("The export of %(client)s has failed") % {"client": export.client},
        _(
            "It was tried several times. Ask for it again later; if it fails again, tell the platform administrator."
        ),
        action=_("Open the export"),
        url=settings.SITE_URL + reverse("export", args=[export.pk]),
    )


def _export(case: Case) -> ClientExport:
    found = ClientExport.objects.visible_to(case.reader).select_related("client")
    export = found.filter(pk=case.mail.context["export"]).first()
    if export is None:
        raise Moot
    return export


def _training(case: Case) -> Training | None:
    found = Training.objects.select_related("person", "solution", "client")
    return found.filter(pk=case.mail.context["training"]).first()


def mention(case: Case) -> Letter:
    """Tell a colleague of the vendor that an internal note names them; a note read by nobody else leaves no mail."""
    note = (
        Message.objects.filter(pk=case.mail.context["note"], is_internal=True)
        .select_related("author")
        .first()
    )
    if note is None or not case.reader.is_vendor:
        raise Moot
    letter = case.letter(_("You are named in an internal note"))
    letter.facts += case.parties()
    letter.quote(_("%(person)s wrote:") % {"person": note.author}, note.body)
    letter.notes.append(_("You follow this ticket from now on; its page lets you stop."))
    return letter


CALLS: dict[str, Callable[[Case], Letter]] = {
    EffectKind.ESCALATION: escalation,
    EffectKind.REMINDER: reminder,
    EffectKind.QUOTE_REMINDER: quote_reminder,
    EffectKind.TRAINING_EXPIRY: training_expiry,
    "training_ended": training_ended,
    "file_infected": file_infected,
    "export_ready": export_ready,
    "export_failed": export_failed,
    "mention": mention,
}
