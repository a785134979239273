"""Check a quote again from its file: digest, amounts, the ledger and what was issued (C-OUT-4)."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets.quotes.verification import faults_of


class Command(BaseCommand):
    """Print each fault and exit with 1, or say that the quote holds."""

    help = (
        "Check a quote's JSON file: digest, amounts, prices, what was issued under its reference, the ledger."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file and say what is wrong with it."""
        try:
            document = json.loads(options["file"].read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        faults = faults_of(document)
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError("This is not the quote that was issued.")
        self.stdout.write(
            f"{document['reference']}: the digest, the amounts and the prices are those issued, as the ledger says."
        )
