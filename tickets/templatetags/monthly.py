"""How a cell of a report is said, by its kind."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from tickets.phrases import say_short
from tickets.templatetags.figures import euros, length, percent

register = template.Library()

# The kinds whose cells have a rule of their own in report_print.css.
DRESSED = {"count", "percent", "length", "money", "instant"}


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


@register.filter
def shown(value: Any, kind: str) -> SafeString:
    """Write a cell of the page: what leads somewhere is a link, and a text turns none of its neighbours round."""
    said = conditional_escape(cell(value, kind))
    address = getattr(value, "address", "")
    if address:
        said = format_html('<a href="{}">{}</a>', address, said)
    return format_html("<bdi>{}</bdi>", said) if kind == "text" else said


@register.filter
def printed_rows(table: Any) -> SafeString:
    """Write the rows of a table for paper, with nothing that a printer reads to no effect: a cell is one text.

    Each cell is a paragraph of its own, so that no text turns its neighbours round.
    """
    rows = (
        "".join(_cell(value, kind, is_first=not place) for place, (value, kind, _heading) in enumerate(row))
        for row in table.cells
    )
    written = "".join(f"<tr>{row}</tr>" for row in rows)
    return mark_safe(written)  # noqa: S308  (escaped in _cell)  # nosec B308 B703


def _cell(value: Any, kind: str, *, is_first: bool) -> str:
    start = ' scope="row"' if is_first else ""
    dress = f' class="kind-{kind}"' if kind in DRESSED else ""
    name = "th" if is_first else "td"
    return f"<{name}{start}{dress}>{escape(cell(value, kind))}</{name}>"
