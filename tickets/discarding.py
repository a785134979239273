"""Deleting stored bytes: written down with the act that makes them useless, done after it, as often as it takes."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.core.files.storage import default_storage

from tickets.models import Attachment, Certificate, ClientExport, DiscardedFile, ListExport

logger = logging.getLogger(__name__)

HOLDERS = (Attachment.objects, Certificate.objects, ClientExport.objects, ListExport.objects)


def kept_keys() -> list[str]:
    """Return the storage keys that rows name."""
    return [key for rows in HOLDERS for key in rows.exclude(file="").values_list("file", flat=True)]


def discard(keys: Iterable[str | None], *, client: int | None, at: datetime) -> None:
    """Write that the bytes under these keys are to go, in the transaction of the act that lets go of them."""
    rows = [DiscardedFile(client_id=client, key=key, discarded_at=at) for key in {*keys} if key]
    DiscardedFile.objects.bulk_create(rows, ignore_conflicts=True)


def delete_discarded() -> int:
    """Delete the bytes that nothing refers to any more; return how many keys are done with.

    A storage that fails keeps its row for the next time.
    """
    done = 0
    for row in DiscardedFile.objects.all():
        if not any(rows.filter(file=row.key).exists() for rows in HOLDERS):
            try:
                default_storage.delete(row.key)
            except Exception:  # whatever a storage raises, the row stays and the others have their turn
                logger.exception("The bytes under %s are not deleted yet.", row.key)
                continue
        row.delete()
        done += 1
    return done
