"""The mail that waits leaves: claimed row by row, sent, then marked; what fails is tried again, never lost.

A row is locked while its mail is sent and marked in the same transaction: two workers never send the same
one, and a worker that dies in between sends it again rather than not at all (with the same Message-ID).
"""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet

from tickets.models import Mail, Ticket
from tickets.notifications.letter import Moot
from tickets.notifications.rendering import rendered

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
ERROR_LENGTH = 2000


class Outcome(StrEnum):
    """What became of one waiting mail."""

    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    NO_SERVER = "no server"


Progress = Callable[[Counter[str]], None]


def waiting(at: datetime) -> QuerySet[Mail]:
    """Return the mails that may leave at `at`, the longest waiting first."""
    return Mail.objects.filter(sent_at__isnull=True, dropped_at__isnull=True, next_try_at__lte=at).order_by(
        "next_try_at", "id"
    )


def send_waiting(at: datetime, progress: Progress = lambda _done: None) -> Counter[str]:
    """Send what waits at `at`, an aware instant; return how many were sent, dropped and failed.

    A mail that fails is tried again after a wait that doubles, up to six hours, and stays visible with
    its error. A mail server that does not answer ends the run: the others keep their turn.
    """
    done: Counter[str] = Counter()
    connection = get_connection()
    try:
        while (outcome := _send_next(connection, at)) is not None:
            if outcome == Outcome.NO_SERVER:
                done[Outcome.FAILED] += 1
                break
            done[outcome] += 1
            progress(done)
    finally:
        connection.close()
    return done


def _send_next(connection: BaseEmailBackend, at: datetime) -> Outcome | None:
    with transaction.atomic():
        mail = waiting(at).select_for_update(skip_locked=True).first()
        if mail is None:
            return None
        if not may_read(mail, at):
            return _drop(mail, at)
        try:
            connection.open()
        except OSError as error:
            logger.exception("The mail server does not answer.")
            _postpone(mail, at, error)
            return Outcome.NO_SERVER
        try:
            with transaction.atomic():
                connection.send_messages([rendered(mail, at)])
        except Moot:
            return _drop(mail, at)
        except Exception as error:  # whatever breaks one mail must not keep the others back
            logger.exception("Mail %s (%s) did not leave.", mail.pk, mail.template)
            connection.close()
            _postpone(mail, at, error)
            return Outcome.FAILED
        Mail.objects.filter(pk=mail.pk).update(sent_at=at, attempts=F("attempts") + 1, last_error="")
        return Outcome.SENT


def may_read(mail: Mail, at: datetime) -> bool:
    """Tell whether the recipient, at the time of leaving, is still there and may still read of it."""
    reader = mail.recipient
    if mail.ticket_id:
        return Ticket.objects.visible_to(reader, at=at).filter(pk=mail.ticket_id).exists()
    if not reader.is_active or (reader.client is not None and not reader.client.is_active):
        return False
    return reader.is_vendor or reader.client_id == mail.client_id


def _drop(mail: Mail, at: datetime) -> Outcome:
    Mail.objects.filter(pk=mail.pk).update(dropped_at=at)
    return Outcome.DROPPED


def _postpone(mail: Mail, at: datetime, error: Exception) -> None:
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts, 16), LONGEST_WAIT)
    Mail.objects.filter(pk=mail.pk).update(
        attempts=F("attempts") + 1,
        last_error=f"{type(error).__name__}: {error}"[:ERROR_LENGTH],
        next_try_at=at + wait,
    )
