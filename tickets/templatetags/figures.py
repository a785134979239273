"""Template filters that say rates, with the counts they come from."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sla.compliance import Rate

register = template.Library()


@register.filter
def rate(value: Rate) -> str:
    """Say a rate with its counts, « 3 sur 4, 75 % »; a dash for an empty denominator, never 100 % (K-13)."""
    if value.tenths is None:
        return "—"
    whole, rest = divmod(value.tenths, 10)
    percent = number_format(Decimal(value.tenths) / 10, decimal_pos=1) if rest else str(whole)
    return _("%(met)d of %(total)d, %(percent)s %%") % {
        "met": value.met,
        "total": value.total,
        "percent": percent,
    }
