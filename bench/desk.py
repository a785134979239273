"""Measure the desk's pages on a seeded database: latency alone, throughput at eight, queries, plans, memory."""

import argparse
import contextlib
import http.client
import json
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test.client import MULTIPART_CONTENT
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.desk_addresses import READ_BY_A_CLIENT, READ_BY_AN_AGENT
from bench.desk_plans import Asked, longest_question, plans
from bench.processes import family_of, memory_of, processor_time

USUAL = 100_000


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


PORT = free_port()
ROOT = Path(__file__).resolve().parent.parent
WEB = "--graceful-timeout 5 --log-level warning"  # the rest is in gunicorn.conf.py
WARM, ALONE = 20, 60  # requests before, requests measured one after the other
TOGETHER, SECONDS = 8, 5.0  # visitors at once, and for how long
LONGEST = 1200.0  # seconds: whatever happens, the load stops by itself
MARKER = "quincaillerie"  # what the seeding says in 2,000 tickets
UNCHANGED = 204
NO_LIMIT = "1000000000"  # requests a minute: the quotas of the API are not what is measured
PART = {"HX-Request": "true"}
STAMP: dict[str, str] = {}  # of the queue as last shown
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request got."""

    status: int
    body: str
    milliseconds: float
    stamp: str | None  # of the list, when it is told anew without the list


class Visitor:
    """A person signed in, over one connection that is kept."""

    def __init__(self, cookies: dict[str, str]) -> None:
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)

    def ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request, and time it to its last byte."""
        sent = {"Cookie": self.cookies, **({"Content-Type": FORM} if body else {}), **(headers or {})}
        began = time.perf_counter()
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        text = response.read().decode()
        elapsed = (time.perf_counter() - began) * 1000
        return Answer(response.status, text, elapsed, response.getheader("List-Stamp"))


def stamp_in(page: str) -> str:
    """Return the stamp of the list that a page shows."""
    found = re.search(r'data-stamp="([^"]+)"', page)
    if not found:
        raise RuntimeError("The queue has no stamp.")
    return found[1]


@dataclass(frozen=True, slots=True)
class Page:
    """Something measured: its name, its target (ms at the median), who asks, one request, what it must answer."""

    name: str
    target: float
    who: str
    status: int
    method: str
    path: Callable[[], str]
    body: Callable[[], dict[str, str]] | None = None
    headers: Callable[[], dict[str, str]] = dict

    def ask(self, visitor: Visitor) -> Answer:
        """Send the request; an answer that is not the one expected ends the benchmark."""
        write = json.dumps if self.headers().get("Content-Type") == JSON else urlencode
        body = write(self.body()) if self.body else None
        answer = visitor.ask(self.method, self.path(), body, self.headers())
        if self.status == UNCHANGED and answer.status == 200:
            # A minute of business time has passed: the list is drawn, and its new stamp is asked with.
            STAMP["List-Stamp"] = stamp_in(answer.body)
            return self.ask(visitor)
        if answer.status == UNCHANGED and answer.stamp:
            # What changed is not in the list: the page keeps the new stamp, as its script does.
            STAMP["List-Stamp"] = answer.stamp
        if answer.status != self.status:
            raise RuntimeError(f"{self.name}: {answer.status} instead of {self.status}\n{answer.body[:2000]}")
        return answer


@dataclass(frozen=True, slots=True)
class Measure:
    """What one page cost: milliseconds, those of processor (with PostgreSQL), requests a second at eight, queries."""

    name: str
    target: float
    best: float
    p50: float
    p95: float
    web: float
    database: float
    per_second: float
    queries: int
    sql: float
    kilobytes: float
    longest: str  # of its questions to PostgreSQL


def cookies_of(email: str) -> dict[str, str]:
    """Open a session without the form; return its cookies and the token of forms."""
    browser = Browser(headers={"host": "127.0.0.1"})
    browser.force_login(apps.get_model("accounts", "User").objects.get(email=email))
    return {name: browser.cookies[name].value for name in (settings.SESSION_COOKIE_NAME,)}


def with_token(cookies: dict[str, str], path: str) -> dict[str, str]:
    """Add the token that a form wants, as its page gives it."""
    visitor = Visitor(cookies)
    visitor.connection.request("GET", path, None, {"Cookie": visitor.cookies})
    response = visitor.connection.getresponse()
    response.read()
    found = re.search(r"csrftoken=([^;]+)", response.getheader("Set-Cookie", ""))
    if not found:
        raise RuntimeError(f"{path} gives no token ({response.status})")
    return {**cookies, "csrftoken": found[1]}


