"""Do what is due at an instant, as beat would: demonstrations, tests, catching up."""

import sys
from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tickets.effects.runner import FAILED, run_due
from tickets.notifications.doorbell import muted
from tickets.notifications.sending import Outcome, send_waiting
from tickets.words import EffectKind

STEP = 100


def instant(text: str) -> datetime:
    """Return the instant that a text with its own time zone names, in UTC."""
    try:
        at = datetime.fromisoformat(text)
        if at.utcoffset() is None:
            raise CommandError(f"--at {text}: no time zone; say for example 2026-05-11T18:00+02:00.")
        # What comes some weeks after is looked at too: it must be a date.
        _ = at + timedelta(days=366)
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CommandError(f"--at {text}: not an instant such as 2026-05-11T18:00+02:00.") from error


class Command(BaseCommand):
    """Run what is due until nothing more is, then send the mail that waits, and say how much."""

    help = "Runs what is due at an instant (default: now) and sends the mail that waits, once, as beat would."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the one argument."""
        parser.add_argument(
            "--at", metavar="ISO", help="an instant with its time zone: 2026-05-11T18:00+02:00"
        )

    def handle(self, *args: object, **options: object) -> None:
        """Repeat while something gets done: one effect may bring another."""
        at = instant(str(options["at"])) if options["at"] else timezone.now()
        total: Counter[str] = Counter()
        try:
            with muted():
                while done := run_due(at, self._progress):
                    failed = done.pop(FAILED, 0)
                    total += done
                    if not done:
                        total[FAILED] = failed
                        break
                mails = send_waiting(at, self._progress)
        except KeyboardInterrupt:
            self.stderr.write("Interrupted: what was done stays done; run it again for the rest.")
            sys.exit(130)
        self.stdout.write(summary(at, total, mails))
        if total[FAILED] or mails[Outcome.FAILED]:
            self.stderr.write(
                f"{total[FAILED]} effects and {mails[Outcome.FAILED]} mails failed; the log says why, and beat"
                " tries them again."
            )

    def _progress(self, done: Counter[str]) -> None:
        if done.total() % STEP == 0:
            self.stderr.write(f"… {done.total()}")


def summary(at: datetime, done: Counter[str], mails: Counter[str]) -> str:
    """Return the one line that says what was done."""
    counts = ", ".join(
        f"{number} {one if number == 1 else several}"
        for number, one, several in (
            (done[EffectKind.ESCALATION], "escalation", "escalations"),
            (done[EffectKind.REMINDER], "reminder", "reminders"),
            (done[EffectKind.CLOSING], "closing", "closings"),
            (done[EffectKind.TRAINING_EXPIRY], "training warning", "training warnings"),
            (mails[Outcome.SENT], "mail sent", "mails sent"),
            (mails[Outcome.DROPPED], "mail dropped", "mails dropped"),
        )
    )
    return f"{timezone.localtime(at).isoformat(timespec='seconds')}: {counts}"
