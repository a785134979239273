"""A client's whole export: asked for, claimed by whoever prepares it, finished, given up, expired; each one verb."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Client, User
from tickets.actions.work import IllegalMove
from tickets.discarding import discard
from tickets.models import ClientExport, ExportState
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import put
from tickets.permissions import clients_to_export

ATTEMPTS = 3
SILENCE = timedelta(minutes=10)  # without a sign of life, whoever prepared it is taken for dead
WAIT = timedelta(minutes=2)  # before another try
ERROR_LENGTH = 500


class Superseded(Exception):
    """Somebody else prepares this export now: what was prepared here is thrown away."""


def request_export(client: Client, *, by: User, at: datetime) -> ClientExport:
    """Ask for a client's whole export; `PermissionDenied`, or `IllegalMove` while another is under way (409)."""
    if not clients_to_export(by).filter(pk=client.pk).exists():
        raise PermissionDenied(_("You may not export this client's data."))
    try:
        with transaction.atomic():
            return ClientExport.objects.create(
                client=client, requested_by=by, requested_at=at, next_try_at=at
            )
    except IntegrityError:
        raise IllegalMove(_("An export of this client is under way already.")) from None


@transaction.atomic
def claim_next(at: datetime) -> ClientExport | None:
    """Take the next export to prepare: one that waits, or one whose preparer has given no sign of life."""
    waiting = Q(state=ExportState.WAITING, next_try_at__lte=at)
    forsaken = Q(state=ExportState.RUNNING, beat_at__lte=at - SILENCE)
    found = ClientExport.objects.select_for_update(skip_locked=True, of=["self"]).filter(waiting | forsaken)
    export = found.select_related("client", "requested_by__client").order_by("pk").first()
    if export is None:
        return None
    export.state, export.claim, export.beat_at = ExportState.RUNNING, uuid.uuid4(), at
    export.attempts, export.done, export.error = export.attempts + 1, 0, ""
    export.save(update_fields=["state", "claim", "beat_at", "attempts", "done", "error"])
    return export


def beat(export: ClientExport, *, done: int, total: int, at: datetime) -> None:
    """Say how far the preparation is; `Superseded` when it was taken for dead meanwhile."""
    if not _held(export).update(done=done, total=total, beat_at=at):
        raise Superseded


@transaction.atomic
def finish(export: ClientExport, content: File, *, size: int, digest: str, at: datetime) -> None:
    """Store the prepared file and tell who asked; `Superseded` when it was taken for dead meanwhile."""
    locked = _held(export).select_for_update(of=["self"]).select_related("client", "requested_by").first()
    if locked is None:
        raise Superseded
    locked.file.save(locked.name, content, save=False)
    locked.state, locked.ready_at, locked.size, locked.digest = ExportState.READY, at, size, digest
    locked.expires_at = (at + timedelta(days=settings.EXPORT_DAYS)).replace(second=0, microsecond=0)
    locked.save()
    _tell(locked, "export_ready", at)


@transaction.atomic
def give_up(export: ClientExport, reason: str, *, at: datetime) -> None:
    """Put a failed preparation off, or give it up after some tries and tell who asked."""
    locked = _held(export).select_for_update(of=["self"]).select_related("client", "requested_by").first()
    if locked is None:
        return
    is_last = locked.attempts >= ATTEMPTS
    locked.state = ExportState.FAILED if is_last else ExportState.WAITING
    locked.error, locked.next_try_at = reason[:ERROR_LENGTH], at + WAIT * locked.attempts
    locked.save(update_fields=["state", "error", "next_try_at"])
    if is_last:
        _tell(locked, "export_failed", at)


@transaction.atomic
def expire_exports(at: datetime) -> int:
    """Let go of the exports past their day; return how many."""
    past = ClientExport.objects.select_for_update(skip_locked=True).filter(
        state=ExportState.READY, expires_at__lte=at
    )
    rows = list(past)
    for export in rows:
        discard([export.file.name], client=export.client_id, at=at)
    ClientExport.objects.filter(pk__in=[export.pk for export in rows]).update(
        state=ExportState.EXPIRED, file=""
    )
    return len(rows)


def _held(export: ClientExport) -> QuerySet[ClientExport]:
    return ClientExport.objects.filter(pk=export.pk, claim=export.claim, state=ExportState.RUNNING)


def _tell(export: ClientExport, template: str, at: datetime) -> None:
    put(
        [export.requested_by],
        template=template,
        key=f"{template}:{export.pk}",
        at=at,
        client=export.client_id,
        context={"export": export.pk},
    )
    ring_after_commit()
