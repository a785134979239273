"""Amounts in euros and quantities, said in the reader's language."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def euros(amount: Decimal | str) -> str:
    """Say an amount in euros, to the cent: « 1 234,50 € », “€1,234.50”."""
    said = number_format(Decimal(amount), decimal_pos=2, use_l10n=True, force_grouping=True)
    return _("€%(amount)s") % {"amount": said}


def plain_number(amount: Decimal | str) -> str:
    """Say a quantity or a rate without useless zeros: « 2,5 », « 20 »."""
    return number_format(Decimal(amount).normalize() + 0, use_l10n=True, force_grouping=True)
