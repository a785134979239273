"""Preparing an export: the archive is written aside, piece by piece, then stored whole; killed, it is begun again."""

import hashlib
import json
import logging
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q

from tickets.actions.exporting import Superseded, beat, claim_next, finish, give_up
from tickets.exports.documents import (
    LEDGER_COLUMNS,
    README,
    TICKET_COLUMNS,
    as_table,
    client_document,
    file_path,
    ledger_cells,
    ticket_cells,
    ticket_document,
)
from tickets.models import Attachment, ClientExport, MonthlyReport, Quote, ReportState, Ticket
from tickets.monthly.files import write_json, write_pdf
from tickets.permissions import clients_to_export
from tickets.quotes.files import write_json as write_quote_json
from tickets.quotes.files import write_pdf as write_quote_pdf
from tickets.quotes.outcomes import outcomes_of
from tickets.statements.gathering import read_statement

logger = logging.getLogger(__name__)

STEP = 10  # tickets between two signs of life
PIECE = 1024 * 1024  # bytes

Clock = Callable[[], datetime]


def prepare_waiting(clock: Clock) -> int:
    """Prepare the exports that wait; return how many are ready. One that fails is tried again, then given up."""
    ready = 0
    while (export := claim_next(clock())) is not None:
        try:
            prepare(export, clock)
            ready += 1
        except Superseded:
            logger.warning("Export %s was taken over: what was prepared here is thrown away.", export.pk)
        except Exception as error:  # whatever breaks one export must not keep the others from their turn
            logger.exception("Export %s failed.", export.pk)
            give_up(export, f"{type(error).__name__}: {error}", at=clock())
    return ready


def prepare(export: ClientExport, clock: Clock) -> None:
    """Write the archive of a claimed export, then store it; `Superseded` as soon as somebody else has it."""
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            _Writing(export, archive, clock).write()
        digest = hashlib.sha256()
        with path.open("rb") as content:
            for piece in iter(lambda: content.read(PIECE), b""):
                digest.update(piece)
            content.seek(0)
            size = path.stat().st_size
            finish(export, File(content), size=size, digest=digest.hexdigest(), at=clock())


class _Writing:
    """One archive under way, with the checksum of each of its files."""

    def __init__(self, export: ClientExport, archive: zipfile.ZipFile, clock: Clock) -> None:
        self.export, self.archive, self.clock = export, archive, clock
        self.at = clock()
        self.checksums: list[dict[str, Any]] = []
        self.lines: list[list[Any]] = []
        self.facts: list[list[Any]] = []

    def write(self) -> None:
        """Write every file, the manifest last."""
        export = self.export
        seen = Ticket.objects.visible_to(export.requested_by, at=self.at).filter(client=export.client)
        numbers = list(seen.order_by("pk").values_list("pk", flat=True))
        beat(export, done=0, total=len(numbers), at=self.clock())
        self.put("README.txt", README.encode())
        self.put("client.json", as_json(client_document(export.client)))
        for done, number in enumerate(numbers, start=1):
            self.ticket(number)
            if done % STEP == 0 or done == len(numbers):
                beat(export, done=done, total=len(numbers), at=self.clock())
        self.reports(len(numbers))
        self.quotes(len(numbers))
        self.put("tickets.csv", as_table(TICKET_COLUMNS, self.lines))
        self.put("ledger.csv", as_table(LEDGER_COLUMNS, self.facts))
        manifest = {
            "vendor": settings.VENDOR_NAME,
            "client": export.client.name,
            "as_of": self.at,
            "files": self.checksums,
        }
        self.archive.writestr("manifest.json", as_json(manifest))

    def ticket(self, number: int) -> None:
        """Write one ticket: its document, its statement, its files."""
        seen = Ticket.objects.visible_to(self.export.requested_by, at=self.at).with_parties()
        ticket = seen.get(pk=number, client=self.export.client)
        entries = list(ticket.entries.order_by("seq").select_related("by"))
        files = list(
            Attachment.objects.filter(Q(message=None) | Q(message__is_internal=False), ticket=ticket)
            .select_related("message")
            .order_by("pk")
        )
        self.lines.append(ticket_cells(ticket))
        self.facts += [ledger_cells(entry) for entry in entries]
        self.put(f"tickets/{number}/ticket.json", as_json(ticket_document(ticket, entries, files)))
        statement = read_statement(self.export.requested_by, number, self.at)
        self.put(f"tickets/{number}/statement.json", as_json(statement.document))
        for file in files:
            if file.may_be_downloaded:
                self.stored(file)

    def reports(self, tickets: int) -> None:
        """Write the monthly reports as they were issued; whoever exports a client may read them, drafts excepted."""
        asked = clients_to_export(self.export.requested_by).filter(pk=self.export.client_id)
        issued = MonthlyReport.objects.filter(client__in=asked, state=ReportState.ISSUED)
        for report in issued.defer("body").order_by("number").iterator(chunk_size=1):
            document: dict[str, Any] = report.document or {}
            self.put(f"reports/{report.number}.json", write_json(document))
            self.put(f"reports/{report.number}.pdf", write_pdf(document))
            beat(self.export, done=tickets, total=tickets, at=self.clock())

    def quotes(self, tickets: int) -> None:
        """Write the quotes as they were issued."""
        seen = Quote.objects.visible_to(self.export.requested_by, at=self.at).filter(
            client=self.export.client
        )
        for quote in seen.order_by("number").iterator(chunk_size=1):
            outcome = outcomes_of([quote.ticket_id], with_words=True)[quote.pk]
            self.put(f"quotes/{quote.reference}.json", write_quote_json(quote.document, outcome))
            self.put(f"quotes/{quote.reference}.pdf", write_quote_pdf(quote.document, outcome))
            beat(self.export, done=tickets, total=tickets, at=self.clock())

    def put(self, name: str, content: bytes) -> None:
        """Write a file made here."""
        self.archive.writestr(name, content)
        self.checksums.append(
            {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        )

    def stored(self, file: Attachment) -> None:
        """Copy a stored file piece by piece; one that the storage lost is said in the manifest."""
        name, digest, size = file_path(file), hashlib.sha256(), 0
        try:
            pieces = self.pieces(file)
            first = next(pieces, b"")
        except FileNotFoundError:
            self.checksums.append({"path": name, "missing": True})
            return
        with self.archive.open(name, "w") as written:
            for piece in chain([first], pieces):
                written.write(piece)
                digest.update(piece)
                size += len(piece)
        self.checksums.append({"path": name, "bytes": size, "sha256": digest.hexdigest()})

    @staticmethod
    def pieces(file: Attachment) -> Iterator[bytes]:
        """Read a stored file by pieces."""
        with file.file.open("rb") as content:
            while piece := content.read(PIECE):
                yield piece


def as_json(value: Any) -> bytes:
    """Return a document as JSON, in UTF-8."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
