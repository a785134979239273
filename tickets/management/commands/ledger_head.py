"""Print where each client's chain ends, to be kept where nobody who writes here can write."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tickets.chains import heads
from tickets.sealing import instant


class Command(BaseCommand):
    """Print the heads as JSON: what `ledger_verify --head` reads, and a person too."""

    help = "Prints each client's last ledger row (number, hash, instant) as JSON, to be kept elsewhere."

    def handle(self, *args: object, **options: Any) -> None:
        """Print one document."""
        found = [
            {
                "client": client.code,
                "entries": head.entries,
                "hash": head.hash,
                "recorded_at": instant(head.at) if head.at else None,
            }
            for client, head in heads()
        ]
        document = {"printed_at": instant(timezone.now()), "heads": found}
        self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
