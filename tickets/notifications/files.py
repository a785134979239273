"""Development's mail: each message becomes a file that any mail program opens."""

import itertools
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

_sequence = itertools.count(1)


class EmlFileBackend(BaseEmailBackend):
    """Write each mail as an .eml file in MAIL_DIR."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages and return how many."""
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{next(_sequence):04d}.eml"
            (folder / name).write_bytes(message.message().as_bytes())
        return len(email_messages)
