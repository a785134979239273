"""Bring a former register of tickets in, from a CSV file."""

import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from tickets.management.importer import Importer, Outcome, Refused
from tickets.management.register import Problem, UnreadableRegister, read_register
from tickets.permissions import may_register

PROBLEMS_SHOWN = 200
STEP = 100
INTERRUPTED = 128 + signal.SIGINT


class Command(BaseCommand):
    """Import a register, all or nothing; see docs/import.md for its columns."""

    help = "Imports a register of tickets from a CSV file, all or nothing (columns: docs/import.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file and the options."""
        parser.add_argument("file", type=Path, help="the register, CSV in UTF-8")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the agent or manager who imports")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check, live again; say what was done, or why nothing was."""
        by = self.importing_person(options["by"])
        problems: list[Problem] = []
        try:
            rows = read_register(options["file"], problems)
            importer = Importer(by=by, at=timezone.now(), problems=problems)
            outcome = importer.run(rows, keep=not options["dry_run"], progress=self.said_every(len(rows)))
        except UnreadableRegister as error:
            raise CommandError(str(error)) from error
        except Refused:
            self.report(problems)
            count = len({problem.line for problem in problems})
            raise CommandError(
                ngettext(
                    "Nothing was imported: %(count)d line is refused.",
                    "Nothing was imported: %(count)d lines are refused.",
                    count,
                )
                % {"count": count}
            ) from None
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted: nothing was imported."), returncode=INTERRUPTED) from None
        self.conclude(outcome, dry_run=options["dry_run"])

    def importing_person(self, email: str) -> User:
        """Return who imports; refuse a person who may not."""
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(_("Nobody has the address %(email)s.") % {"email": email})
        if not may_register(person):
            raise CommandError(_("%(person)s is neither an agent nor a manager.") % {"person": person})
        return person

    def said_every(self, total: int) -> Any:
        """Return what says how far the import is, every hundred lines."""

        def say(count: int) -> None:
            if count % STEP == 0:
                self.stdout.write(_("%(count)d of %(total)d lines…") % {"count": count, "total": total})
                self.stdout.flush()

        return say

    def report(self, problems: list[Problem]) -> None:
        """Write one line a problem: where, what is there, why it is refused."""
        ordered = sorted(problems, key=lambda problem: problem.line)
        for problem in ordered[:PROBLEMS_SHOWN]:
            self.stderr.write(said(problem))
        if len(ordered) > PROBLEMS_SHOWN:
            rest = len(ordered) - PROBLEMS_SHOWN
            self.stderr.write(
                ngettext("… and %(count)d more.", "… and %(count)d more.", rest) % {"count": rest}
            )

    def conclude(self, outcome: Outcome, *, dry_run: bool) -> None:
        """Say how many tickets came in, how many were there, and which of those differ."""
        for problem in outcome.differing[:PROBLEMS_SHOWN]:
            self.stdout.write(said(problem))
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        self.stdout.write(
            ngettext("%(count)d ticket imported.", "%(count)d tickets imported.", outcome.imported)
            % {"count": outcome.imported}
        )
        if outcome.known:
            self.stdout.write(
                ngettext(
                    "%(count)d line skipped: imported before.",
                    "%(count)d lines skipped: imported before.",
                    outcome.known,
                )
                % {"count": outcome.known}
            )


def said(problem: Problem) -> str:
    """Return a problem in one line."""
    place = _("Line %(line)d") % {"line": problem.line}
    column = f", {problem.column}" if problem.column else ""
    values = {"place": f"{place}{column}", "value": problem.value[:60], "reason": problem.reason}
    return (_("%(place)s “%(value)s”: %(reason)s") if problem.value else _("%(place)s: %(reason)s")) % values
