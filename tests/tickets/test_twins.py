"""The same file on the same client is stored once; nobody learns of a file that they may not see."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from tests.world import World, paris
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.attachments import ReceivedFile
from tickets.models import Attachment


def joined(content: bytes = b"journal", name: str = "trace.log") -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile(name, content), name, "text/plain")


def stored() -> int:
    return sum(1 for each in Path(configured.MEDIA_ROOT).rglob("*") if each.is_file())


def page(user, ticket) -> str:
    browser = Browser()
    user.language = "en"
    user.save()
    browser.force_login(user)
    return browser.get(ticket.get_absolute_url()).content.decode()


def test_the_second_copy_names_the_bytes_of_the_first(world: World) -> None:
    first = world.file(attachments=[joined()])
    second = world.file(attachments=[joined(name="autre nom.log"), joined(b"autre chose")])
    assert stored() == 2
    assert f"already joined to #{first.pk}" in page(world.claire, second)
    assert "already joined" not in page(world.claire, first)


def test_another_client_s_copy_is_stored_apart_and_never_told(world: World) -> None:
    world.file(attachments=[joined()])
    filing = Filing(title="x", description="x", severity="majeure", attachments=[joined()])
    theirs = file_ticket(world.other_contract, filing, by=world.olivia, at=paris("2026-04-29 10:00"))
    assert stored() == 2
    for reader in (world.olivia, world.agnes):
        assert "already joined" not in page(reader, theirs)


def test_the_file_of_an_internal_note_is_told_to_the_vendor_alone(world: World) -> None:
    first, second = world.file(), world.file()
    vendor.note(
        first, by=world.agnes, at=paris("2026-04-28 11:00"), message="Entre nous", attachments=[joined()]
    )
    vendor.ask(
        second, by=world.agnes, at=paris("2026-04-28 11:00"), message="Voici ?", attachments=[joined()]
    )
    assert "already joined" not in page(world.claire, second)
    assert f"already joined to #{first.pk}" in page(world.agnes, second)


@pytest.mark.parametrize("loss", ["deleted", "infected"])
def test_bytes_lost_or_in_quarantine_are_not_shared(world: World, loss: str) -> None:
    first = world.file(attachments=[joined()]).attachments.get()
    if loss == "deleted":
        first.file.storage.delete(first.file.name)
    else:
        Attachment.objects.update(scan="infected")
    second = world.file(attachments=[joined()]).attachments.get()
    assert second.file.name != first.file.name
    with second.file.open() as content:
        assert content.read() == b"journal"
