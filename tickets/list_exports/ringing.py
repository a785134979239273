"""Ringing the worker once a file was asked for; a silent broker only delays it to the next minute."""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring_for_exports() -> None:
    """Ask for the waiting files to be made, once the transaction is committed."""
    transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    try:
        current_app.send_task("tickets.tasks.make_waiting_list_exports", expires=settings.TIMETABLE_SECONDS)
    except OperationalError:
        logger.warning("The broker does not answer: exports wait for the next minute's sweep.")
