"""The example of the documentation, run as it is against a live server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from tests.tickets.api.asking import Asker
from tests.world import build_world
from tickets.actions import vendor
from tickets.models import Ticket

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "api_example.py"


@pytest.mark.django_db(transaction=True)
def test_the_example_files_a_ticket_and_follows_it_until_the_client_is_asked(live_server) -> None:
    world = build_world()
    asker = Asker(world.claire)
    environment = {
        **os.environ, "HELPDESK_URL": live_server.url, "HELPDESK_TOKEN": asker.secret, "HELPDESK_POLL_SECONDS": "0.2",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, EXAMPLE], stdout=subprocess.PIPE, text=True, env=environment
    ) as program:
        assert program.stdout is not None
        filed = re.match(r"#([0-9]+), due ", program.stdout.readline())
        assert filed
        ticket = Ticket.objects.get(pk=filed[1])
        assert "Réception" in program.stdout.readline()
        vendor.ask(ticket, by=world.agnes, at=timezone.now(), message="Quelle version ?")
        rest, _errors = program.communicate(timeout=30)
    assert program.returncode == 0
    assert "Question" in rest
    assert ticket.reporter == world.claire


@pytest.mark.django_db(transaction=True)
def test_the_example_says_why_it_is_refused(live_server) -> None:
    world = build_world()
    asker = Asker(world.claire)
    environment = {**os.environ, "HELPDESK_URL": live_server.url, "HELPDESK_TOKEN": f"{asker.secret}x"}
    done = subprocess.run(
        [sys.executable, EXAMPLE], capture_output=True, text=True, env=environment, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "401" in done.stderr
