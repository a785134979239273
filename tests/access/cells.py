"""One cell of the access table: one request, what came back, and what changed in which table for whom."""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core import mail
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.utils import timezone
from pypdf import PdfReader

from accounts.scope import worker_scope
from tests.access.crowd import CANARY, NUMBERS, Crowd, digests
from tests.wall.catalogue import rows
from tickets.notifications.sending import send_waiting

LOG_OF_ACCESSES = "accounts_accessrecord"  # says who asked


@dataclass(frozen=True)
class Answer:
    """What came back, and the tables in which something was written."""

    status: int
    headers: str
    body: bytes
    touched: set[str]
    location: str

    @property
    def said(self) -> bytes:
        """Return all that can be read in it, a PDF's text included."""
        body = self.body
        if body.startswith(b"%PDF"):
            body += " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).encode()
        return (self.headers.encode() + b"\n" + body).lower()


class Heard(logging.Handler):
    """Hears what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, with what the formatter would add of an exception."""
        self.words.append(f"{record.getMessage()} {record.exc_info or ''}".lower())


@contextmanager
def listening() -> Iterator[Heard]:
    """Hear all that is logged while something is asked, in the place of the handlers that would print it."""
    heard, root = Heard(), logging.getLogger()
    former, level = root.handlers, root.level
    root.handlers = [heard]
    root.setLevel(logging.INFO)
    try:
        yield heard
    finally:
        root.handlers = former
        root.setLevel(level)


class Asker(RequestFactory):
    """Asks the whole application, middleware included, without keeping the templates of what it shows."""

    handler = ClientHandler(enforce_csrf_checks=False)

    def request(self, **request: Any) -> HttpResponseBase:
        """Answer the request rather than return it."""
        return self.handler(self._base_environ(**request))


class Writings:
    """Counts, by table, what this transaction has written so far: PostgreSQL's own counters."""

    def __init__(self) -> None:
        self.names = dict(
            rows(
                "SELECT c.oid::bigint, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = 'public' AND c.relkind = 'r'"
            )
        )
        self.former = self.counts()

    def counts(self) -> dict[int, int]:
        return dict(
            rows(
                "SELECT t, pg_stat_get_xact_tuples_inserted(t::oid) + pg_stat_get_xact_tuples_updated(t::oid)"
                " + pg_stat_get_xact_tuples_deleted(t::oid) FROM unnest(%s::bigint[]) t",
                list(self.names),
            )
        )

    def since(self) -> set[str]:
        """Return the tables written to since it was last asked."""
        now = self.counts()
        touched = {self.names[table] for table, count in now.items() if count != self.former[table]}
        self.former = now
        return touched


def body_of(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def letters_after(touched: set[str]) -> list[EmailMessage]:
    """Let the mail that an act wrote leave at once, as if a day had gone by; return all that left."""
    if "tickets_mail" in touched:
        send_waiting(timezone.now() + timedelta(days=1))
    left = list(mail.outbox)
    mail.outbox.clear()
    return left


@dataclass
class Table:
    """Asks, cell after cell, each in a savepoint that is undone."""

    crowd: Crowd
    writings: Writings
    cells: int = 0
    letters: int = 0
    of_nothing: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def ask(
        self,
        who: str,
        method: str,
        url: str,
        body: object = None,
        *,
        of_client: int | None = None,
        json: bool = False,
        headers: dict[str, str] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """Ask once; fail when rows of a client other than `of_client` changed, or a log or a mail told of them.

        `meanwhile` is called before all is undone.
        """
        self.cells += 1
        caches["default"].key_prefix = uuid.uuid4().hex  # how often one has tried is each cell's own
        with worker_scope(), transaction.atomic(), listening() as heard:
            self.writings.since()
            response = self.request(who, method, url, body, json=json, headers=headers or {})
            content = body_of(response)
            touched = self.writings.since()
            self.unchanged_but(of_client, touched)
            self.letters += self.crowd.check(letters_after(touched))
            if meanwhile:
                meanwhile()
            transaction.set_rollback(True)
        if of_client is not None:
            assert not [line for line in heard.words if CANARY.lower() in line], f"{who} {method} {url}"
        headers = {
            name: value for name, value in response.headers.items() if not name.startswith("RateLimit")
        }
        return Answer(
            response.status_code, str(headers), content, touched, response.headers.get("Location", "")
        )

    def request(
        self, who: str, method: str, url: str, body: object, *, json: bool, headers: dict[str, str]
    ) -> HttpResponseBase:
        options = {"content_type": "application/json"} if json and method != "get" else {}
        options |= headers
        return getattr(self.crowd.enter(Asker(), who), method)(url, body, **options)

    def unchanged_but(self, client: int | None, touched: set[str]) -> None:
        """Fail when, in a table written to, another client's rows are not as they were."""
        if client is None:
            return
        for table, now in digests(sorted(touched & set(self.walled))).items():
            before = self.crowd.before[table]
            spared = {client, None, NUMBERS["own"] if table == LOG_OF_ACCESSES else client}
            for whose in (before.keys() | now.keys()) - spared:
                assert now.get(whose) == before.get(whose), f"rows of client {whose} changed in {table}"

    @property
    def walled(self) -> list[str]:
        return list(self.crowd.before)
