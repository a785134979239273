"""A quote as one document: what was offered at which public prices, from which its files are made (C-OUT-4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings

from accounts.models import User
from sla.document import digest_of, instant
from tickets.models import PriceItem, PriceList, Ticket, reference_of
from tickets.models.quotes import CENT

FORMAT = "quote"
FORMAT_VERSION = 1
HUNDRED = Decimal(100)

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of one line of a price list; amounts in euros."""

    item: PriceItem
    quantity: Decimal

    @property
    def net(self) -> Decimal:
        """The amount without tax, rounded to the cent, halves up."""
        return cents(self.item.unit_price * self.quantity)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a quote says beside its lines: the study it follows, when the work would be done, until when it holds."""

    requested_on: date
    study: str
    execution: str
    valid_until: date
    replaces: str | None


def cents(amount: Decimal) -> Decimal:
    """Round an amount in euros to the cent, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def totals_of(lines: Iterable[Mapping[str, str]]) -> JSON:
    """Add up lines as a document holds them: without tax, the tax of each rate on its own sum, with tax."""
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        bases[Decimal(line["vat_rate"])] += Decimal(line["net"])
    taxes = {rate: cents(base * rate / HUNDRED) for rate, base in bases.items()}
    net = sum(bases.values(), Decimal())
    return {
        "net": str(cents(net)),
        "vat": [
            {"rate": str(rate), "base": str(bases[rate]), "amount": str(taxes[rate])}
            for rate in sorted(bases)
        ],
        "gross": str(cents(net + sum(taxes.values(), Decimal()))),
    }


def document_of(
    ticket: Ticket,
    price_list: PriceList,
    lines: Iterable[Line],
    terms: Terms,
    *,
    number: int,
    by: User,
    at: datetime,
) -> JSON:
    """Return the quote of this number as a document, with its digest: amounts as text, instants in UTC."""
    said = [
        {
            "code": line.item.code,
            "label": line.item.label,
            "unit": line.item.unit,
            "quantity": str(line.quantity.normalize() + 0),
            "unit_price": str(line.item.unit_price),
            "vat_rate": str(line.item.vat_rate),
            "net": str(line.net),
        }
        for line in lines
    ]
    document: JSON = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "language": settings.LANGUAGE_CODE,
        "currency": "EUR",
        "number": number,
        "reference": reference_of(ticket.client_id, number),
        "replaces": terms.replaces,
        "vendor": settings.VENDOR_NAME,
        "vendor_legal": settings.VENDOR_LEGAL,
        "client": ticket.client.name,
        "contract": {"reference": ticket.contract.reference, "solution": ticket.solution.name},
        "ticket": {"number": ticket.pk, "title": ticket.title},
        "requested_on": terms.requested_on.isoformat(),
        "price_list": {
            "id": price_list.pk,
            "title": price_list.title,
            "in_force_from": price_list.in_force_from.isoformat(),
        },
        "study": terms.study,
        "lines": said,
        **totals_of(said),
        "execution": terms.execution,
        "conditions": price_list.conditions,
        "valid_until": terms.valid_until.isoformat(),
        "issued_at": instant(at),
        "issued_by": str(by),
    }
    return {**document, "digest": digest_of(document)}
