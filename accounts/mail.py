"""The mails about accounts: in the person's language, plain text and HTML, saying nothing about tickets."""

from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from accounts.theme import LIGHT_GROUNDS, accent_on, from_hex, to_hex


def compose(name: str, address: str, language: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """Compose the mail called `name` (templates/account/email/) to an address, in a language."""
    light = accent_on(from_hex(settings.VENDOR_ACCENT), LIGHT_GROUNDS, (0, 0, 0))
    values = {
        "vendor": settings.VENDOR_NAME,
        "accent": to_hex(light.fill),
        "on_accent": to_hex(light.on_fill),
        "site": settings.SITE_URL,
        "email": address,
        **context,
    }
    with translation.override(language):
        subject = " ".join(render_to_string(f"account/email/{name}_subject.txt", values).split())
        text = render_to_string(f"account/email/{name}_message.txt", values).strip()
        page = render_to_string(f"account/email/{name}_message.html", values).strip()
        footer = render_to_string("account/email/footer.txt", values).strip()
    mail = EmailMultiAlternatives(
        subject, f"{text}\n\n--\n{footer}\n", settings.DEFAULT_FROM_EMAIL, [address], headers=headers()
    )
    mail.attach_alternative(page, "text/html")
    return mail


def headers() -> dict[str, str]:
    """Return the headers that name a mail after the instance's own host and keep automatic answers away."""
    return {
        "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname or "localhost"),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
