"""Words that the sections of a report share: days, instants, versions, tickets."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from sla.policy import Severity
from tickets.monthly.tables import Leading
from tickets.phrases import say_date, say_time
from tickets.words import SEVERITIES

JSON = dict[str, Any]


def paragraphs_of(text: str) -> list[str]:
    """Cut a text where its lines leave a blank."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def say_day(text: str) -> str:
    """Say a date written in ISO 8601: « 1er janvier 2026 »."""
    return say_date(date.fromisoformat(text))


def say_moment(text: str | None) -> str:
    """Say an instant in the contract's time zone, to the minute; nothing for none."""
    if not text:
        return ""
    local = datetime.fromisoformat(text).astimezone(settings.SUPPORT_ZONE).replace(second=0, microsecond=0)
    return _("%(day)s at %(time)s") % {"day": say_date(local.date()), "time": say_time(local)}


def published(version: JSON) -> tuple[str, int]:
    """Order versions by their publication."""
    return version["published_at"], version["version"]


def say_version(version: JSON) -> str:
    """Say which published version it is."""
    published_at = datetime.fromisoformat(version["published_at"]).astimezone(settings.SUPPORT_ZONE)
    return _("%(name)s, version %(number)d, published on %(day)s") % {
        "name": version["name"],
        "number": version["version"],
        "day": say_date(published_at.date()),
    }


def say_severity(text: str | None) -> str:
    """Say a severity in the contract's word."""
    return str(SEVERITIES[Severity(text)]) if text else ""


def named(number: int, titles: dict[int, str]) -> Leading:
    """Name a ticket by its number and title; on the page, the name leads to it."""
    return Leading(f"#{number} {titles.get(number, '')}".strip(), reverse("ticket", args=[number]))
