"""A scanner that is configured is asked about every file, and its silence is never taken for a yes."""

import socket

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from tests.tickets.clamd import EICAR, Clamd, clamd
from tests.world import World, paris
from tickets.attachments import MultipleFileField, ReceivedFile, received_from
from tickets.effects.held_files import scan_held
from tickets.models import Attachment, Mail, Ticket
from tickets.scanner import ScannerUnavailable, scan
from tickets.words import ScanState

NOW = paris("2026-05-04 10:00")


@pytest.fixture
def scanner(settings):
    with clamd() as server:
        settings.CLAMAV_ADDRESS = server.address
        settings.CLAMAV_TIMEOUT = 5.0
        yield server


def upload(content: bytes = b"journal", name: str = "trace.log") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


# --- The client -------------------------------------------------------------------------


def test_a_content_is_sent_whole_and_judged(scanner: Clamd) -> None:
    content = b"x" * 200_000
    assert scan([content[:70_000], content[70_000:]], scanner.address, 5).is_clean
    assert scanner.received == [content]
    verdict = scan([EICAR], scanner.address, 5)
    assert (verdict.is_clean, verdict.threat) == (False, "Eicar-Signature")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OK NOT\0",
        b"stream:  FOUND\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"HTTP/1.1 200 OK\r\n\r\nOK\0",
        b"\xff" * 10_000,
        b"OK\0",
    ],
)
def test_an_answer_that_is_no_verdict_is_none(scanner: Clamd, answer: bytes) -> None:
    scanner.answer = answer
    with pytest.raises(ScannerUnavailable):
        scan([b"x"], scanner.address, 5)


def test_silence_is_cut_short(scanner: Clamd) -> None:
    scanner.silence = 1.0
    with pytest.raises(ScannerUnavailable, match="TimeoutError"):
        scan([b"x"], scanner.address, 0.05)


def test_a_scanner_that_hangs_up_or_is_not_there_gives_no_verdict(scanner: Clamd) -> None:
    scanner.hangs_up = True
    with pytest.raises(ScannerUnavailable):
        scan([b"x" * 5_000_000], scanner.address, 5)
    for address in (closed_port(), "/nowhere/clamd.sock", "nonsense", "host:port"):
        with pytest.raises(ScannerUnavailable):
            scan([b"x"], address, 1)


# --- What becomes of files --------------------------------------------------------------


def test_without_a_scanner_a_file_is_not_scanned_and_may_be_downloaded(world: World, settings) -> None:
    settings.CLAMAV_ADDRESS = ""
    ticket = world.file(attachments=[received_from(upload())])
    assert ticket.attachments.get().scan == ScanState.NOT_SCANNED
    assert ticket.attachments.get().may_be_downloaded
    assert not scan_held(NOW)


def test_an_infected_file_is_refused_by_name_and_the_others_are_judged_too(scanner: Clamd) -> None:
    with pytest.raises(ValidationError) as refused:
        MultipleFileField().clean([upload(), upload(EICAR, "virus.txt"), upload(b"", "vide.txt")])
    assert [error.code for error in refused.value.error_list] == ["infected", "empty"]
    assert "virus.txt" in refused.value.messages[0]


def test_a_clean_file_is_stored_whole(world: World, scanner: Clamd) -> None:
    file = world.file(attachments=[received_from(upload())]).attachments.get()
    with file.file.open() as content:
        assert (file.scan, content.read()) == (ScanState.CLEAN, b"journal")


def held(world: World, settings, content: bytes = b"journal") -> Attachment:
    working, settings.CLAMAV_ADDRESS = settings.CLAMAV_ADDRESS, closed_port()
    ticket: Ticket = world.file(attachments=[received_from(upload(content))])
    settings.CLAMAV_ADDRESS = working
    return ticket.attachments.get()


def answered(world: World, file: Attachment) -> tuple[int, str]:
    world.claire.language = "en"
    world.claire.save()
    browser = Browser()
    browser.force_login(world.claire)
    answer = browser.get(f"/attachments/{file.pk}/")
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, text.decode()


def test_while_the_scanner_is_away_a_file_is_held_and_said_so(world: World, scanner: Clamd, settings) -> None:
    file = held(world, settings)
    assert file.scan == ScanState.HELD
    status, text = answered(world, file)
    assert status == 409
    assert "This file is held" in text
    browser = Browser()
    browser.force_login(world.claire)
    page = browser.get(file.ticket.get_absolute_url()).content.decode()
    assert "held until it is scanned" in page
    assert f"/attachments/{file.pk}/" not in page


def test_the_timetable_tries_again_until_there_is_a_verdict(world: World, scanner: Clamd, settings) -> None:
    file = held(world, settings)
    scanner.answer = b"stream: memory ERROR\0"
    assert not scan_held(NOW)
    scanner.answer = None
    assert scan_held(NOW) == {ScanState.CLEAN: 1}
    assert answered(world, file) == (200, "journal")
    assert not scan_held(NOW)


def test_a_held_file_found_infected_never_leaves_and_is_told_once(
    world: World, scanner: Clamd, settings, mailoutbox
) -> None:
    file = held(world, settings, EICAR)
    Mail.objects.all().delete()
    assert scan_held(NOW) == {ScanState.INFECTED: 1}
    assert not scan_held(NOW)
    status, text = answered(world, file)
    assert status == 409
    assert "infected" in text
    told = {mail.recipient for mail in Mail.objects.filter(template="file_infected")}
    assert told == {world.claire, world.agnes, world.bruno, world.maud}


def test_a_file_that_came_around_the_scanner_is_held(world: World, scanner: Clamd) -> None:
    ticket = world.file(attachments=[ReceivedFile(upload(), "trace.log", "text/plain")])
    assert ticket.attachments.get().scan == ScanState.HELD


def test_files_stored_before_there_was_a_scanner_are_scanned(world: World, settings) -> None:
    settings.CLAMAV_ADDRESS = ""
    ticket = world.file(attachments=[received_from(upload(EICAR))])
    with clamd() as server:
        settings.CLAMAV_ADDRESS = server.address
        assert scan_held(NOW) == {ScanState.INFECTED: 1}
    assert not ticket.attachments.get().may_be_downloaded


def test_a_file_lost_by_the_storage_does_not_stop_the_others(world: World, scanner: Clamd, settings) -> None:
    lost, other = held(world, settings), held(world, settings, b"autre")
    lost.file.storage.delete(lost.file.name)
    assert scan_held(NOW).total() == 2
    other.refresh_from_db()
    assert other.scan == ScanState.CLEAN
