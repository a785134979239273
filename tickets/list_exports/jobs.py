"""Files made in the background: asked for, made row by row with their progress, told by mail, removed in time."""

import logging
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scope import scope_named_after, scoped
from tickets.discarding import delete_discarded, discard
from tickets.list_exports.listing import NoSuchList
from tickets.list_exports.sources import list_of, may_export
from tickets.list_exports.writing import write_file
from tickets.models import Every, ExportFormat, ExportSchedule, ExportSource, ListExport, ListExportState
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import put

logger = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(minutes=20)
KEPT = timedelta(days=7)
STEP = 2_000  # rows between two notes of the progress
MORNING = time(6)
LIST_READY = "list_ready"


def ask_export(
    person: User, source: ExportSource, query: str, suffix: ExportFormat, *, at: datetime
) -> ListExport:
    """Ask for a file in the background.

    `PermissionDenied` for a list that the person has not, `NoSuchList` for filters that are not understood.
    """
    if not may_export(source, person):
        raise PermissionDenied(_("This list is not yours to export."))
    list_of(source, query, person, at)
    return ListExport.objects.create(
        client_id=person.client_id,
        person=person,
        key=f"asked:{uuid.uuid4().hex}",
        source=source,
        query=query,
        suffix=suffix,
        created_at=at,
    )


def make_exports(at: datetime) -> int:
    """Make what waits, one after the other, and remove what is too old; return how many were made."""
    _ask_scheduled(at)
    _remove_old(at)
    made = 0
    while (export := _claim(at)) is not None:
        made += _make(export, at)
    return made


def _claim(at: datetime) -> ListExport | None:
    """Take the next file to make: the mark is committed before the work, a worker that dies gives it up in time."""
    with transaction.atomic():
        export = (
            ListExport.objects.claimable(at, at - GIVEN_UP_AFTER)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("person__client")
            .first()
        )
        if export is not None:
            # Later than `at` behind others of the same run: it is not given up for the time that those took.
            begun_at = max(at, timezone.now())
            export.state, export.begun_at, export.written = ListExportState.RUNNING, begun_at, 0
            export.save(update_fields=["state", "begun_at", "written"])
    return export


def _make(export: ListExport, at: datetime) -> bool:
    """Make one file as its person sees the list; what breaks is kept with it, and said to the person."""
    person = export.person
    try:
        with (
            scoped(scope_named_after(person)),
            tempfile.TemporaryFile() as file,
            translation.override(person.language),
            timezone.override(ZoneInfo(person.time_zone)),
        ):
            if not person.is_active or not may_export(ExportSource(export.source), person):
                raise PermissionDenied  # noqa: TRY301  (said as any other reason is, below)
            listing = list_of(ExportSource(export.source), export.query, person, at)
            ListExport.objects.filter(pk=export.pk).update(total=listing.count())
            rows = _noting(export, listing.rows())
            write_file(file, ExportFormat(export.suffix), listing.columns, rows, ZoneInfo(person.time_zone))
            file.seek(0)
            export.file.save("", File(file), save=False)
    except Exception as error:  # whatever breaks one file must not keep the others from being made
        logger.exception("The export %s was not made.", export.pk)
        with translation.override(person.language):
            reason = _reason_of(error)
        _finish(export, ListExportState.FAILED, at, error=reason)
        return False
    _finish(export, ListExportState.DONE, at)
    return True


def _reason_of(error: Exception) -> str:
    """Say why a file was not made, to its person: what broke in the product is for its log alone."""
    if isinstance(error, NoSuchList):
        return str(error)
    if isinstance(error, PermissionDenied):
        return _("This list is not yours to export.")
    return _(
        "Something broke on the vendor's side: ask for the file again, and tell the support if it breaks again."
    )


def _noting(export: ListExport, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Note the progress as rows go by: as long as it moves, nobody else takes the file for given up."""
    mine = ListExport.objects.filter(pk=export.pk)
    count = 0
    for count, row in enumerate(rows, 1):
        if count % STEP == 0:
            mine.update(written=count, begun_at=timezone.now())
        yield row
    mine.update(written=count, begun_at=timezone.now())


def _finish(export: ListExport, state: ListExportState, at: datetime, error: str = "") -> None:
    with transaction.atomic():
        ListExport.objects.filter(pk=export.pk).update(
            state=state, file=export.file.name or "", error=error, finished_at=max(at, timezone.now())
        )
        put(
            [export.person],
            template=LIST_READY,
            key=f"list:{export.pk}",
            at=at,
            client=export.client_id,
            context={"export": export.pk},
        )
        ring_after_commit()


def _remove_old(at: datetime) -> None:
    """Remove the files that were ready a week ago."""
    old = ListExport.objects.filter(state=ListExportState.DONE, finished_at__lt=at - KEPT)
    for export in old:
        with transaction.atomic():
            discard([export.file.name], client=export.client_id, at=at)
            ListExport.objects.filter(pk=export.pk).update(state=ListExportState.GONE, file="")
    delete_discarded()


def _ask_scheduled(at: datetime) -> None:
    """Ask for what is due by a schedule, once for each recipient and due time, however often or late this runs."""
    while True:
        with transaction.atomic():
            schedule = (
                ExportSchedule.objects.select_for_update(skip_locked=True)
                .filter(next_due_at__lte=at)
                .order_by("next_due_at", "id")
                .first()
            )
            if schedule is None:
                return
            ListExport.objects.bulk_create(
                [
                    ListExport(
                        client_id=person.client_id,
                        person=person,
                        schedule=schedule,
                        key=f"schedule:{schedule.pk}:{schedule.next_due_at:%Y%m%d%H%M}:{person.pk}",
                        source=schedule.source,
                        query=schedule.query,
                        suffix=schedule.suffix,
                        created_at=at,
                    )
                    for person in schedule.recipients.filter(is_active=True)
                ],
                ignore_conflicts=True,
            )
            schedule.next_due_at = next_due(Every(schedule.every), at)
            schedule.save(update_fields=["next_due_at"])


def next_due(every: Every, at: datetime) -> datetime:
    """Return the next Monday or first of the month, at six in the contract's time zone, after `at`."""
    day = at.astimezone(settings.SUPPORT_ZONE).date()
    while True:
        day += timedelta(days=1)
        if (every == Every.WEEK and day.isoweekday() == 1) or (every == Every.MONTH and day.day == 1):
            return datetime.combine(day, MORNING, tzinfo=settings.SUPPORT_ZONE)
