"""How a cell of a report is said, by its kind."""

from datetime import datetime
from typing import Any

from django import template

from tickets.phrases import say_short
from tickets.templatetags.figures import euros, length, percent

register = template.Library()


@register.filter
def cell(value: Any, kind: str) -> str:
    """Say a value of a report in the active language and time zone; a dash for none but in a text."""
    if kind in {"text", "word"}:
        return str(value or "")
    if value is None:
        return "—"
    if kind == "length":
        return length(value)
    if kind == "percent":
        return percent(value)
    if kind == "money":
        return euros(value)
    return say_short(datetime.fromisoformat(value)) if kind == "instant" else str(value)
