"""Template filters that say rates, with the counts they come from, and lengths of time."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from sla.compliance import Rate
from tickets import money
from tickets.words import State

register = template.Library()

DURATIONS = {
    **{f"time_{state.value}": state.label for state in State},
    "paused_question": gettext_lazy("Waiting for an answer of the client"),
    "paused_delivery": gettext_lazy("Delivery under test at the client's"),
    "paused_out_of_scope": gettext_lazy("Out of scope, put back later"),
}
MINUTE = 60_000_000  # microseconds


@register.filter
def rate(value: Rate) -> str:
    """Say a rate with its counts, « 3 sur 4, 75 % »; a dash for an empty denominator, never 100 % (K-13)."""
    if value.tenths is None:
        return "—"
    return _("%(met)d of %(total)d, %(percent)s") % {
        "met": value.met,
        "total": value.total,
        "percent": percent(value.tenths),
    }


@register.filter
def percent(tenths: int | None) -> str:
    """Say tenths of a percent: « 66,7 % », « 75 % »; a dash for none."""
    if tenths is None:
        return "—"
    whole, rest = divmod(tenths, 10)
    return _("%(percent)s %%") % {
        "percent": number_format(Decimal(tenths) / 10, decimal_pos=1) if rest else str(whole)
    }


@register.filter
def euros(amount: Decimal | str | None) -> str:
    """Say an amount: « 1 234,50 € », “€1,234.50”; a dash for none."""
    return "—" if amount is None else money.euros(amount)


@register.filter
def plain_number(amount: Decimal | str) -> str:
    """Say a quantity without useless zeros: « 2,5 »."""
    return money.plain_number(amount)


@register.filter
def counted(unit: str, quantity: Decimal | str) -> str:
    """Say a unit after its quantity: « 4 demi-journées »."""
    return money.counted(unit, quantity)


@register.filter
def tax_rate(value: Decimal | str) -> str:
    """Say a rate given in percent, with the decimals that it has: « 5,5 % », “20%”."""
    return _("%(percent)s%%") % {"percent": money.plain_number(value)}


@register.filter
def chart_percent(value: Rate) -> str:
    """Write a rate in percent, for a chart: “66.7”; nothing for none."""
    return "" if value.tenths is None else f"{value.tenths / 10:.1f}"


@register.filter
def duration_name(figure: str) -> str:
    """Name what a length of time is spent in: a state, or the cause of a pause."""
    return str(DURATIONS[str(figure)])


@register.filter
def length(microseconds: int | str | None) -> str:
    """Say a length of business time, rounded down to the minute: « 3 h 20 »; a dash for none (a template's is "")."""
    if not isinstance(microseconds, int):
        return "—"
    hours, minutes = divmod(microseconds // MINUTE, 60)
    return pgettext("length of time", "%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minutes}


@register.filter
def hours(microseconds: int | None) -> str:
    """Write a length of business time as hours, for a chart: “3.33”; nothing for none."""
    return "" if microseconds is None else f"{microseconds / (60 * MINUTE):.2f}"


@register.filter
def linked(count: Any) -> SafeString:
    """Write a figure (`Count`) that leads to its tickets; nothing to look at behind a zero."""
    return format_html('<a href="{}">{}</a>', count.url, count.number) if count.number else SafeString("0")


@register.filter
def linked_rate(kept: Any) -> SafeString | str:
    """Write a rate (of a `Kept`) that leads to its tickets; nothing to look at behind an empty one."""
    said = rate(kept.rate)
    return format_html('<a href="{}">{}</a>', kept.url, said) if kept.rate.total else said


@register.filter
def heat_cells(cells: Iterable[tuple[Any, int, str]]) -> SafeString:
    """Write the cells of one weekday, each with its shade; a figure leads to its tickets and names its hour."""
    return format_html_join(
        "", '<td class="heat-{}">{}</td>', ((level, _hour(count, name)) for count, level, name in cells)
    )


def _hour(count: Any, name: str) -> SafeString | str:
    return (
        format_html('<a href="{}" title="{}">{}</a>', count.url, name, count.number) if count.number else ""
    )
