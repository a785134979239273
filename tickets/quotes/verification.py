"""A quote checked again from its document alone, then against what was issued under its reference (C-OUT-4)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sla.document import digest_of
from tickets.models import LedgerEntry, PriceItem, Quote
from tickets.quote_document import FORMAT, cents, totals_of
from tickets.words import EntryKind

# What the fact of the issue, sealed in the client's chain, says of the document too.
SEALED = ("number", "net", "gross", "digest")


def faults_of(document: Any) -> list[str]:
    """Return what is wrong with a quote's document, in English sentences; nothing for one that holds."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return [f"This is no quote: its format is not “{FORMAT}”."]
    try:
        return list(_faults(document))
    except (LookupError, TypeError, AttributeError, ArithmeticError, ValueError) as error:
        return [f"The document is broken: {type(error).__name__} {error}."]


def _faults(document: dict[str, Any]) -> Iterator[str]:
    digest = digest_of(document)
    if digest != document["digest"]:
        yield f"The digest is {digest}, the document says {document['digest']}."
    for line in document["lines"]:
        net = str(cents(Decimal(line["unit_price"]) * Decimal(line["quantity"])))
        if net != line["net"]:
            yield f"Line {line['code']} comes to {net}, the document says {line['net']}."
    for name, value in totals_of(document["lines"]).items():
        if value != document[name]:
            yield f"“{name}” is {value}, the document says {document[name]}."
    yield from _against_what_was_issued(document)


def _against_what_was_issued(document: dict[str, Any]) -> Iterator[str]:
    client = int(document["reference"].split("-")[1])
    issued = Quote.objects.filter(client=client, number=document["number"]).first()
    if issued is None:
        yield f"No quote was issued under the reference {document['reference']}."
        return
    if issued.digest != document["digest"]:
        yield f"The quote issued as {document['reference']} has the digest {issued.digest}."
    fact = LedgerEntry.objects.filter(
        ticket=issued.ticket_id, kind=EntryKind.QUOTED, data__quote=issued.pk
    ).first()
    if fact is None:
        yield f"No fact of ticket #{issued.ticket_id}'s ledger says that {document['reference']} was issued."
    else:
        said = {name: fact.data.get(name) for name in SEALED}
        if said != {name: document[name] for name in SEALED}:
            yield f"The ledger of ticket #{issued.ticket_id} says of {document['reference']}: {said}."
    items = {item.code: item for item in PriceItem.objects.filter(price_list=issued.price_list_id)}
    for line in document["lines"]:
        item = items.get(line["code"])
        if item is None:
            yield f"{line['code']} is not in the price list of the day of the request."
        elif (str(item.unit_price), str(item.vat_rate)) != (line["unit_price"], line["vat_rate"]):
            yield f"{line['code']} costs {item.unit_price} at {item.vat_rate} % in that price list."
