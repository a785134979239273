"""Files joined to tickets: the form field that receives them, and how one is stored."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from tickets.files import EXTENSIONS, check_file, say_size
from tickets.models import Attachment, Message, Ticket
from tickets.scanning import is_configured, scanned
from tickets.words import ScanState


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """An upload that was checked: its content's own type, a name that is safe to show."""

    upload: UploadedFile
    name: str
    content_type: str
    scan: ScanState = ScanState.NOT_SCANNED


def say_limits() -> str:
    """Say beforehand what is accepted: how many files, how big, of which types."""
    return _(
        "%(count)d files at most, %(size)s each: images, PDF, text (.txt, .log, .csv, .json, .xml), "
        "Word, Excel, PowerPoint, OpenDocument, ZIP."
    ) % {"count": settings.ATTACHMENT_MAX_COUNT, "size": say_size(settings.ATTACHMENT_MAX_BYTES)}


class MultipleFileInput(forms.FileInput):
    """A file input that takes several files; its accepted extensions help to choose, the field decides."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ",".join(EXTENSIONS), **(attrs or {})})


class MultipleFileField(forms.Field):
    """Receive several files; the clean value is a list of `ReceivedFile`, empty when there is none."""

    widget = MultipleFileInput

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "required": False,
            "label": gettext_lazy("Attachments"),
            "help_text": lazy(say_limits, str)(),
            "template_name": "components/attachments_field.html",
        }
        super().__init__(**{**defaults, **options})

    @property
    def max_bytes(self) -> int:
        """Return the size of the largest file accepted, in bytes."""
        return settings.ATTACHMENT_MAX_BYTES

    @property
    def max_count(self) -> int:
        """Return how many files are accepted at once."""
        return settings.ATTACHMENT_MAX_COUNT

    @property
    def extensions(self) -> tuple[str, ...]:
        """Return the extensions accepted, with their dot."""
        return EXTENSIONS

    def clean(self, value: Sequence[UploadedFile] | None) -> list[ReceivedFile]:
        """Check each file; the errors say which file is refused and why, all of them at once."""
        uploads = [upload for upload in value or [] if upload]
        super().clean(uploads)
        if len(uploads) > self.max_count:
            raise ValidationError(
                ngettext(
                    "%(count)d file at most at once.", "%(count)d files at most at once.", self.max_count
                )
                % {"count": self.max_count},
                code="too_many",
            )
        received, refusals = [], []
        for upload in uploads:
            try:
                received.append(received_from(upload))
            except ValidationError as refusal:
                refusals.append(refusal)
        if refusals:
            raise ValidationError(refusals)
        return received


def received_from(upload: UploadedFile) -> ReceivedFile:
    """Check an upload by content and by the scanner; `ValidationError` names a file that is refused and says why.

    A scanner that gives no verdict does not refuse the file: it will be held until one does.
    """
    name, kind = check_file(upload)
    scan = scanned(upload.chunks())
    upload.seek(0)
    if scan == ScanState.INFECTED:
        raise ValidationError(
            _("“%(name)s” is infected according to the scanner: it is refused.") % {"name": name},
            code="infected",
        )
    return ReceivedFile(upload, name, kind.content_type, scan)


def _standing_of(received: ReceivedFile) -> ScanState:
    """Hold a file that came by a way around the scanner: it is never passed in silence."""
    skipped = is_configured() and received.scan == ScanState.NOT_SCANNED
    return ScanState.HELD if skipped else received.scan


def stored_as(received: ReceivedFile, client_id: int, *, by: User, at: datetime) -> dict[str, Any]:
    """Return what a row of a client keeps of a checked file; its bytes are stored when the row is written."""
    digest = hashlib.sha256()
    for chunk in received.upload.chunks():
        digest.update(chunk)
    received.upload.seek(0)
    return {
        "client_id": client_id,
        "uploaded_by": by,
        "uploaded_at": at,
        "name": received.name,
        "content_type": received.content_type,
        "size": received.upload.size or 0,
        "digest": digest.hexdigest(),
        "scan": _standing_of(received),
        "file": received.upload,
    }


def attach_again(source: Message, ticket: Ticket) -> None:
    """Join the files of a message to another ticket of its client as well: same bytes, under the same key."""
    for file in source.attachments.exclude(scan=ScanState.INFECTED).order_by("pk"):
        Attachment.objects.create(
            client_id=ticket.client_id,
            ticket=ticket,
            uploaded_by_id=file.uploaded_by_id,
            uploaded_at=file.uploaded_at,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            digest=file.digest,
            scan=file.scan,
            file=file.file.name,
        )


def attach(
    received: ReceivedFile, ticket: Ticket, *, message: Message | None, by: User | None, at: datetime
) -> Attachment:
    """Store a checked file under a random key and join it to a ticket, or to one of its messages.

    The same bytes on the same client are stored once: the second row names the key of the first.
    """
    if by is None:
        raise ValueError("The timetable joins no file.")
    stored = stored_as(received, ticket.client_id, by=by, at=at)
    same = Attachment.objects.filter(client=ticket.client_id, digest=stored["digest"], size=stored["size"])
    key = same.exclude(scan=ScanState.INFECTED).values_list("file", flat=True).first()
    if key and default_storage.exists(key):
        stored["file"] = key
    return Attachment.objects.create(ticket=ticket, message=message, **stored)
