"""Amounts in euros and quantities, said in the reader's language."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import pgettext

NARROW, WIDE = "\u202f", "\u00a0"


def euros(amount: Decimal | str) -> str:
    """Say an amount in euros, to the cent: « 1 234,50 € », “€1,234.50”."""
    said = number_format(Decimal(amount), decimal_pos=2, force_grouping=True)
    return pgettext("an amount of money", "€%(amount)s") % {"amount": _narrow(said)}


def plain_number(amount: Decimal | str) -> str:
    """Say a quantity or a rate with the decimals that it has: « 2,5 », « 20 »."""
    value = Decimal(amount)
    exponent = value.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return _narrow(number_format(value, decimal_pos=places, force_grouping=True))


def _narrow(said: str) -> str:
    """French groups by a narrow space, which the framework's format makes as wide as a letter."""
    return said.replace(WIDE, NARROW)


def counted(unit: str, quantity: Decimal | str) -> str:
    """Say a unit of a price list after its quantity, in the plural from two on as French has it: « 4 demi-journées ».

    A unit of one word takes an s; a symbol, or words whose plural no rule gives, stays as it is written.
    """
    is_word = len(unit) > 2 and unit.replace("-", "").isalpha()
    takes_s = is_word and unit[-1] not in "sxz" and abs(Decimal(quantity)) >= 2
    return f"{unit}s" if takes_s else unit
