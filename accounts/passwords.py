"""Passwords known to thieves: looked up in a local file of SHA-1 digests, never asked of anybody outside."""

import hashlib
import logging
import re
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# « 40 hexadecimal digits », then what the file's maker counted, if anything.
LINE = re.compile(rb"([0-9A-Fa-f]{40})(:\d+)?\s*\Z")
SAMPLES = 64


class BrokenList(Exception):
    """A line of the file is no digest, or is out of order."""


class DigestFile:
    """A text file of SHA-1 digests, one a line, in ascending order; read by bisection, in O(log n) seeks."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def __contains__(self, password: str) -> bool:
        """Tell whether the password's digest is listed; raises OSError or BrokenList."""
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        with self.path.open("rb") as lines:
            low, high = 0, self.path.stat().st_size  # the line sought begins in [low, high)
            while low < high:
                middle = (low + high) // 2
                start, digest, end = self._line_at(lines, middle)
                if start >= high:
                    high = middle
                elif digest == wanted:
                    return True
                elif digest < wanted:
                    low = end
                else:
                    high = middle
        return False

    def check(self) -> None:
        """Read some lines from end to end; raises OSError or BrokenList."""
        size = self.path.stat().st_size
        if not size:
            raise BrokenList("it is empty")
        former = b""
        with self.path.open("rb") as lines:
            for place in sorted({size * each // SAMPLES for each in range(SAMPLES)}):
                start, digest, _end = self._line_at(lines, place)
                if start < size and digest < former:
                    raise BrokenList("its lines are not in ascending order")
                former = max(former, digest)

    def _line_at(self, lines: BinaryIO, place: int) -> tuple[int, bytes, int]:
        """Return the first line that begins at or after `place`: its start, its digest, its end."""
        lines.seek(max(place - 1, 0))
        if place:
            lines.readline()
        start = lines.tell()
        line = lines.readline()
        if not line:
            return start, b"", start
        found = LINE.fullmatch(line)
        if found is None:
            raise BrokenList(f"the line at byte {start} is no SHA-1 digest")
        return start, found[1].upper(), lines.tell()


def check_breached_list() -> None:
    """Refuse to start with a list that is absent or broken: it would let through what it should stop."""
    if not settings.BREACHED_PASSWORDS_FILE:
        return
    try:
        DigestFile(settings.BREACHED_PASSWORDS_FILE).check()
    except (OSError, BrokenList) as failure:
        raise ImproperlyConfigured(f"BREACHED_PASSWORDS_FILE cannot be used: {failure}.") from failure


class BreachedPasswordValidator:
    """Refuse a password that the instance's list of stolen ones holds, when it has such a list."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a stolen password, and when the list can no longer be read."""
        if not settings.BREACHED_PASSWORDS_FILE:
            return
        try:
            stolen = password in DigestFile(settings.BREACHED_PASSWORDS_FILE)
        except (OSError, BrokenList) as failure:
            logger.exception("The list of stolen passwords cannot be read.")
            text = _("Passwords cannot be checked at the moment: try again later, or tell the support team.")
            raise ValidationError(text, code="unchecked") from failure
        if stolen:
            text = _("This password is among those that were stolen elsewhere: choose another.")
            raise ValidationError(text, code="password_stolen")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("Your password must not be one that was stolen elsewhere.")
