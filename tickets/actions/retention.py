"""Retention: so many months after its closing, a ticket's texts and files are purged, and a certificate says so."""

import calendar
import hashlib
import json
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from sla.models import Contract
from tickets.chains import let_words_go
from tickets.discarding import discard
from tickets.models import Attachment, Draft, Mail, Message, Purge, PurgedTicket, Ticket
from tickets.permissions import support_day
from tickets.search.documents import index_words
from tickets.words import State

MOST = 200  # tickets of one certificate


def purge_due(at: datetime) -> list[Purge]:
    """Purge what every contract's retention says at `at`; safe to repeat, and to be cut short between two."""
    purges = []
    for contract in Contract.objects.filter(retention_months__isnull=False).select_related("client"):
        while (purge := _purge_some(contract, at)) is not None:
            purges.append(purge)
    return purges


def limit_of(months: int, at: datetime) -> datetime:
    """Return the midnight, local, before which a ticket closed is due: so many calendar months before `at`."""
    today = support_day(at)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    day = date(year, month + 1, min(today.day, last))
    return datetime.combine(day, time.min, tzinfo=settings.SUPPORT_ZONE)


@transaction.atomic
def _purge_some(contract: Contract, at: datetime) -> Purge | None:
    months = contract.retention_months or 0
    due = Ticket.objects.filter(
        contract=contract, state=State.CLOSED, closed_at__lt=limit_of(months, at), purged__isnull=True
    )
    tickets = list(due.select_for_update(skip_locked=True, of=["self"]).order_by("pk")[:MOST])
    if not tickets:
        return None
    document = {
        "contract": contract.reference,
        "client": contract.client.name,
        "retention_months": months,
        "purged_at": at.isoformat(),
        "tickets": [_purge(ticket, at) for ticket in tickets],
    }
    purge = Purge.objects.create(
        client=contract.client, contract=contract, at=at, months=months, document=document,
        digest=hashlib.sha256(canonical(document)).hexdigest(),
    )  # fmt: skip
    PurgedTicket.objects.bulk_create(
        PurgedTicket(client=contract.client, ticket=ticket, purge=purge) for ticket in tickets
    )
    return purge


def canonical(document: dict[str, Any]) -> bytes:
    """Return the bytes of a certificate of which the digest is taken."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _purge(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """Purge one ticket; return what the certificate says of it: numbers, sizes, digests, no word."""
    files = list(Attachment.objects.filter(ticket=ticket))
    said = {
        "ticket": ticket.pk,
        "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
        "messages": Message.objects.filter(ticket=ticket).count(),
        "mails": Mail.objects.filter(ticket=ticket).count(),
        "files": [{"sha256": each.digest, "bytes": each.size, "type": each.content_type} for each in files],
    }
    discard([each.file.name for each in files], client=ticket.client_id, at=at)
    Attachment.objects.filter(ticket=ticket).delete()
    words = purged_words(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(**words)
    Ticket.history.filter(id=ticket.pk).update(**words)
    let_words_go(Message.objects.filter(ticket=ticket), at)
    Message.objects.filter(ticket=ticket).update(body=words["description"])
    Mail.objects.filter(ticket=ticket).delete()
    Draft.objects.filter(form__startswith=f"ticket:{ticket.pk}:").delete()
    index_words(ticket.pk)
    return said


def purged_words(ticket: Ticket) -> dict[str, str]:
    """Return what stands in the place of a ticket's texts, in the instance's language."""
    with translation.override(settings.LANGUAGE_CODE):
        title, text = (
            _("Ticket #%(number)d, purged") % {"number": ticket.pk},
            _("Purged: the retention is over."),
        )
    return {"title": title, "description": text, "steps": "", "environment": "", "affected_version": ""}
