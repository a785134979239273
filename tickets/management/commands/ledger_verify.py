"""Read every client's chain again, and print the exact row that breaks it."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.models import Client
from tickets.chains import Fault, read_again


class Command(BaseCommand):
    """Verify the chains, against heads kept elsewhere if there are any; exit 1 when one is broken."""

    help = "Verifies each client's chained ledger and prints the row that breaks it; exit 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which client, and the heads kept elsewhere."""
        parser.add_argument("--client", metavar="CODE", help="this client only")
        parser.add_argument(
            "--head", metavar="FILE", type=Path, action="append", default=[],
            help="heads printed earlier by ledger_head and kept elsewhere (several times, for several files)",
        )  # fmt: skip

    # It may be read before a third party: it reads the same whatever the language of the instance.
    @no_translations
    def handle(self, *args: object, **options: Any) -> None:
        """Walk the chains, a few thousand rows in memory at a time."""
        anchored = self.anchored(options["head"])
        clients = Client.objects.order_by("code")
        if options["client"]:
            clients = clients.filter(code=options["client"])
            if not clients:
                raise CommandError(f"No client has the code {options['client']}.")
        broken = 0
        for client in clients:
            reading = read_again(client, anchored.pop(client.code, {}))
            if reading.fault:
                broken += 1
                self.stdout.write(f"{client.code}: BROKEN {said(reading.fault)}")
            else:
                texts = f", {reading.erased} with their personal texts erased" if reading.erased else ""
                self.stdout.write(f"{client.code}: {reading.head.entries} rows{texts}, {reading.head.hash}")
        for code in sorted(anchored) if not options["client"] else ():
            broken += 1
            self.stdout.write(f"{code}: BROKEN its head was kept elsewhere, the client is gone")
        self.stdout.write(f"Chains broken: {broken}")
        if broken:
            sys.exit(1)

    def anchored(self, files: list[Path]) -> dict[str, dict[int, str]]:
        """Return the hashes kept elsewhere, by client and number of row; refuse a file that is no such thing."""
        found: dict[str, dict[int, str]] = {}
        for path in files:
            try:
                for code, entries, digest in read_heads(path):
                    if entries:
                        found.setdefault(code, {})[entries] = digest
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise CommandError(f"{path} is not a file of ledger_head: {error!r}") from error
        return found


def read_heads(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield what a file of heads says: a client's code, the number of its last row, that row's hash."""
    for each in json.loads(path.read_text(encoding="utf-8"))["heads"]:
        yield str(each["client"]), int(each["entries"]), str(each["hash"])


def said(fault: Fault) -> str:
    """Say where the chain breaks, and why."""
    if fault.entry is None:
        return f"at its end: {fault.reason}"
    entry = fault.entry
    where = f"row {entry.chain_seq} (entry {entry.pk}, ticket #{entry.ticket_id}, {entry.seq}. {entry.kind})"
    return f"at {where}: {fault.reason}"
