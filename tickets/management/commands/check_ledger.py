"""Replay every ticket and compare what its ledger says with its index: columns, outcome and pending effects."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, Self

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tickets.indexing import (
    INDEX,
    BrokenLedger,
    Difference,
    EffectRow,
    differences,
    effects_between,
    replayed,
    write_index,
)
from tickets.ledger import EntryRow, facts_of, rows_between
from tickets.models import Ticket
from tickets.outcomes import PARTIES, outcomes_between

CHUNK = 1_000


class Read(NamedTuple):
    """What was read of some tickets, by number."""

    entries: Mapping[int, list[EntryRow]]
    effects: Mapping[int, list[EffectRow]]
    outcomes: Mapping[int, dict[str, Any]]

    @classmethod
    def between(cls, first: int, last: int) -> Self:
        """Read what is compared of the tickets numbered from `first` to `last`: three queries."""
        return cls(rows_between(first, last), effects_between(first, last), outcomes_between(first, last))


def differing(tickets: Sequence[Any]) -> Iterator[int]:
    """Yield the numbers of those tickets, rows in order of their number, that are not what their ledger says."""
    between = tickets[0].pk, tickets[-1].pk
    read = Read.between(*between)
    for ticket in tickets:
        try:
            is_wrong = bool(differences_of(ticket, read))
        except BrokenLedger:
            is_wrong = True
        if is_wrong:
            yield ticket.pk


def differences_of(ticket: Any, read: Read) -> list[Difference]:
    """Compare one ticket with its part of what was read; raise `BrokenLedger`."""
    number = ticket.pk
    return differences(
        ticket, read.entries.get(number, []), read.effects.get(number, []), read.outcomes.get(number)
    )


class Command(BaseCommand):
    """Print each difference, then the counts; exit 1 if there is any left."""

    help = "Replays every ticket's ledger and reports any difference with its index; exit 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which ticket, and whether to mend."""
        parser.add_argument("--ticket", type=int, metavar="N", help="this ticket only")
        parser.add_argument("--rebuild", action="store_true", help="rewrite what differs from the ledger")

    def handle(self, *args: object, **options: object) -> None:
        """Walk the tickets in order, a chunk in memory at a time."""
        tickets = Ticket.objects.order_by("pk")
        if options["ticket"] is not None:
            tickets = tickets.filter(pk=int(str(options["ticket"])))
            if not tickets.exists():
                raise CommandError(f"There is no ticket #{options['ticket']}.")
        checked = wrong = mended = 0
        # Rows, not models: making a model of each costs more than its replay.
        rows = tickets.values_list("pk", *PARTIES, *INDEX, named=True).iterator(chunk_size=CHUNK)
        try:
            while chunk := list(islice(rows, CHUNK)):
                for number in differing(chunk):
                    found, is_mended = self._look_again(number, rebuild=bool(options["rebuild"]))
                    wrong += found
                    mended += is_mended
                checked += len(chunk)
                if len(chunk) == CHUNK:
                    self.stderr.write(f"… {checked} tickets")
        except KeyboardInterrupt:
            self.stderr.write(f"Interrupted after {checked} tickets; nothing is left half-written.")
            sys.exit(130)
        self.stdout.write(
            f"Tickets replayed: {checked}; differing from their ledger: {wrong}"
            + (f"; rebuilt: {mended}" if options["rebuild"] else "")
        )
        if wrong > mended:
            sys.exit(1)

    def _look_again(self, number: int, *, rebuild: bool) -> tuple[bool, bool]:
        """Compare a ticket again, locked: somebody may have acted between two reads.

        Tell whether it is wrong, and whether it was mended.
        """
        with transaction.atomic():
            ticket = Ticket.objects.select_for_update().get(pk=number)
            try:
                found = differences_of(ticket, Read.between(number, number))
            except BrokenLedger as error:
                self.stdout.write(f"#{number} ledger: it cannot be replayed: {error}")
                return True, False
            for each in found:
                self.stdout.write(
                    f"#{number} {each.name}: index says {each.index}, ledger says {each.ledger}"
                )
            if found and rebuild:
                write_index(ticket, replayed(ticket, facts_of(ticket)))
            return bool(found), bool(found) and rebuild
