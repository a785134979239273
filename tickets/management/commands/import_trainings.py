"""Bring an attendance sheet into the register of trainings, from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from tickets.actions.attendance import Outcome, RefusedSheet, bring_in
from tickets.permissions import may_keep_trainings
from tickets.sheets import Problem, UnreadableSheet, say_problem

PROBLEMS_SHOWN = 200


class Command(BaseCommand):
    """Import an attendance sheet, all or nothing; see docs/training.md for its columns."""

    help = "Imports an attendance sheet of trainings from a CSV file, all or nothing (columns: docs/training.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file and the options."""
        parser.add_argument("file", type=Path, help="the sheet, CSV in UTF-8")
        parser.add_argument(
            "--by", metavar="EMAIL", help="the manager who imports (default: the command line)"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check, record; say what was done, or why nothing was."""
        by = self.importing_person(options["by"]) if options["by"] else None
        try:
            content = options["file"].read_bytes()
            outcome = bring_in(content, by=by, at=timezone.now(), keep=not options["dry_run"])
        except OSError as error:
            raise CommandError(
                _("The file cannot be read: %(reason)s.") % {"reason": error.strerror or error}
            ) from error
        except UnreadableSheet as error:
            raise CommandError(str(error)) from error
        except RefusedSheet as refused:
            self.report(refused.problems)
            text = ngettext(
                "Nothing was imported: %(count)d line is refused.",
                "Nothing was imported: %(count)d lines are refused.",
                refused.lines,
            )
            raise CommandError(text % {"count": refused.lines}) from None
        self.conclude(outcome, dry_run=options["dry_run"])

    def importing_person(self, email: str) -> User:
        """Return who imports; refuse a person who may not."""
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(_("Nobody has the address %(email)s.") % {"email": email})
        if not may_keep_trainings(person):
            raise CommandError(_("%(person)s does not keep the register of trainings.") % {"person": person})
        return person

    def report(self, problems: list[Problem]) -> None:
        """Write one line a problem."""
        for problem in problems[:PROBLEMS_SHOWN]:
            self.stderr.write(say_problem(problem))
        rest = len(problems) - PROBLEMS_SHOWN
        if rest > 0:
            self.stderr.write(
                ngettext("… and %(count)d more.", "… and %(count)d more.", rest) % {"count": rest}
            )

    def conclude(self, outcome: Outcome, *, dry_run: bool) -> None:
        """Say how many trainings came in, how many were there, and which of those differ."""
        for problem in outcome.differing[:PROBLEMS_SHOWN]:
            self.stdout.write(say_problem(problem))
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        count = len(outcome.recorded)
        text = ngettext("%(count)d training imported.", "%(count)d trainings imported.", count)
        self.stdout.write(text % {"count": count})
        if outcome.known:
            text = ngettext(
                "%(count)d line skipped: imported before.",
                "%(count)d lines skipped: imported before.",
                outcome.known,
            )
            self.stdout.write(text % {"count": outcome.known})
