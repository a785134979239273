"""A client's whole export: complete, without an internal note, checked by its checksums, prepared once."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import User
from sla.verification import verify
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.anomalies import record_anomaly
from tickets.actions.exporting import (
    ATTEMPTS,
    SILENCE,
    Superseded,
    beat,
    claim_next,
    expire_exports,
    request_export,
)
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.linking import link_anomaly, relate
from tickets.actions.work import IllegalMove
from tickets.attachments import ReceivedFile
from tickets.discarding import delete_discarded
from tickets.exports import preparation
from tickets.exports.preparation import prepare, prepare_waiting
from tickets.models import Attachment, ClientExport, ExportState, Mail, Ticket
from tickets.notifications.sending import send_waiting

NOW = paris("2026-05-04 10:00")


def at_now() -> datetime:
    return NOW


def joined(content: bytes, name: str) -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile("x", content), name, "text/plain")


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def ticket(world: World) -> Ticket:
    ticket = world.file(title="=cmd|calc", attachments=[joined(b"journal", "trace.log")])
    vendor.note(
        ticket, by=world.agnes, at=paris("2026-04-28 11:00"), message="SECRET interne",
        attachments=[joined(b"SECRET", "SECRET.log")],
    )  # fmt: skip
    vendor.ask(ticket, by=world.agnes, at=paris("2026-04-28 12:00"), message="Quelle version ?")
    client.answer(
        ticket,
        by=world.claire,
        at=paris("2026-04-28 14:00"),
        message="La 4.",
        attachments=[joined(b"b", "trace.log")],
    )
    filing = Filing(title="AUTRE client", description="x", severity="majeure")
    file_ticket(world.other_contract, filing, by=world.olivia, at=paris("2026-04-28 10:00"))
    return ticket


def archive_of(export: ClientExport) -> zipfile.ZipFile:
    export.refresh_from_db()
    with export.file.open() as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


@pytest.mark.parametrize("name", ["marc", "maud", "paul"])
def test_the_archive_is_complete_and_its_checksums_are_right(world: World, ticket: Ticket, name: str) -> None:
    export = request_export(world.client, by=getattr(world, name), at=NOW)
    assert prepare_waiting(at_now) == 1
    archive = archive_of(export)
    manifest = json.loads(archive.read("manifest.json"))
    listed = {each["path"]: each for each in manifest["files"]}
    assert {*listed, "manifest.json"} == set(archive.namelist())
    for path, said in listed.items():
        content = archive.read(path)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (said["bytes"], said["sha256"])
    files = [path for path in listed if "/files/" in path]
    assert sorted(archive.read(path) for path in files) == [b"b", b"journal"]
    assert [each["path"] for each in manifest["files"]][-2:] == ["tickets.csv", "ledger.csv"]
    document = json.loads(archive.read(f"tickets/{ticket.pk}/ticket.json"))
    assert [each["body"] for each in document["messages"]] == ["Quelle version ?", "La 4."]
    assert len(document["ledger"]) == ticket.entries.count()
    statement = json.loads(archive.read(f"tickets/{ticket.pk}/statement.json"))
    assert all(check.passed for check in verify(statement))


def test_it_says_how_tickets_hang_together_and_what_the_client_is_told_of_a_defect(
    world: World, ticket: Ticket
) -> None:
    other = world.file(title="Un autre")
    relate(ticket, by=world.agnes, at=NOW, other=other)
    anomaly = record_anomaly(
        by=world.agnes, at=NOW, solution=world.solution, title="SECRET", summary="L'export s'arrête.",
        analysis="SECRET", planned_version="4.3",
    )  # fmt: skip
    link_anomaly(ticket, by=world.agnes, at=NOW, anomaly=anomaly)
    export = request_export(world.client, by=world.marc, at=NOW)
    prepare_waiting(at_now)
    archive = archive_of(export)
    said, others = (json.loads(archive.read(f"tickets/{each.pk}/ticket.json")) for each in (ticket, other))
    assert (said["related_to"], others["related_to"]) == ([other.pk], [ticket.pk])
    assert others["product_anomaly"] is None
    assert said["product_anomaly"] == {
        "reference": anomaly.reference,
        "summary": "L'export s'arrête.",
        "planned_version": "4.3",
    }
    assert b"SECRET" not in b"".join(archive.read(name) for name in archive.namelist())


def test_neither_an_internal_note_nor_another_client_is_in_it(world: World, ticket: Ticket) -> None:
    export = request_export(world.client, by=world.paul, at=NOW)
    prepare_waiting(at_now)
    archive = archive_of(export)
    everything = b"".join(archive.read(name) + name.encode() for name in archive.namelist())
    for trace in (b"SECRET", b"AUTRE", b"Olivia", b"Clinique"):
        assert trace not in everything


def test_no_cell_of_a_table_is_a_formula(world: World, ticket: Ticket) -> None:
    export = request_export(world.client, by=world.marc, at=NOW)
    prepare_waiting(at_now)
    text = archive_of(export).read("tickets.csv").decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert line["title"] == "'=cmd|calc"


def test_a_file_held_or_lost_is_said_and_not_joined(world: World, ticket: Ticket) -> None:
    held, lost = Attachment.objects.filter(name="trace.log").order_by("pk")
    Attachment.objects.filter(pk=held.pk).update(scan="held")
    lost.file.storage.delete(lost.file.name)
    export = request_export(world.client, by=world.marc, at=NOW)
    assert prepare_waiting(at_now) == 1
    archive = archive_of(export)
    assert not [name for name in archive.namelist() if "/files/" in name]
    document = json.loads(archive.read(f"tickets/{ticket.pk}/ticket.json"))
    assert [(each["scan"], each["path"] is None) for each in document["files"]] == [
        ("held", True), ("not_scanned", False),
    ]  # fmt: skip
    assert [each for each in json.loads(archive.read("manifest.json"))["files"] if each.get("missing")]


def test_who_asked_is_told_when_it_is_ready_and_when_it_has_failed(world: World, ticket: Ticket) -> None:
    export = request_export(world.client, by=world.marc, at=NOW)
    prepare_waiting(at_now)
    (mail,) = Mail.objects.filter(template="export_ready")
    assert (mail.recipient, mail.context) == (world.marc, {"export": export.pk})


# --- Only those who may -----------------------------------------------------------------


def test_only_a_client_s_manager_and_the_vendor_s_managers_export(world: World) -> None:
    for by in (world.claire, world.rachel, world.agnes, world.olivia):
        with pytest.raises(PermissionDenied):
            request_export(world.client, by=by, at=NOW)
    with pytest.raises(PermissionDenied):
        request_export(world.other_client, by=world.marc, at=NOW)
    assert signed_in(world.marc).post("/exports/", {"client": world.other_client.pk}).status_code == 422
    assert not ClientExport.objects.exists()


def test_one_export_of_a_client_is_under_way_at_a_time(world: World) -> None:
    request_export(world.client, by=world.marc, at=NOW)
    with pytest.raises(IllegalMove):
        request_export(world.client, by=world.paul, at=NOW)
    request_export(world.other_client, by=world.paul, at=NOW)
    assert signed_in(world.marc).post("/exports/", {"client": world.client.pk}).status_code == 409


def test_the_right_lost_meanwhile_gives_an_empty_hand(world: World, ticket: Ticket) -> None:
    export = request_export(world.client, by=world.marc, at=NOW)
    User.objects.filter(pk=world.marc.pk).update(is_active=False)
    prepare_waiting(at_now)
    assert "tickets/" not in "".join(archive_of(export).namelist()).replace("tickets.csv", "")


# --- The row is the truth ---------------------------------------------------------------


def test_a_preparer_taken_for_dead_is_replaced_and_may_not_finish(world: World, ticket: Ticket) -> None:
    export = request_export(world.client, by=world.marc, at=NOW)
    first = claim_next(NOW)
    assert first is not None
    assert claim_next(NOW + SILENCE - timedelta(seconds=1)) is None
    second = claim_next(NOW + SILENCE)
    assert second is not None
    with pytest.raises(Superseded):
        beat(first, done=1, total=1, at=NOW)
    with pytest.raises(Superseded):
        prepare(first, at_now)
    prepare(second, at_now)
    export.refresh_from_db()
    assert (export.state, export.done, export.total, export.attempts) == (ExportState.READY, 1, 1, 2)


def test_a_failure_is_tried_again_then_given_up_and_told(
    world: World, ticket: Ticket, settings, tmp_path
) -> None:
    export = request_export(world.client, by=world.marc, at=NOW)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a directory should be")
    working = settings.STORAGES
    broken = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(blocked)}}
    settings.STORAGES = {**working, "default": broken}
    for attempt in range(1, ATTEMPTS + 1):
        assert prepare_waiting(lambda: NOW + timedelta(hours=attempt)) == 0  # noqa: B023
        export.refresh_from_db()
        assert export.attempts == attempt
        assert export.error
    assert export.state == ExportState.FAILED
    assert Mail.objects.filter(template="export_failed", recipient=world.marc).count() == 1
    assert prepare_waiting(lambda: NOW + timedelta(days=1)) == 0
    settings.STORAGES = working
    again = request_export(world.client, by=world.marc, at=NOW)
    assert prepare_waiting(at_now) == 1
    again.refresh_from_db()
    assert again.state == ExportState.READY


def test_progress_is_written_while_it_goes(world: World, ticket: Ticket, monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(preparation, "STEP", 1)
    for _more in range(2):
        world.file()
    request_export(world.client, by=world.marc, at=NOW)

    def clock() -> datetime:
        seen.append(ClientExport.objects.values_list("done", "total").get())
        return NOW

    prepare_waiting(clock)
    assert [each for each in seen if 0 < each[0] < 3][:2] == [(1, 3), (2, 3)]


# --- The pages --------------------------------------------------------------------------


def test_an_export_is_asked_for_followed_and_downloaded_until_its_last_day(
    world: World, ticket: Ticket
) -> None:
    User.objects.update(language="en")
    marc = signed_in(world.marc)
    page = marc.post("/exports/", {"client": world.client.pk})["Location"]
    assert 'hx-trigger="every 2s"' in marc.get(page).content.decode()
    assert marc.get(f"{page}download/").status_code == 404
    prepare_waiting(timezone.now)
    progress = marc.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in progress
    assert "every 2s" not in progress
    answer = marc.get(f"{page}download/")
    content = b"".join(answer.streaming_content)
    export = ClientExport.objects.get()
    assert hashlib.sha256(content).hexdigest() == export.digest
    assert answer["Content-Disposition"] == f'attachment; filename="{export.name}"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    key = export.file.name
    ClientExport.objects.update(expires_at=timezone.now())
    assert marc.get(f"{page}download/").status_code == 410
    assert (expire_exports(timezone.now()), expire_exports(timezone.now()), delete_discarded()) == (1, 0, 1)
    assert not export.file.storage.exists(key)
    assert marc.get(f"{page}download/").status_code == 410
    assert "no longer kept" in marc.get(page).content.decode()


def test_the_list_has_a_price(world: World, django_assert_num_queries) -> None:
    marc = signed_in(world.marc)
    for number in (1, 3):
        while ClientExport.objects.count() < number:
            export = request_export(world.client, by=world.marc, at=NOW)
            ClientExport.objects.filter(pk=export.pk).update(state=ExportState.FAILED)
        with django_assert_num_queries(5):
            marc.get("/exports/")


def test_the_letters_lead_to_the_page_and_tell_nothing_once_it_has_expired(
    world: World, ticket: Ticket, mailoutbox
) -> None:
    export = request_export(world.client, by=world.marc, at=NOW)
    prepare_waiting(at_now)
    send_waiting(NOW)
    (ready,) = [
        message for message in mailoutbox if message.to == [world.marc.email] and "prêt" in message.subject
    ]
    export.refresh_from_db()
    assert f"/exports/{export.pk}/" in ready.body
    assert export.digest in ready.body
    again = request_export(world.client, by=world.marc, at=NOW)
    prepare_waiting(at_now)
    expire_exports(NOW + timedelta(days=30))
    mailoutbox.clear()
    send_waiting(NOW + timedelta(days=30))
    assert not [message for message in mailoutbox if f"/exports/{again.pk}/" in message.body]
