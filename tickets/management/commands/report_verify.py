"""Recompute an issued report from the ledger and confirm its hash."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tickets.monthly.verification import BrokenReport, check_report


class Command(BaseCommand):
    """Print each check, then the verdict; exit 1 if anything differs."""

    help = "Checks a monthly report's JSON again: its digest, its figures from the ledger; exit 1 on a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path, metavar="FILE.json")

    def handle(self, *args: object, **options: object) -> None:
        """Read, check, say."""
        try:
            document = json.loads(Path(str(options["file"])).read_text(encoding="utf-8-sig"))
        except (OSError, RecursionError, ValueError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        if not isinstance(document, dict):
            raise CommandError("Not confirmed: a report is an object.")
        differing = 0
        try:
            for check in check_report(document):
                differing += not check.passed
                said = f"confirmed ({check.confirmed})" if check.passed else "DIFFERS"
                self.stdout.write(f"{check.name}: {said}")
                for difference in check.differences:
                    self.stdout.write(f"  {difference}")
        except BrokenReport as error:
            raise CommandError(f"Not confirmed: {error}.") from error
        if differing:
            raise CommandError(f"NOT confirmed: {differing} checks differ.")
        self.stdout.write("Confirmed.")
