"""Resetting the demonstration: the same each time, never over the data of others, all or nothing."""

import hashlib
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Client, Role, User
from sla.models import CalendarVersion, PolicyVersion
from tests.world import World, paris
from tickets.models import Attachment, LedgerEntry, Mail, Message, Ticket
from tickets.notifications.quiet import telling_nobody

NOW = paris("2026-05-20 15:12")
RANDOM_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def reset(**options: object) -> str:
    said = StringIO()
    call_command("demo_reset", now=NOW, tickets=60, stdout=said, **options)
    return said.getvalue()


def digest() -> str:
    """Sum up all that was written, save what is drawn at random on purpose (keys of versions and files)."""
    found = hashlib.sha256()
    versions = [*CalendarVersion.objects.all(), *PolicyVersion.objects.all()]
    named = {str(version.pk): str(version) for version in versions}
    facts = LedgerEntry.objects.order_by("ticket", "seq").values_list(
        "ticket", "seq", "kind", "occurred_at", "recorded_at", "by__email", "data"
    )
    texts = Ticket.objects.order_by("pk").values_list(
        "pk", "title", "description", "steps", "external_reference"
    )
    words = Message.objects.order_by("pk").values_list(
        "ticket", "author__email", "sent_at", "body", "is_internal"
    )
    files = Attachment.objects.order_by("pk").values_list("ticket", "name", "digest")
    for row in [*facts, *texts, *words, *files]:
        found.update(RANDOM_KEY.sub(lambda key: named[key.group()], repr(row)).encode())
    return found.hexdigest()


def test_the_same_seed_and_instant_tell_the_same_story(db) -> None:
    reset()
    first = digest()
    reset()
    assert digest() == first
    reset(seed=7)
    assert digest() != first


def test_an_instance_with_data_of_others_is_left_alone(world: World) -> None:
    with pytest.raises(CommandError, match="Brasserie du Nord"):
        reset()
    assert "60" not in reset(if_empty=True)
    assert Client.objects.filter(code="brasserie").exists()
    reset(force=True)
    assert not Client.objects.filter(code="brasserie").exists()


def test_a_person_or_a_client_added_by_hand_to_the_demonstration_is_named_and_kept(db) -> None:
    reset()
    client = Client.objects.get(code="brasserie-nord-lys")
    added = User.objects.create(
        email="jeanne.essai@brasserie-nord-lys.example", first_name="Jeanne", last_name="Essai",
        role=Role.READER, client=client,
    )  # fmt: skip
    with pytest.raises(CommandError, match=added.email):
        reset()
    assert User.objects.filter(pk=added.pk).exists()
    added.delete()
    Client.objects.create(code="essai", name="Essai (démo)")
    with pytest.raises(CommandError, match="Essai"):
        reset()
    assert Client.objects.filter(code="essai").exists()


def test_production_is_left_alone(db, settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        reset()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_reset_leaves_what_was_there(tmp_path) -> None:
    reset()
    before, files = digest(), {path for path in (tmp_path / "media").rglob("*") if path.is_file()}

    class Impatient(StringIO):
        def write(self, text: str) -> int:
            if "03/2026" in text:
                raise KeyboardInterrupt
            return super().write(text)

    with pytest.raises(CommandError) as stopped:
        call_command("demo_reset", now=NOW, tickets=60, seed=5, stdout=Impatient())
    assert stopped.value.returncode == 130
    assert digest() == before
    assert {path for path in (tmp_path / "media").rglob("*") if path.is_file()} == files


def test_telling_nobody_ends_with_its_block(world: World) -> None:
    with telling_nobody():
        world.file()
    assert not Mail.objects.exists()
    world.file()
    assert Mail.objects.exists()
