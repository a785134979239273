"""Ring the worker after a commit, so that mail leaves at once; a silent broker only delays it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

_muted: ContextVar[bool] = ContextVar("muted", default=False)


@contextmanager
def muted() -> Iterator[None]:
    """Ring nobody inside: for what does many acts in a row, and sends the mail itself or rings once after."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def ring_after_commit() -> None:
    """Ask for the waiting mail to be sent once the transaction is committed."""
    if not _muted.get():
        transaction.on_commit(ring, robust=True)


def ring() -> None:
    """Ask for the waiting mail to be sent now."""
    try:
        current_app.send_task("tickets.tasks.send_waiting_mail", expires=settings.TIMETABLE_SECONDS)
    except OperationalError:
        logger.warning("The broker does not answer: mail waits for the next minute's sweep.")
