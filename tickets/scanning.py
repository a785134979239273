"""What the instance's scanner says of a stored or received file; without a scanner, nothing is said."""

import logging
from collections.abc import Iterable

from django.conf import settings

from tickets.scanner import ScannerUnavailable, scan
from tickets.words import ScanState

logger = logging.getLogger(__name__)


def is_configured() -> bool:
    """Tell whether the instance has a scanner."""
    return bool(settings.CLAMAV_ADDRESS)


def scanned(pieces: Iterable[bytes]) -> ScanState:
    """Return how a content stands: clean, infected, held when the scanner gives no verdict, not scanned without one."""
    if not is_configured():
        return ScanState.NOT_SCANNED
    try:
        verdict = scan(pieces, settings.CLAMAV_ADDRESS, settings.CLAMAV_TIMEOUT)
    except ScannerUnavailable as error:
        logger.warning("The scanner gives no verdict (%s): the file is held.", error)
        return ScanState.HELD
    if verdict.is_clean:
        return ScanState.CLEAN
    logger.warning("The scanner found %s in a file.", verdict.threat)
    return ScanState.INFECTED