@contextlib.contextmanager
def web() -> Iterator[list[int]]:
    """Run gunicorn, as `make run` does; yield the process numbers of the one that watches, and of its workers."""
    command = [str(Path(sys.executable).with_name("gunicorn")), *WEB.split(), "--bind", f"127.0.0.1:{PORT}"]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "LOG_LEVEL": "WARNING"})  # noqa: S603  (ours)
    try:
        wait_for_answer()
        yield family_of(server.pid)
    finally:
        server.terminate()
        server.wait(20)


def wait_for_answer(patience: float = 90.0) -> None:
    """Wait until the application answers."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if Visitor({}).ask("GET", "/livez").status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("The application does not answer.")


def measure(page: Page, cookies: dict[str, str], workers: Sequence[int]) -> Measure:
    """Measure one page: alone, then eight at once for a few seconds, then its queries in this process."""
    visitor = Visitor(cookies)
    for _warm in range(WARM):
        answer = page.ask(visitor)
    before = processor_time(workers)
    spent = [page.ask(visitor).milliseconds for _alone in range(ALONE)]
    worked = [(after - former) / ALONE for after, former in zip(processor_time(workers), before, strict=True)]
    queries, sql, longest = queries_of(page, cookies)
    return Measure(
        page.name,
        page.target,
        round(min(spent), 1),
        round(statistics.median(spent), 1),
        round(statistics.quantiles(spent, n=20)[-1], 1),
        round(worked[0], 1),
        round(worked[1], 1),
        round(together(page, cookies), 1),
        queries,
        round(sql, 1),
        round(len(answer.body.encode()) / 1024, 1),
        longest,
    )


def together(page: Page, cookies: dict[str, str]) -> float:
    """Return how many requests a second eight visitors get answered, each asking again at once."""
    done, failures, until = count(), [], time.monotonic() + SECONDS

    def visit() -> None:
        visitor = Visitor(cookies)
        try:
            while time.monotonic() < until:
                page.ask(visitor)
                next(done)
        except (OSError, RuntimeError) as error:
            failures.append(error)

    began = time.monotonic()
    visitors = [threading.Thread(target=visit) for _visitor in range(TOGETHER)]
    for each in visitors:
        each.start()
    for each in visitors:
        each.join(SECONDS + 60)
    if failures:
        raise failures[0]
    return next(done) / (time.monotonic() - began)


def queries_of(page: Page, cookies: dict[str, str]) -> tuple[int, float, str]:
    """Return how many queries a request makes, the milliseconds in them, and the longest; one request warms up."""
    browser = Browser(headers={"host": "127.0.0.1"})
    for name, value in cookies.items():
        browser.cookies[name] = value
    headers = {name.lower(): value for name, value in page.headers().items()}
    for _twice in range(2):
        with CaptureQueriesContext(connection) as captured:
            if page.method == "GET":
                browser.get(page.path(), headers=headers)
            else:
                kind = headers.get("content-type", MULTIPART_CONTENT)
                browser.post(page.path(), page.body() if page.body else {}, kind, headers=headers)
    asked = captured.captured_queries
    return len(asked), sum(float(query["time"]) for query in asked) * 1000, longest_question(asked)


def long_ticket(agent: str) -> Any:
    """Give the first open ticket twenty messages, as an agent writes them; return it."""
    ticket = apps.get_model("tickets", "Ticket").objects.exclude(state="closed").order_by("pk")[0]
    person = apps.get_model("accounts", "User").objects.get(email=agent)
    inform = import_module("tickets.actions.vendor").inform
    while ticket.messages.count() < 20:
        inform(ticket, by=person, at=timezone.now(), message="Nous poursuivons l'analyse du **journal**.")
    return ticket


def pages(ticket: Any, filing: dict[str, str], token: str) -> list[Page]:
    """Return everything that is measured; `token` is what the agent's writes by the API need."""
    title, lately = count(), (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def read(who: str, name: str, target: float, address: str) -> Page:
        path = address.format(ticket=ticket.pk, client=ticket.client_id, word=MARKER, lately=lately)
        return Page(name, target, who, 200, "GET", lambda: path)

    return [
        *(read("agent", *row) for row in READ_BY_AN_AGENT),
        Page("refresh, the list changed", 25, "agent", 200, "GET", lambda: "/queue/", headers=lambda: PART),
        Page(
            "refresh, nothing changed", 5, "agent", UNCHANGED, "GET", lambda: "/queue/",
            headers=lambda: {**PART, **STAMP},
        ),
        Page("workload strip", 30, "agent", 200, "GET", lambda: "/queue/workload/", headers=lambda: PART),
        Page(
            "API, an action", 50, "agent", 200, "POST", lambda: f"/api/v1/tickets/{ticket.pk}/actions/note",
            body=lambda: {"message": "Journal relu."},
            headers=lambda: {"Content-Type": JSON, "X-CSRFToken": token},
        ),
        *(read("client", *row) for row in READ_BY_A_CLIENT),
        Page(
            "filing through the form", 35, "client", 302, "POST", lambda: "/file/",
            body=lambda: {**filing, "title": f"Export {next(title)}"},
        ),
    ]  # fmt: skip


def table(measures: Sequence[Measure]) -> str:
    """Return the figures as a table."""
    lines = [
        "| page | target, ms | best | p50 | p95 | web CPU | SQL CPU | at 8, a second | queries | in SQL, ms | KB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {each.name} | {each.target:g} | {each.best} | {each.p50} | {each.p95} | {each.web} | {each.database}"
        f" | {each.per_second} | {each.queries} | {each.sql}"
        f" | {each.kilobytes} |"
        for each in measures
    ]
    return "\n".join(lines)


def seed(tickets: int, *, keep: bool) -> None:
    """Fill the database unless it holds a benchmark already."""
    call_command("migrate", verbosity=0)
    ticket = apps.get_model("tickets", "Ticket")
    if keep and ticket.objects.exists():
        return
    call_command("seed_bench", tickets=tickets)


def filing_form(email: str) -> dict[str, str]:
    """Return what the person types in the form, but for the title."""
    person = apps.get_model("accounts", "User").objects.get(email=email)
    contract = apps.get_model("sla", "Contract").objects.get(client=person.client)
    return {
        "contract": str(contract.pk), "severity": "majeure", "description": "L'export s'arrête à mi-chemin.",
        "steps": "Lancer l'export.", "affected_version": "4.2.0", "environment": "Poste 12",
    }  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Seed, serve, measure, say; an alarm ends what lasts too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tickets", type=int, nargs="?", default=USUAL)
    parser.add_argument(
        "--keep", action="store_true", help="measure the benchmark's database as it is, if it is there"
    )
    parser.add_argument("--only", default="", help="measure the pages whose name has these words")
    parser.add_argument("--json", default="", help="also write the figures there")
    asked = parser.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    os.environ |= {"API_READS_PER_MINUTE": NO_LIMIT, "API_WRITES_PER_MINUTE": NO_LIMIT}
    django.setup()
    from accounts.scope import worker_scope

    call_command("collectstatic", interactive=False, verbosity=0)
    alarm = threading.Timer(LONGEST, lambda: os._exit(3))
    alarm.daemon = True
    alarm.start()
    with worker_scope():
        seed(asked.tickets, keep=asked.keep)
        return report(asked)


def report(asked: argparse.Namespace) -> int:
    """Measure every page, and print the figures."""
    agent, client = "agent01@bench.invalid", "admin.client-001@bench.invalid"
    load = os.getloadavg()[0]
    ticket = long_ticket(agent)
    people = {"agent": agent, "client": client}
    cookies = {who: cookies_of(email) for who, email in people.items()}
    measures: list[Measure] = []
    questions: dict[str, Asked] = {}
    with web() as workers:
        cookies["client"] = with_token(cookies["client"], "/file/")
        cookies["agent"] = with_token(cookies["agent"], "/register/")
        shown = Visitor(cookies["agent"]).ask("GET", "/queue/").body
        filing = {**filing_form(client), "csrfmiddlewaretoken": cookies["client"]["csrftoken"]}
        STAMP["List-Stamp"] = stamp_in(shown)
        for page in pages(ticket, filing, cookies["agent"]["csrftoken"]):
            if asked.only in page.name:
                measures.append(measure(page, cookies[page.who], workers))
                print(f"{page.name}: {measures[-1].p50} ms", file=sys.stderr)
                questions[page.name] = Asked(people[page.who], measures[-1].longest)
        rss, pss = memory_of(workers)
    print(table(measures))
    print(
        f"\nMemory of the web processes after the load: {pss:.0f} MB resident, what they share counted once"
        f" ({rss:.0f} MB added up, what they share counted in each)."
    )
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load average {load:.1f} before and"
        f" {os.getloadavg()[0]:.1f} after.\n"
    )
    print(plans(questions))
    if asked.json:
        Path(asked.json).write_text(json.dumps([asdict(each) for each in measures], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
