"""So many months after its closing, a ticket's texts and files are gone; its figures and its statement are not."""

import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client as Browser

from sla.models import Contract
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.retention import canonical, limit_of, purge_due
from tickets.attachments import ReceivedFile
from tickets.discarding import delete_discarded
from tickets.models import Attachment, LedgerEntry, Mail, Message, Purge, SearchDocument, Ticket
from tickets.words import DeliveryKind

SECRET = "confidentiel"
STATED = ("seq", "kind", "occurred_at", "recorded_at", "by", "data", "chain_seq", "previous_hash", "hash")
CLOSED = "2026-05-05 10:00"


def joined() -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile("x", b"journal"), f"{SECRET}.log", "text/plain")


def closed(world: World) -> Ticket:
    ticket = world.file(
        title=f"{SECRET} titre", description=f"{SECRET} description", steps=f"{SECRET} étapes",
        environment=f"{SECRET} poste", affected_version=SECRET, attachments=[joined()],
    )  # fmt: skip
    vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-04-30 10:00"), what=DeliveryKind.FIX, content=f"{SECRET} correctif",
        how_to_test="Relancer.",
    )  # fmt: skip
    client.declare_production(ticket, by=world.claire, at=paris(CLOSED), message=f"{SECRET} merci")
    return ticket


@pytest.fixture
def ticket(world: World) -> Ticket:
    Contract.objects.filter(pk=world.contract.pk).update(retention_months=12)
    return closed(world)


def stored() -> int:
    return sum(1 for each in Path(configured.MEDIA_ROOT).rglob("*") if each.is_file())


def written() -> str:
    rows = [
        *Ticket.objects.values(),
        *Ticket.history.values(),
        *Message.objects.values(),
        *Attachment.objects.values(),
    ]
    return str([*rows, *Mail.objects.values(), *SearchDocument.objects.values()])


def test_nothing_goes_before_its_day_nor_from_an_open_ticket_nor_without_a_retention(
    world: World, ticket: Ticket
) -> None:
    assert purge_due(paris("2027-05-05 23:59")) == []
    open_one = world.file("2026-04-28 10:30")
    assert len(purge_due(paris("2027-05-06 00:00"))) == 1
    open_one.refresh_from_db()
    assert open_one.title.startswith("L'export")
    Contract.objects.filter(pk=world.contract.pk).update(retention_months=None)
    other = closed(world)
    assert purge_due(paris("2036-01-01 00:00")) == []
    assert Attachment.objects.filter(ticket=other).exists()


def test_the_texts_and_files_are_gone_and_the_figures_stay(world: World, ticket: Ticket) -> None:
    assert SECRET in written()
    facts = list(LedgerEntry.objects.order_by("pk").values(*STATED))
    columns = (
        "state",
        "closed_at",
        "resolve_state",
        "resolve_net",
        "resolve_gross",
        "severity",
        "reporter_id",
    )
    figures = Ticket.objects.values(*columns).get(pk=ticket.pk)
    purge_due(paris("2027-05-06 00:00"))
    assert SECRET not in written()
    assert list(LedgerEntry.objects.order_by("pk").values(*STATED)) == facts
    assert Ticket.objects.values(*columns).get(pk=ticket.pk) == figures
    call_command("check_ledger")
    call_command("ledger_verify")
    assert (stored(), delete_discarded(), stored()) == (1, 1, 0)


def test_bytes_that_another_ticket_shares_stay(world: World, ticket: Ticket) -> None:
    other = world.file(attachments=[joined()])
    assert stored() == 1
    purge_due(paris("2027-05-06 00:00"))
    assert delete_discarded() == 1
    with other.attachments.get().file.open() as content:
        assert content.read() == b"journal"


def test_a_certificate_lists_what_went_without_a_word_of_it(world: World, ticket: Ticket) -> None:
    (purge,) = purge_due(paris("2027-05-06 00:00"))
    (said,) = purge.document["tickets"]
    assert said["ticket"] == ticket.pk
    assert said["files"] == [
        {"sha256": hashlib.sha256(b"journal").hexdigest(), "bytes": 7, "type": "text/plain"}
    ]
    assert SECRET not in str(purge.document)
    browser = Browser()
    browser.force_login(world.marc)
    content = browser.get(f"/purges/{purge.pk}/").content
    assert hashlib.sha256(content).hexdigest() == purge.digest
    assert json.loads(content)["client"] == world.client.name
    assert purge.digest in browser.get("/exports/").content.decode()
    assert canonical(Purge.objects.get().document) == content


def test_running_again_or_much_later_purges_once(world: World, ticket: Ticket) -> None:
    assert len(purge_due(paris("2028-01-01 00:00"))) == 1
    assert purge_due(paris("2029-01-01 00:00")) == []
    assert Purge.objects.count() == 1


def test_the_ticket_s_page_says_it_was_purged(world: World, ticket: Ticket) -> None:
    purge_due(paris("2027-05-06 00:00"))
    world.claire.language = "en"
    world.claire.save()
    browser = Browser()
    browser.force_login(world.claire)
    page = browser.get(ticket.get_absolute_url()).content.decode()
    assert "Its texts and files were purged" in page
    assert SECRET not in page


@pytest.mark.parametrize(
    ("months", "at", "limit"),
    [
        (1, "2026-03-31 12:00", "2026-02-28 00:00"),
        (12, "2028-02-29 12:00", "2027-02-28 00:00"),
        (3, "2026-01-15 12:00", "2025-10-15 00:00"),
        (1, "2026-01-01 00:30", "2025-12-01 00:00"),
    ],
)
def test_months_are_calendar_months(months: int, at: str, limit: str) -> None:
    assert limit_of(months, paris(at)) == paris(limit)
