"""Template filters that say instants, durations and texts in the reader's words."""

from datetime import date, datetime

from django import template
from django.utils.safestring import SafeString

from sla.policy import Severity
from tickets import markup, phrases
from tickets.words import SEVERITIES
from tickets.workflow import Action

register = template.Library()

# The keys of a ticket's page, where the action is offered; the letters are those of the French words.
SHORTCUTS = {
    "t": Action.ACKNOWLEDGE,
    "m": Action.ASSIGN,
    "g": Action.REQUALIFY,
    "d": Action.DELIVER,
    "v": Action.ASK_VERDICT,
    "h": Action.CLASS_OUT_OF_SCOPE,
    "c": Action.CLOSE,
    "y": Action.ACCEPT,
    "x": Action.REFUSE,
}


@register.simple_tag
def ticket_shortcuts() -> list[tuple[str, str, str]]:
    """Return the keys of a ticket's page: the key, the action's name in addresses, its words."""
    return [(key, action.value, str(action.label)) for key, action in SHORTCUTS.items()]


@register.filter
def instant(at: datetime | None) -> str:
    """Say an instant: « mardi 24 novembre, 9 h 40 »; nothing for none."""
    return phrases.say_instant(at) if at else ""


@register.filter
def short_instant(at: datetime | None) -> str:
    """Say an instant for a list: « 24/11/2026 9 h 40 »."""
    return phrases.say_short(at) if at else ""


@register.filter
def day(value: date | None) -> str:
    """Say a date in words."""
    return phrases.say_day(value) if value else ""


@register.filter
def full_date(value: date) -> str:
    """Say a date as documents do: « 1er janvier 2026 »."""
    return phrases.say_date(value)


@register.filter
def dated_instant(at: datetime) -> str:
    """Say an instant as documents do: « 24 novembre 2026, 9 h 40 »."""
    return phrases.say_dated_instant(at)


@register.filter
def business_time(microseconds: int | None) -> str:
    """Say a length of business time; a dash for none."""
    return "—" if microseconds is None else phrases.say_business_time(microseconds)


@register.filter
def severity(value: str | None) -> str:
    """Say a severity in the contract's word."""
    return str(SEVERITIES[Severity(value)]) if value else ""


@register.filter
def markdown(text: str) -> SafeString:
    """Show a Markdown text as safe HTML."""
    return markup.render(text or "")
