"""A joined file goes back to who may read it, as a file and never as a page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import World, paris
from tickets.actions import vendor
from tickets.attachments import ReceivedFile
from tickets.models import Attachment, Ticket


def joined(name: str = "écran d'erreur.png", content: bytes = b"contenu") -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile("x", content), name, "image/png")


def status_of(client, pk: int) -> int:
    answer = client.get(f"/attachments/{pk}/")
    if answer.streaming:
        assert b"".join(answer.streaming_content)  # read to its end, the file is closed
    return answer.status_code


@pytest.fixture
def ticket(world: World) -> Ticket:
    return world.file(attachments=[joined()])


def test_a_file_comes_back_whole_under_its_name_and_runs_nowhere(
    client, world: World, ticket: Ticket
) -> None:
    client.force_login(world.claire)
    answer = client.get(f"/attachments/{ticket.attachments.get().pk}/")
    assert b"".join(answer.streaming_content) == b"contenu"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9cran%20d%27erreur.png"
    assert (answer["Content-Type"], answer["Content-Length"]) == ("image/png", "7")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_the_vendor_reads_it_too(client, world: World, ticket: Ticket) -> None:
    client.force_login(world.agnes)
    assert status_of(client, ticket.attachments.get().pk) == 200


@pytest.mark.parametrize("name", ["olivia", "rachel", "lucas"])
def test_who_may_not_read_the_ticket_finds_no_file(client, world: World, ticket: Ticket, name: str) -> None:
    client.force_login(getattr(world, name))
    assert status_of(client, ticket.attachments.get().pk) == 404


def test_the_file_of_an_internal_note_is_the_vendor_s_alone(client, world: World, ticket: Ticket) -> None:
    vendor.note(
        ticket,
        by=world.agnes,
        at=paris("2026-04-28 11:00"),
        message="Entre nous",
        attachments=[joined("note.png")],
    )
    file = Attachment.objects.get(name="note.png")
    client.force_login(world.claire)
    assert status_of(client, file.pk) == 404
    client.force_login(world.agnes)
    assert status_of(client, file.pk) == 200


def test_an_unknown_file_and_one_lost_by_the_storage_are_not_found(
    client, world: World, ticket: Ticket
) -> None:
    client.force_login(world.claire)
    assert status_of(client, 999999) == 404
    file = ticket.attachments.get()
    file.file.storage.delete(file.file.name)
    assert status_of(client, file.pk) == 404


def test_a_stranger_is_asked_to_sign_in(client, ticket: Ticket) -> None:
    assert status_of(client, ticket.attachments.get().pk) == 302
