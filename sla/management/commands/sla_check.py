"""Check the service-level engine against a file of conformance vectors; no database is needed."""

import argparse
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, no_translations

from sla.vectors import VectorError, check_file


class Command(BaseCommand):
    """Print each mismatch, then the counts; exit 1 on any failure or on a broken file."""

    help = "Checks the service-level engine against a JSON file of conformance vectors."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the one argument."""
        parser.add_argument("file", type=Path, help="a JSON file, as described in docs/conventions.md")

    # Its output is kept with a contract: it reads the same whatever the language of the instance.
    @no_translations
    def handle(self, *args: object, **options: object) -> None:
        """Run the cases, in order."""
        passed = failed = 0
        try:
            for outcome in check_file(Path(str(options["file"]))):
                for failure in outcome.failures:
                    self.stdout.write(f"{outcome.case}: {failure}")
                if outcome.failures:
                    failed += 1
                else:
                    passed += 1
        except VectorError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed:
            sys.exit(1)
