"""How mail leaves: once, to who may read it, tried again when it fails, its headers out of anybody's reach."""

import socket
import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings as installed
from django.core import mail as post
from django.db import IntegrityError, connection, transaction

from accounts.models import Client, User
from accounts.scope import worker_scope
from tests.world import World, paris
from tickets.actions import vendor
from tickets.models import Mail, Ticket
from tickets.notifications.outbox import put
from tickets.notifications.sending import may_read, send_waiting

AT = paris("2026-04-28 10:30")


def filed(world: World, **fields: object) -> Ticket:
    """File a ticket of which Claire's receipt alone is waiting."""
    ticket = world.file("2026-04-28 10:30", **fields)
    Mail.objects.exclude(recipient=world.claire).delete()
    return ticket


def test_a_mail_leaves_once(world: World) -> None:
    filed(world)
    assert send_waiting(AT) == Counter(sent=1)
    assert send_waiting(AT) == Counter()
    assert [each.to for each in post.outbox] == [[world.claire.email]]
    assert Mail.objects.get().sent_at == AT


def test_a_mail_does_not_leave_before_its_time(world: World) -> None:
    filed(world)
    assert send_waiting(AT - timedelta(seconds=1)) == Counter()


def test_one_key_writes_one_mail_a_person_however_often_asked(world: World) -> None:
    ticket = filed(world)
    for _each in range(2):
        put([world.agnes, world.maud], template="reminder", key="once", at=AT, ticket=ticket)
    assert Mail.objects.filter(template="reminder").count() == 2


def test_mails_of_a_ticket_are_one_thread(world: World) -> None:
    ticket = filed(world)
    vendor.ask(ticket, by=world.agnes, at=paris("2026-04-28 11:00"), message="Quelle version ?")
    send_waiting(paris("2026-04-28 11:00"))
    first, second = (
        message_from_bytes(each.message().as_bytes(), policy=policy.default) for each in post.outbox
    )
    assert first["Subject"] == second["Subject"]
    assert first["Subject"].strip() == f"[#{ticket.pk}] L'export comptable s'arrête à mi-chemin"
    assert first["References"] == second["References"] == first["In-Reply-To"] == second["In-Reply-To"]
    assert first["Message-ID"] != second["Message-ID"]
    assert {first["Auto-Submitted"], second["Auto-Submitted"]} == {"auto-generated"}
    assert first["From"] == installed.DEFAULT_FROM_EMAIL
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_sent_again_bears_the_same_message_id(world: World) -> None:
    filed(world)
    send_waiting(AT)
    Mail.objects.update(sent_at=None)
    send_waiting(paris("2026-04-28 12:00"))
    assert len({each.extra_headers["Message-ID"] for each in post.outbox}) == 1


def test_a_title_cannot_add_a_header(world: World) -> None:
    filed(world, title="Panne\r\nBcc: tous@example.com\r\n\r\nCorps\u2028suite")
    send_waiting(AT)
    message = message_from_bytes(post.outbox[0].message().as_bytes(), policy=policy.default)
    assert message["Bcc"] is None
    assert message["To"] == world.claire.email
    assert message["Subject"].endswith("Panne Bcc: tous@example.com Corps suite")


def test_an_address_cannot_add_a_header(world: World, caplog) -> None:
    filed(world)
    User.objects.filter(pk=world.claire.pk).update(email="claire@x.example\nbcc: tous@example.com")
    assert send_waiting(AT) == Counter(failed=1)
    assert post.outbox == []
    assert "BadHeaderError" in Mail.objects.get().last_error


@pytest.mark.parametrize("loss", ["person", "client", "role"])
def test_who_may_no_longer_read_the_ticket_gets_no_mail(world: World, loss: str) -> None:
    filed(world)
    if loss == "person":
        User.objects.filter(pk=world.claire.pk).update(is_active=False)
    elif loss == "client":
        Client.objects.filter(pk=world.client.pk).update(is_active=False)
    else:
        Mail.objects.update(recipient=world.rachel)
    assert send_waiting(AT) == Counter(dropped=1)
    assert post.outbox == []
    assert Mail.objects.get().dropped_at == AT
    assert send_waiting(AT) == Counter()


def test_a_mail_never_reaches_another_client(world: World) -> None:
    filed(world)
    mail = Mail.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.update(recipient=world.olivia)
    mail.recipient = world.olivia
    assert not may_read(mail, AT)


def test_a_mail_that_cannot_be_written_keeps_no_other_back(world: World, caplog) -> None:
    filed(world)
    broken = Mail.objects.get()
    Mail.objects.update(template="unheard of")
    filed(world)
    assert send_waiting(AT) == Counter(failed=1, sent=1)
    broken.refresh_from_db()
    assert (broken.attempts, broken.sent_at, broken.dropped_at) == (1, None, None)
    assert "unheard of" in broken.last_error


def test_the_wait_doubles_up_to_six_hours_and_nothing_is_given_up(world: World, caplog) -> None:
    filed(world)
    Mail.objects.update(template="unheard of")
    at, waits = AT, []
    for _attempt in range(12):
        assert send_waiting(at) == Counter(failed=1)
        waits.append(Mail.objects.get().next_try_at - at)
        at = Mail.objects.get().next_try_at
    minutes = [wait // timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    Mail.objects.update(template="received")
    assert send_waiting(at) == Counter(sent=1)
    assert Mail.objects.get().last_error == ""


def test_a_mail_server_that_does_not_answer_ends_the_run_and_loses_nothing(
    world: World, settings, caplog
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
        for _each in range(3):
            filed(world)
        assert send_waiting(AT) == Counter(failed=1)
    assert list(Mail.objects.order_by("id").values_list("attempts", flat=True)) == [1, 0, 0]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_waiting(AT + timedelta(minutes=1)) == Counter(sent=3)


def test_in_development_a_mail_is_a_file(world: World, settings) -> None:
    settings.EMAIL_BACKEND = "tickets.notifications.files.EmlFileBackend"
    filed(world)
    send_waiting(AT)
    [written] = Path(settings.MAIL_DIR).glob("*.eml")
    assert message_from_bytes(written.read_bytes(), policy=policy.default)["To"] == world.claire.email


@pytest.mark.django_db(transaction=True)
def test_concurrent_senders_send_each_mail_once(world: World, settings) -> None:
    settings.EMAIL_BACKEND = "tickets.notifications.files.EmlFileBackend"
    for minute in range(10, 20):
        world.file(f"2026-04-28 10:{minute}")
    gate, results = threading.Barrier(3), []

    def work() -> None:
        try:
            gate.wait(timeout=30)
            with worker_scope():
                results.append(send_waiting(AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    # Each filing is told to Claire and to the three people of the support team.
    assert sum(results, Counter()) == Counter(sent=40)
    assert len(list(Path(settings.MAIL_DIR).glob("*.eml"))) == 40


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_dies_before_its_mark_leaves_the_mail_waiting(world: World) -> None:
    filed(world)

    class Death(BaseException):
        pass

    def die() -> None:
        with transaction.atomic():
            send_waiting(AT)
            raise Death

    with pytest.raises(Death):
        die()
    assert Mail.objects.get().sent_at is None
    assert send_waiting(AT) == Counter(sent=1)
