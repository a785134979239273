"""A real beat and a real worker, on a real broker: what becomes due is done, and its mail leaves once."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings as installed
from django.db import connection
from django.utils import timezone

from launcher.places import ROOT
from launcher.processes import Server, stop_all
from launcher.run import BEAT, WORKER
from sla.models import CalendarVersion, Closure
from sla.policy import Severity
from tests.world import World
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.models import Effect, Mail, Ticket
from tickets.notifications.doorbell import muted

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

PATIENCE = 90.0  # seconds: two programs start on a slow machine
OWN_BROKER_DATABASE = 13


def broker_address() -> str:
    """Return a database of the suite's broker that no other test uses."""
    address = urlsplit(installed.REDIS_URL)
    if address.scheme == "unix":
        return f"unix://{address.path}?db={OWN_BROKER_DATABASE}"
    return f"{address.scheme}://{address.netloc}/{OWN_BROKER_DATABASE}"


def database_address() -> str:
    """Return the test database's address, for programs that read their settings from the environment."""
    server, mark, options = os.environ.get("DATABASE_URL", "postgresql:///helpdesk").partition("?")
    return f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}{mark}{options}"


def program(name: str, options: str, folder: Path, sign: str, *more: str) -> Server:
    """Prepare a Celery program as `make run` starts it, but for a timetable of every second."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "EMAIL_URL"},
        "DATABASE_URL": database_address(),
        "REDIS_URL": broker_address(),
        "MAIL_DIR": str(folder / "mail"),
        "MEDIA_ROOT": str(folder / "media"),
        "TIMETABLE_SECONDS": "1",
    }
    log = folder / f"{name}.log"
    command = [str(Path(sys.executable).with_name("celery")), *options.split(), *more]
    return Server(
        name, command, log, environment, lambda it: sign in it.log.read_text(errors="replace"), directory=ROOT
    )


@pytest.fixture
def mailbox(world: World, tmp_path: Path) -> Iterator[Path]:
    """Run beat and a worker until the end of the test; their mail is written in this folder."""
    broker = redis.Redis.from_url(broker_address())
    broker.flushdb()
    servers = [
        program("beat", BEAT, tmp_path, "beat: Starting", "--schedule", str(tmp_path / "schedule")),
        program("worker", WORKER, tmp_path, " ready."),
    ]
    try:
        for server in servers:
            server.start()
        for server in servers:
            server.wait_until_ready(PATIENCE)
        yield tmp_path / "mail"
    finally:
        stop_all(servers)
        broker.flushdb()
        broker.close()


def open_day_and_night(world: World) -> None:
    """Open support at every hour of these days, whatever the day on which the test runs (K-20)."""
    calendar, today = world.contract.calendar, timezone.localdate()
    version = CalendarVersion.objects.create(calendar=calendar, number=2)
    Closure.objects.create(
        version=version,
        first_day=today - timedelta(days=3),
        last_day=today + timedelta(days=3),
        windows=[["00:00", "24:00"]],
        motive="Ouverture exceptionnelle",
    )
    CalendarVersion.objects.filter(pk=version.pk).update(published_at=timezone.now() - timedelta(days=2))


def owned_and_half_used_in(world: World, seconds: float) -> Ticket:
    """File a Bloquante, to be acknowledged in two hours, of which the first ends in so many seconds."""
    at = timezone.now() - timedelta(hours=1) + timedelta(seconds=seconds)
    filing = Filing(title="Panne totale", description="Plus rien.", severity=Severity.BLOQUANTE)
    with muted():
        ticket = file_ticket(world.contract, filing, by=world.claire, at=at)
        return vendor.assign(ticket, by=world.maud, at=at, owner=world.agnes)


def escalations(mailbox: Path, ticket: Ticket) -> list[EmailMessage]:
    """Return the escalations of a ticket that have left so far."""
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in mailbox.glob("*.eml")]
    return [each for each in found if f"[#{ticket.pk}]" in (each["Subject"] or "") and "50" in plain(each)]


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()).split("\n", 1)[0] if body else ""


def wait_until(met: Callable[[], bool], logs: Path) -> None:
    """Look again and again, for a bounded time; on failure, show what the programs wrote."""
    deadline = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > deadline:
            said = "\n".join(log.read_text(errors="replace")[-2000:] for log in logs.glob("*.log"))
            pytest.fail(f"nothing happened within {PATIENCE:.0f} s\n{said}")
        time.sleep(0.1)


def test_an_escalation_becomes_due_and_its_mail_leaves_once(world: World, mailbox: Path) -> None:
    open_day_and_night(world)
    ticket = owned_and_half_used_in(world, seconds=3)
    escalation = Effect.objects.get(ticket=ticket, key="acknowledge:bloquante:50")
    assert (escalation.done_at, escalation.due_at > timezone.now()) == (None, True)
    wait_until(lambda: bool(escalations(mailbox, ticket)), mailbox.parent)

    # Later tickets that go the same way prove that beat and the worker have run again since.
    for _run in range(2):
        later = owned_and_half_used_in(world, seconds=1)
        wait_until(lambda: bool(escalations(mailbox, later)), mailbox.parent)  # noqa: B023  (waited for here)

    [message] = escalations(mailbox, ticket)
    assert message["To"] == world.agnes.email
    mail = Mail.objects.get(ticket=ticket, template="escalation")
    assert (mail.attempts, mail.last_error) == (1, "")
    assert mail.sent_at is not None
    escalation.refresh_from_db()
    assert escalation.due_at <= escalation.done_at <= mail.sent_at
