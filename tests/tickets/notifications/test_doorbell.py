"""The doorbell: a broker that is dead or deaf neither fails nor hangs the act that rings it."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from celery import Celery, current_app

from tests.world import World
from tickets.models import Mail
from tickets.notifications.doorbell import muted

PATIENCE = (
    20  # seconds, on a machine busy with something else; with the library's defaults a dead broker takes 40
)


@contextmanager
def broker_at(address: str) -> Iterator[None]:
    """Let the product's own Celery configuration meet a broker at this address."""
    usual = current_app._get_current_object()
    app = Celery("helpdesk", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = address
    app.set_current()
    try:
        yield
    finally:
        usual.set_current()
        app.close()


@pytest.fixture
def dead() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{bound.getsockname()[1]}/0"


@pytest.fixture
def deaf() -> Iterator[str]:
    """An address that takes the connection and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


@pytest.mark.parametrize("broker", ["dead", "deaf"])
def test_filing_neither_fails_nor_hangs(
    world: World, broker: str, request, caplog, django_capture_on_commit_callbacks
) -> None:
    caplog.set_level(logging.WARNING)
    with broker_at(request.getfixturevalue(broker)):
        begun = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            ticket = world.file()
        took = time.monotonic() - begun
    assert took < PATIENCE
    assert Mail.objects.filter(ticket=ticket, sent_at=None).exists()
    assert "mail waits for the next minute's sweep" in caplog.text


def test_what_is_muted_rings_nobody(world: World, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as rung:
        world.file()
    assert len(rung) == 1
    with muted(), django_capture_on_commit_callbacks() as rung:
        world.file()
    assert rung == []
