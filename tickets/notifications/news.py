"""What each kind of fact says in a mail: one function a kind, from the case to a letter."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tickets.models import Ticket
from tickets.notifications import client_news, vendor_news
from tickets.notifications.letter import Case, Letter, Moot, say_severity
from tickets.notifications.quote_news import QUOTE_NEWS
from tickets.phrases import say_instant
from tickets.words import ClosingGround, EntryKind, Means

# Each pair says it to the vendor, then to the client.
FILED = (
    gettext_noop("%(person)s (%(client)s) has filed an anomaly."),
    gettext_noop("It was received on %(instant)s (%(means)s) and bears the number %(number)d."),
)
# What an agent registers for somebody says by which means it came (C-WHO-3).
REGISTERED_FOR_SOMEBODY = {
    Means.TELEPHONE: (
        gettext_noop(
            "%(agent)s has registered an anomaly reported by telephone by %(person)s (%(client)s),"
            " received on %(instant)s."
        ),
        gettext_noop(
            "%(agent)s has registered the anomaly that %(person)s reported by telephone; it was received on"
            " %(instant)s and bears the number %(number)d."
        ),
    ),
    Means.EMAIL: (
        gettext_noop(
            "%(agent)s has registered an anomaly reported by e-mail by %(person)s (%(client)s),"
            " received on %(instant)s."
        ),
        gettext_noop(
            "%(agent)s has registered the anomaly that %(person)s reported by e-mail; it was received on"
            " %(instant)s and bears the number %(number)d."
        ),
    ),
    Means.MEETING: (
        gettext_noop(
            "%(agent)s has registered an anomaly reported in person by %(person)s (%(client)s),"
            " received on %(instant)s."
        ),
        gettext_noop(
            "%(agent)s has registered the anomaly that %(person)s reported in person; it was received on"
            " %(instant)s and bears the number %(number)d."
        ),
    ),
}


def reception(case: Case) -> str:
    """Say who filed the anomaly, or who registered it for whom and by which means it came (C-WHO-3)."""
    ticket, means = case.ticket, Means(case.entry.data["means"])
    values = {
        "agent": case.author,
        "person": ticket.reporter,
        "client": ticket.client,
        "instant": say_instant(case.entry.occurred_at),
        "means": means.label,
        "number": ticket.pk,
    }
    to_vendor, to_client = REGISTERED_FOR_SOMEBODY.get(means, FILED)
    return _(to_vendor if case.reader.is_vendor else to_client) % values


def received(case: Case) -> Letter:
    """Give the receipt to the client, with both promised deadlines; show the anomaly to the vendor."""
    ticket, data = case.ticket, case.entry.data
    if case.reader.is_vendor:
        letter = case.letter(
            _("New anomaly, %(severity)s") % {"severity": say_severity(data["severity"])},
            reception(case),
        )
        letter.facts += case.parties()
        letter.quote(_("Description"), ticket.description)
    else:
        letter = case.letter(
            _("Your anomaly is registered"),
            reception(case),
        )
        letter.facts += [
            (_("Solution"), str(ticket.solution)),
            (_("Severity claimed"), say_severity(data["severity"])),
        ]
        letter.notes.append(
            _("This receipt is automatic and is not the acknowledgement, which an agent gives (C-SLA-2).")
        )
    letter.facts += [case.acknowledgement(), case.resolution()]
    return letter


def followed_up(case: Case) -> Letter:
    """Tell both sides that the anomaly is back, under a new number (K-15)."""
    following = Ticket.objects.filter(client=case.ticket.client_id, pk=case.entry.data["ticket"]).first()
    if following is None:
        raise Moot
    letter = case.letter(
        _("The anomaly is back: ticket #%(number)d") % {"number": following.pk},
        _("A closed ticket stays closed; the new one is linked to it and has its own delays (K-15)."),
        action=_("Open the new ticket"),
    )
    letter.url = settings.SITE_URL + following.get_absolute_url()
    return letter


def closed(case: Case) -> Letter:
    """Tell both sides that the ticket is closed, and by which rule."""
    life, data = case.state.life, case.entry.data
    ground = ClosingGround(data["ground"])
    letter = case.letter(_("Ticket closed"), closing_reason(case, ground))
    letter.facts += [
        (_("Ground"), str(ground.label)),
        (_("Closed on"), say_instant(case.entry.occurred_at)),
        case.acknowledgement(),
        case.resolution(),
    ]
    if data.get("duplicate_of"):
        letter.facts.insert(1, (_("Original"), f"#{data['duplicate_of']}"))
    case.said(letter)
    if not case.reader.is_vendor and life.closed_at:
        letter.notes.append(
            _("A closed ticket stays closed. If the anomaly comes back, follow it up in one click (K-15).")
        )
    return letter


def closing_reason(case: Case, ground: ClosingGround) -> str:
    """Say in words which rule closed the ticket when nobody acted; nothing when somebody did."""
    delivery = case.state.life.resolved_by or case.state.life.delivery
    since = case.state.life.accepted_at or (delivery.at if delivery else None)
    if since is None or case.entry.by is not None:
        return ""
    values = {"since": say_instant(since)}
    if ground == ClosingGround.TACIT:
        return (
            _(
                "The fix was delivered on %(since)s and no answer came within the delay: rule C-CLI-2"
                " closes the ticket, and the fix counts as accepted (K-5)."
            )
            % values
        )
    return (
        _(
            "The delivery was accepted on %(since)s and no declaration of production followed within the delay:"
            " rule K-18 closes the ticket."
        )
        % values
    )


NEWS: dict[EntryKind, Callable[[Case], Letter]] = {
    EntryKind.RECEIVED: received,
    EntryKind.ACKNOWLEDGED: vendor_news.acknowledged,
    EntryKind.ASSIGNED: vendor_news.assigned,
    EntryKind.VENDOR_MESSAGE: vendor_news.vendor_message,
    EntryKind.CLIENT_MESSAGE: client_news.client_message,
    EntryKind.QUESTION: vendor_news.question,
    EntryKind.ANSWER: client_news.answer,
    EntryKind.DELIVERED: vendor_news.delivered,
    EntryKind.VERDICT_ASKED: vendor_news.verdict_asked,
    EntryKind.ACCEPTED: client_news.accepted,
    EntryKind.REJECTED: client_news.rejected,
    EntryKind.SEVERITY: vendor_news.severity,
    EntryKind.OUT_OF_SCOPE: vendor_news.out_of_scope,
    EntryKind.IN_SCOPE: vendor_news.in_scope,
    EntryKind.CONTESTED: client_news.contested,
    EntryKind.SETTLED: vendor_news.settled,
    EntryKind.TIME_REQUESTED: client_news.time_requested,
    EntryKind.TIME_AGREED: vendor_news.time_agreed,
    EntryKind.TIME_REFUSED: vendor_news.time_refused,
    EntryKind.WARNED: vendor_news.warned,
    EntryKind.CORRECTED: vendor_news.corrected,
    EntryKind.RECOMPUTED: vendor_news.recomputed,
    EntryKind.IN_PRODUCTION: client_news.in_production,
    EntryKind.FOLLOWED_UP: followed_up,
    EntryKind.CLOSED: closed,
    **QUOTE_NEWS,
}
