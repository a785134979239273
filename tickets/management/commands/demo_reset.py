"""Replace the instance's data by the demonstration, afresh."""

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from tickets.demo.instance import foreign_parties, is_empty, replace_by_demonstration
from tickets.models import Ticket

DEFAULT_SEED = 2026
DEFAULT_TICKETS = 600
FEWEST_TICKETS = 60


class Command(BaseCommand):
    """Empty the instance and tell fourteen months of tickets, all or nothing."""

    help = "Replaces all data by the demonstration: 3 solutions, 12 clients, 600 tickets over 14 months."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the instance holds data")
        parser.add_argument(
            "--force", action="store_true", help="even in production, even over data of others"
        )
        parser.add_argument(
            "--now", type=instant, help="the instant that ends the story (ISO 8601; default: now)"
        )
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the source of chance")
        parser.add_argument("--tickets", type=int, default=DEFAULT_TICKETS, help="how many tickets are told")

    @override("en")  # the command line speaks English, as the launcher does
    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse what would destroy real data, then replace it all."""
        if options["if_empty"] and not is_empty():
            self.stdout.write(_("The instance holds data: the demonstration is left as it is."))
            return
        if not options["force"]:
            self.refuse_loss()
        if options["tickets"] < FEWEST_TICKETS:
            raise CommandError(
                _("The demonstration needs at least %(count)d tickets.") % {"count": FEWEST_TICKETS}
            )
        now = (options["now"] or timezone.now()).replace(second=0, microsecond=0)
        started = time.monotonic()
        try:
            replace_by_demonstration(
                now, seed=options["seed"], tickets=options["tickets"], progress=self.progress()
            )
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted: the former data are untouched."), returncode=130) from None
        self.stdout.write(
            _("The demonstration is ready: %(count)d tickets, %(open)d of them open (%(seconds)d s).")
            % {
                "count": Ticket.objects.count(),
                "open": Ticket.objects.open().count(),
                "seconds": time.monotonic() - started,
            }
        )

    def refuse_loss(self) -> None:
        """Refuse in production, and over data that no demonstration wrote."""
        if settings.PRODUCTION:
            raise CommandError(
                _(
                    "Refused: this is a production instance, all of its data would be replaced (--force to do it)."
                )
            )
        foreign = foreign_parties()
        if foreign:
            raise CommandError(
                _("Refused: the instance holds data that are not the demonstration's, which would be lost"
                  " (make manage CMD=\"demo_reset --force\" to do it): %(names)s")
                % {"names": ", ".join(foreign[:5]) + (", …" if len(foreign) > 5 else "")}
            )  # fmt: skip

    def progress(self) -> Any:
        """Return what says each month as it is told."""
        told: list[tuple[int, int]] = []

        def say(at: datetime) -> None:
            month = (at.year, at.month)
            if told[-1:] != [month]:
                told.append(month)
                self.stdout.write(_("Telling %(month)02d/%(year)d…") % {"month": at.month, "year": at.year})
                self.stdout.flush()

        return say


def instant(text: str) -> datetime:
    """Read an instant; one without a zone is the contract's local time."""
    found = parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return found if found.tzinfo else found.replace(tzinfo=settings.SUPPORT_ZONE)
