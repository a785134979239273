"""Write the workflow's documentation from its table."""

import re
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from tickets.record.diagram import BEGIN, END, document, readme_section


class Command(BaseCommand):
    """Draw the state diagram and the table of actions."""

    help = "Writes docs/workflow.md and the README's diagram from the workflow's table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let a pipeline ask whether the documentation is up to date."""
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if anything would change"
        )
        parser.add_argument("--print", action="store_true", help="write nothing; print the page instead")

    def handle(self, *args: object, **options: object) -> None:
        """Write, print or check."""
        with translation.override("en"):
            wanted = {
                settings.BASE_DIR / "docs" / "workflow.md": document(),
                settings.BASE_DIR / "README.md": self.readme(),
            }
        if options["print"]:
            self.stdout.write(wanted[settings.BASE_DIR / "docs" / "workflow.md"])
            return
        old = [
            path
            for path, text in wanted.items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        if options["check"] and old:
            names = ", ".join(path.name for path in old)
            raise CommandError(f"Not up to date: {names}. Run manage.py workflow_diagram.")
        for path in old:
            path.write_text(wanted[path], encoding="utf-8")
            self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}")

    def readme(self) -> str:
        """Return the README with its diagram drawn anew, where it has a place for it."""
        path = Path(settings.BASE_DIR) / "README.md"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        section = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
        if not section.search(text):
            raise CommandError(f"README.md has no place for the diagram: {BEGIN} … {END}")
        return section.sub(lambda _found: readme_section(), text)
