"""The files of a quote, both made of the one document: PDF and JSON."""

import json
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from tickets.quote_document import JSON
from tickets.quotes.outcomes import Outcome
from tickets.statements.paper import print_pdf


def printed(document: JSON) -> dict[str, Any]:
    """Return what the quote's templates show, dates and instants read."""
    return {
        "document": document,
        "requested_on": date.fromisoformat(document["requested_on"]),
        "in_force_from": date.fromisoformat(document["price_list"]["in_force_from"]),
        "valid_until": date.fromisoformat(document["valid_until"]),
        "issued_on": datetime.fromisoformat(document["issued_at"]).astimezone(settings.SUPPORT_ZONE).date(),
        "vendor_name": document["vendor"],
    }


def write_pdf(document: JSON, outcome: Outcome) -> bytes:
    """Print the quote as a tagged PDF (PDF/UA), A4, in the document's language; with its acceptance, once given."""
    with translation.override(document["language"]), timezone.override(settings.SUPPORT_ZONE):
        return print_pdf("quotes/print.html", {**printed(document), "outcome": outcome})


def write_json(document: JSON, _outcome: Outcome) -> bytes:
    """Write the document itself as it was issued, whatever became of it: what `quote_verify` takes."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()


WRITERS = {"pdf": (write_pdf, "application/pdf"), "json": (write_json, "application/json")}
