"""What the API costs on the demonstration's data: a list, a ticket, an act; in a database of its own."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable

import django
from django.db import connection
from django.test import Client
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts.models import Role, User  # noqa: E402
from tickets.actions.tokens import create_token  # noqa: E402
from tickets.models import Scope, Ticket  # noqa: E402
from tickets.words import State  # noqa: E402

ROUNDS = 60


def measure(name: str, ask: Callable[[], object]) -> None:
    """Print the median and the 95th percentile of a request, in milliseconds, and its queries."""
    for _ in range(5):
        ask()
    asked: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        ask()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    ordered = sorted(times)
    median, late = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    print(f"{name:34} {median:8.1f} ms {late:8.1f} ms {len(asked):4d} queries")


def main() -> None:
    """Ask as an agent, in this process: what the network and the server add is not counted."""
    call_command("migrate", verbosity=0)
    call_command("demo_reset", verbosity=0)
    settings.ALLOWED_HOSTS.append("testserver")
    settings.SECURE_SSL_REDIRECT = False
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 10**9
    agent = User.objects.filter(role=Role.AGENT, is_active=True).order_by("pk")[0]
    ticket = Ticket.objects.filter(state=State.IN_PROGRESS).order_by("-last_seq")[0]
    _token, secret = create_token(agent, name="bench", scope=Scope.WRITE, days=1, at=timezone.now())
    browser = Client(headers={"Authorization": f"Bearer {secret}"})
    base = "/api/v1/tickets"
    etag = browser.get(f"{base}/{ticket.pk}")["ETag"]
    message = json.dumps({"message": "Nous avançons."})
    print(
        f"{Ticket.objects.count()} tickets; ticket #{ticket.pk} has {ticket.last_seq} facts; Python"
        f" {platform.python_version()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
    )
    measure("list, 25 rows", lambda: browser.get(base))
    measure("list, 25 rows, the queue's order", lambda: browser.get(base, {"order": "next_due_at"}))
    measure("ticket", lambda: browser.get(f"{base}/{ticket.pk}"))
    measure(
        "ticket unchanged (304)", lambda: browser.get(f"{base}/{ticket.pk}", headers={"If-None-Match": etag})
    )
    measure("its actions, with their choices", lambda: browser.get(f"{base}/{ticket.pk}/actions"))
    measure(
        "write to the client (an act)",
        lambda: browser.post(f"{base}/{ticket.pk}/actions/inform", message, "application/json"),
    )


if __name__ == "__main__":
    main()
