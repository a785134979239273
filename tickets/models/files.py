"""What a stored file is, whatever it is joined to: a safe name, its content's own type, a random key."""

import uuid

from django.db import models

from accounts.models import Client, User
from tickets.words import DOWNLOADABLE, ScanState


def storage_key(folder: str) -> str:
    """Return a random storage key in `folder`: nothing of the client's, nothing guessable."""
    key = uuid.uuid4().hex
    return f"{folder}/{key[:2]}/{key}"


class StoredFile(models.Model):
    """A file that was received and checked; its bytes lie under a random key, its name is only shown."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text="Bytes.")
    digest = models.CharField(max_length=64, help_text="SHA-256, hexadecimal.")
    scan = models.CharField(max_length=12, choices=ScanState, default=ScanState.NOT_SCANNED)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_downloaded(self) -> bool:
        """Tell whether the file may leave: neither held nor in quarantine."""
        return self.scan in DOWNLOADABLE
