"""A mail's row turned into a message: in its reader's language and time zone, as text and as HTML, threaded."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.theme import LIGHT_GROUNDS, Colour, accent_on, from_hex, to_hex
from tickets.models import Mail
from tickets.notifications.calls import CALLS
from tickets.notifications.letter import Case, Letter
from tickets.notifications.news import NEWS
from tickets.notifications.report_news import REPORT_NEWS
from tickets.phrases import saying_at

BLACK: Colour = (0, 0, 0)

WRITERS: dict[str, Callable[[Case], Letter]] = {
    **{str(kind): write for kind, write in NEWS.items()},
    **CALLS,
    **REPORT_NEWS,
}


def rendered(mail: Mail, at: datetime) -> EmailMultiAlternatives:
    """Return the message of a mail that leaves at `at`; raise `Moot` when it has lost its object."""
    reader = mail.recipient
    accent = accent_on(from_hex(settings.VENDOR_ACCENT), LIGHT_GROUNDS, BLACK)
    zone = ZoneInfo(reader.time_zone)
    with translation.override(reader.language), timezone.override(zone), saying_at(at):
        letter = WRITERS[mail.template](Case(mail, at))
        context = {
            "letter": letter,
            "language": reader.language,
            "vendor": settings.VENDOR_NAME,
            "accent": to_hex(accent.fill),
            "on_accent": to_hex(accent.on_fill),
            "site": settings.SITE_URL,
            "ticket": mail.ticket,
        }
        message = EmailMultiAlternatives(
            subject=subject_of(mail, letter),
            body=render_to_string("mail/letter.txt", context),
            to=[reader.email],
            headers=headers_of(mail),
        )
        message.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return message


def subject_of(mail: Mail, letter: Letter) -> str:
    """Return one line, the same for every mail of a ticket, so that mail programs keep them together."""
    text = f"[#{mail.ticket.pk}] {mail.ticket.title}" if mail.ticket else letter.title
    # A header is one line of printable characters, whatever somebody typed in a title.
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def headers_of(mail: Mail) -> dict[str, str]:
    """Return the headers that name the mail, thread it under its ticket, and keep automatic answers away."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<mail-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"<tickets.{domain}>",
    }
    if mail.ticket is not None:
        root = f"<ticket-{mail.ticket.pk}-{mail.ticket.registered_at:%Y%m%d%H%M%S}@{domain}>"
        headers |= {"In-Reply-To": root, "References": root}
    return headers
