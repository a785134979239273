"""What an export says of a client, as plain values: tickets, words, facts, files, statements; no internal note."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from accounts.models import Client, Deputation, Training, User
from sla.models import Contract
from tickets.cells import neutral_cell
from tickets.models import AnomalyLink, Attachment, LedgerEntry, Message, Ticket, TicketRelation
from tickets.words import EntryKind

README = """This archive holds all that the helpdesk keeps of one client.

manifest.json            every file of the archive with its size and SHA-256 checksum
client.json              the client, its contracts, its people, their trainings, their deputies
tickets.csv              one line a ticket
ledger.csv               one line a recorded fact, all tickets together
tickets/N/ticket.json    ticket N: what was written, its links, the facts of its ledger, the messages, the files
tickets/N/statement.json its delay statement, which `manage.py sla_verify` recomputes
tickets/N/files/         its files, each under its number and its name
reports/N.pdf             monthly report number N as it was issued and signed; a contract's erratum is a report too
reports/N.json            the same as data, which `manage.py report_verify` recomputes
quotes/DV-C-N.pdf         quote number N as it was issued; what became of it is in its ticket's ledger
quotes/DV-C-N.json        the same as data, which `manage.py quote_verify` checks

Texts are in UTF-8, instants in ISO 8601 with their offset, tables separated by semicolons. A cell that a spreadsheet
would take for a formula has an apostrophe before it. Files that the scanner holds or found infected are named in
ticket.json and not joined.
"""

TICKET_COLUMNS = (
    "id", "title", "solution", "contract", "severity_claimed", "severity_retained", "state", "means", "reporter",
    "owner", "received_at", "acknowledged_at", "resolved_at", "closed_at", "closing_ground",
)  # fmt: skip
LEDGER_COLUMNS = ("ticket", "seq", "kind", "occurred_at", "recorded_at", "by")


def say_person(person: User | None) -> str:
    """Name a person; nobody is the timetable."""
    return person.get_full_name() if person else ""


def client_document(client: Client) -> dict[str, Any]:
    """Return the client, its contracts, its people, their trainings and their deputies."""
    contracts = Contract.objects.filter(client=client).select_related("solution", "policy", "calendar")
    people = User.objects.filter(client=client)
    trainings = Training.objects.filter(client=client).select_related("person", "solution")
    deputies = Deputation.objects.filter(client=client).select_related("person", "deputy")
    return {
        "client": {"name": client.name, "code": client.code, "created_at": client.created_at},
        "contracts": [
            {
                "reference": each.reference,
                "solution": each.solution.name,
                "policy": each.policy.name,
                "calendar": each.calendar.name,
                "starts_on": each.starts_on,
                "ends_on": each.ends_on,
                "retention_months": each.retention_months,
            }
            for each in contracts
        ],
        "people": [
            {
                "name": say_person(each),
                "email": each.email,
                "telephone": each.telephone,
                "role": each.role,
                "is_active": each.is_active,
            }
            for each in people
        ],
        "trainings": [
            {
                "person": each.person.email,
                "solution": each.solution.name,
                "trained_on": each.trained_on,
                "trainer": each.trainer,
                "expires_on": each.expires_on,
                "ended_on": each.ended_on,
            }
            for each in trainings
        ],
        "deputies": [
            {
                "person": each.person.email,
                "deputy": each.deputy.email,
                "first_day": each.first_day,
                "last_day": each.last_day,
                "ended_at": each.ended_at,
            }
            for each in deputies
        ],
    }


def ticket_document(
    ticket: Ticket, entries: Sequence[LedgerEntry], files: Sequence[Attachment]
) -> dict[str, Any]:
    """Return what a ticket holds, as its client reads it."""
    messages = Message.objects.filter(ticket=ticket, is_internal=False).select_related("author")
    return {
        **dict(zip(TICKET_COLUMNS, ticket_cells(ticket), strict=True)),
        "description": ticket.description,
        "steps": ticket.steps,
        "affected_version": ticket.affected_version,
        "environment": ticket.environment,
        "external_reference": ticket.external_reference,
        "follow_up_of": ticket.follow_up_of_id,
        "duplicate_of": ticket.duplicate_of_id,
        "related_to": related_to(ticket),
        "product_anomaly": product_anomaly(ticket),
        "ledger": [
            {
                "seq": each.seq,
                "kind": each.kind,
                "occurred_at": each.occurred_at,
                "recorded_at": each.recorded_at,
                "by": say_person(each.by),
                "data": fact_data(each),
            }
            for each in entries
        ],
        "messages": [
            {"sent_at": each.sent_at, "author": say_person(each.author), "body": each.body}
            for each in messages
        ],
        "files": [
            {
                "name": each.name,
                "path": file_path(each) if each.may_be_downloaded else None,
                "type": each.content_type,
                "bytes": each.size,
                "sha256": each.digest,
                "scan": each.scan,
                "message_sent_at": each.message.sent_at if each.message else None,
            }
            for each in files
        ],
    }


def related_to(ticket: Ticket) -> list[int]:
    """Return the numbers of the tickets that somebody related to this one; they are the same client's."""
    pairs = TicketRelation.objects.filter(Q(first=ticket) | Q(second=ticket)).values_list("first", "second")
    return sorted({number for pair in pairs for number in pair} - {ticket.pk})


def product_anomaly(ticket: Ticket) -> dict[str, str] | None:
    """Return what the client is told of the product anomaly that the ticket reports, and no word more."""
    link = AnomalyLink.objects.filter(ticket=ticket).select_related("anomaly").first()
    if link is None:
        return None
    anomaly = link.anomaly
    return {
        "reference": anomaly.reference,
        "summary": anomaly.summary,
        "planned_version": anomaly.planned_version,
    }


def fact_data(entry: LedgerEntry) -> dict[str, Any]:
    """Return what a fact carries; rows of old hold an owner's name beside the number, which may have been erased."""
    return {
        name: value
        for name, value in entry.data.items()
        if not (entry.kind == EntryKind.ASSIGNED and name == "name")
    }


def ticket_cells(ticket: Ticket) -> list[Any]:
    """Return a ticket's line, in the order of its columns."""
    return [
        ticket.pk, ticket.title, ticket.solution.name, ticket.contract.reference, ticket.severity_claimed,
        ticket.severity_retained, ticket.state, ticket.means, say_person(ticket.reporter), say_person(ticket.owner),
        ticket.received_at, ticket.acknowledged_at, ticket.resolved_at, ticket.closed_at, ticket.closing_ground,
    ]  # fmt: skip


def ledger_cells(entry: LedgerEntry) -> list[Any]:
    """Return a fact's line, in the order of its columns."""
    return [
        entry.ticket_id,
        entry.seq,
        entry.kind,
        entry.occurred_at,
        entry.recorded_at,
        say_person(entry.by),
    ]


def file_path(attachment: Attachment) -> str:
    """Return where a file lies in the archive; its number keeps two of the same name apart."""
    return f"tickets/{attachment.ticket_id}/files/{attachment.pk}-{attachment.name}"


def as_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a CSV table in UTF-8, every cell unable to run as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    writer.writerows([neutral_cell(said(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def said(value: Any) -> Any:
    """Return an instant or a day in ISO 8601, nothing for none, anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else "" if value is None else value
