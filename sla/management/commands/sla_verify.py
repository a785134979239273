"""Verify a statement of delays from its JSON alone; no database is needed."""

import argparse
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, no_translations

from sla.report import report


class Command(BaseCommand):
    """Print each check, then the verdict; exit 1 on a difference or on a broken file."""

    help = "Computes a statement of delays again from its JSON alone, and confirms what it states."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the one argument."""
        parser.add_argument("file", type=Path, help="a statement.json, as described in docs/statement.md")

    # Its output may be produced before a third party: it reads the same whatever the language.
    @no_translations
    def handle(self, *args: object, **options: object) -> None:
        """Verify the file."""
        if report(Path(str(options["file"])), self.stdout.write):
            sys.exit(1)
