"""Ring the worker so that an export begins at once; a silent broker only leaves it to the next minute."""

import logging

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ask_for_preparation() -> None:
    """Ask for the exports that wait to be prepared now."""
    try:
        current_app.send_task("tickets.tasks.prepare_exports", expires=settings.TIMETABLE_SECONDS)
    except OperationalError:
        logger.warning("The broker does not answer: the export waits for the next minute's sweep.")
