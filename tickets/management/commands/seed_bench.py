"""Fill an empty database with a benchmark's tickets, by COPY and bulk statements: minutes for a million."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Client, User
from accounts.scope import NOBODY, scoped
from tickets.models import Ticket
from tickets.search.documents import index_words
from tickets.seeding.lives import lives
from tickets.seeding.parties import write_parties
from tickets.seeding.tables import (
    Writer,
    chance_of,
    copy_closed,
    finish,
    mark_words,
    rows_written,
    without_keys_and_indexes,
    without_walls_and_triggers,
)

TOLD = 5_000  # closed lives told by the engine; the others are copies of these
MARKED = 2_000  # tickets that say the word on which a search is timed


class Command(BaseCommand):
    """Write the parties and the tickets, all or nothing; refused on a database where anybody is."""

    help = (
        "For benchmarks only: fills an EMPTY database with synthetic tickets (refuses where there are data)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how much of everything."""
        parser.add_argument("--tickets", type=int, default=100_000)
        parser.add_argument("--open", type=int, default=20_000, help="how many of them are open")
        parser.add_argument("--clients", type=int, default=200)
        parser.add_argument("--agents", type=int, default=50)
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse, or write."""
        if settings.PRODUCTION:
            raise CommandError("Refused: this is a production instance.")
        if User.objects.exists() or Client.objects.exists() or Ticket.objects.exists():
            raise CommandError(
                "Refused: this database holds data; a benchmark wants an empty one of its own."
            )
        total, opened = options["tickets"], options["open"]
        if not 0 < opened < total or total - opened < 1 or options["clients"] < 1 or options["agents"] < 1:
            raise CommandError("There must be open tickets, closed ones, a client and an agent.")
        began = time.monotonic()
        with transaction.atomic(), without_walls_and_triggers():
            self._write(total, opened, options)
        with scoped(NOBODY), connection.cursor() as cursor:  # in a scope, it would be in a transaction
            cursor.execute("VACUUM (ANALYZE)")
        counted = ", ".join(f"{count:,} {name}" for name, count in rows_written().items())
        self.stdout.write(f"Seeded in {time.monotonic() - began:.0f} s: {counted}.")

    def _write(self, total: int, opened: int, options: dict[str, Any]) -> None:
        now, chance = timezone.now(), chance_of(options["seed"])
        parties = write_parties(clients=options["clients"], agents=options["agents"])
        told = min(TOLD, total - opened)
        writer = Writer(parties)
        writer.write(lives(parties, told, are_open=False, now=now, chance=chance))
        writer.write(lives(parties, opened, are_open=True, now=now, chance=chance))
        index_words(1, writer.tickets)
        self.say(f"{writer.tickets:,} lives told; copying the closed ones")
        with without_keys_and_indexes():
            copy_closed(
                1, told, total - writer.tickets, tickets=writer.tickets, entries=writer.entries, say=self.say
            )
            self.say("Making the indexes")
        mark_words(total, min(MARKED, total))
        finish()

    def say(self, text: str) -> None:
        """Tell how far it is."""
        self.stdout.write(text)
        self.stdout.flush()
