"""Whether the queue may have changed since it was shown: a stamp that costs one short query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from tickets.desk.order import VERSIONS_DUE, positions_at
from tickets.phrases import MINUTE

# The sum of the last numbers, not the last alone: an act that commits after a later one changes it all the same.
_LAST = f"""
SELECT
    (SELECT sum(id) FROM (SELECT id FROM tickets_ledgerentry ORDER BY id DESC LIMIT 64) AS entry),
    (SELECT sum(id) FROM (SELECT id FROM tickets_message ORDER BY id DESC LIMIT 64) AS message),
    (SELECT max(read_at) FROM tickets_reading WHERE person_id = %s),
    ARRAY({VERSIONS_DUE})
"""  # noqa: S608  (our own constants)


@dataclass(frozen=True, slots=True)
class Pulse:
    """Stamps of the queue, and the calendar versions under which something is due."""

    stamp: str  # for the person who asks
    shared: str  # for the whole vendor
    versions: Sequence[UUID]


def pulse(person: User, at: datetime) -> Pulse:
    """Return a stamp that changes whenever the queue may read otherwise for `person`.

    An act adds to the ledger, a note to the messages, a ticket opened to what was read. Time alone changes
    what is shown only as business time passes: on a closed evening the stamp stands still.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [person.pk])
        *acts, read_at, versions = cursor.fetchone()
    minutes = sorted(
        (str(version), position // MINUTE) for version, position in positions_at(at, versions).items()
    )
    shared = digest(repr((acts, minutes, at.astimezone(settings.SUPPORT_ZONE).date())))
    return Pulse(
        digest(repr((shared, read_at, timezone.localdate(at)))),
        shared,
        versions,
    )


def digest(text: str) -> str:
    """Return a short fingerprint of a text."""
    return blake2b(text.encode(), digest_size=9).hexdigest()
