"""Held files are shown to the scanner again until it gives a verdict; an infected one is told to those concerned."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from tickets.models import Attachment, Certificate
from tickets.notifications.audience import managers, vendor_side
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import put
from tickets.scanning import is_configured, scanned
from tickets.words import ScanState

logger = logging.getLogger(__name__)

INFECTED = "file_infected"
MOST = 50  # files of a run: the next minute has its turn
PIECE = 64 * 1024  # bytes


def scan_held(at: datetime) -> Counter[str]:
    """Scan what waits, held files first, then those stored before there was a scanner; return the verdicts.

    The first file without a verdict ends the run: a scanner that is away is not asked fifty times.
    """
    done: Counter[str] = Counter()
    if not is_configured():
        return done
    for stored in _waiting():
        state = _verdict_on(stored)
        if state == ScanState.HELD:
            break
        _write(stored, state, at)
        done[state] += 1
    return done


def _waiting() -> Iterable[Attachment | Certificate]:
    for state in (ScanState.HELD, ScanState.NOT_SCANNED):
        yield from Attachment.objects.filter(scan=state).select_related("ticket").order_by("pk")[:MOST]
        yield from Certificate.objects.filter(scan=state).order_by("pk")[:MOST]


def _verdict_on(stored: Attachment | Certificate) -> ScanState:
    try:
        with stored.file.open("rb") as content:
            return scanned(_pieces(content))
    except FileNotFoundError:
        logger.exception("The file of %s %s is missing from the storage.", type(stored).__name__, stored.pk)
        return ScanState.CLEAN


def _pieces(content: File) -> Iterator[bytes]:
    while piece := content.read(PIECE):
        yield piece


@transaction.atomic
def _write(stored: Attachment | Certificate, state: ScanState, at: datetime) -> None:
    """Write the verdict; the rows of the same client that share the bytes have it too."""
    same = type(stored).objects.filter(client=stored.client_id, file=stored.file.name)
    same.exclude(scan=ScanState.INFECTED).update(scan=state)
    if state != ScanState.INFECTED:
        return
    ticket = stored.ticket if isinstance(stored, Attachment) else None
    told = [stored.uploaded_by, *(vendor_side(ticket) if ticket else managers())]
    put(
        _each_once(told),
        template=INFECTED,
        key=f"infected:{type(stored).__name__.lower()}:{stored.pk}",
        at=at,
        client=stored.client_id,
        ticket=ticket,
        context={"name": stored.name},
    )
    ring_after_commit()


def _each_once(people: Iterable[User]) -> list[User]:
    return list({person.pk: person for person in people}.values())
