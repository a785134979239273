"""Through what and from where something is done: a value that the gate of a request, task or command sets."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest

LONGEST_NAME = 120
LONGEST_AGENT = 300


class Through(StrEnum):
    """The ways into the application."""

    PAGE = "page"
    API = "api"
    TASK = "task"
    COMMAND = "command"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Trace:
    """A way in, its name (a route, a token's key, a task, a command), the address and program of who came by it."""

    through: str = ""
    name: str = ""
    address: str | None = None
    agent: str = ""


NO_TRACE = Trace()
_trace: ContextVar[Trace] = ContextVar("trace", default=NO_TRACE)


def current_trace() -> Trace:
    """Return the trace that rows written here carry."""
    return _trace.get()


@contextmanager
def tracing(trace: Trace) -> Iterator[None]:
    """Let what is written inside carry this trace."""
    token = _trace.set(trace)
    try:
        yield
    finally:
        _trace.reset(token)


def trace_of(request: HttpRequest, through: Through = Through.PAGE, name: str = "") -> Trace:
    """Return the trace of a request; its route is its name, if it has none of its own (a token has)."""
    match = request.resolver_match
    return Trace(
        through,
        (name or (match.view_name if match else "") or "")[:LONGEST_NAME],
        address_of(request),
        request.headers.get("User-Agent", "").replace("\0", "")[:LONGEST_AGENT],
    )


def follow(trace: Trace) -> None:
    """Go on under another trace until the one around ends: a token was recognised, a route is known."""
    _trace.set(trace)


def address_of(request: HttpRequest) -> str | None:
    """Return who asks by address: what our own proxies say, never what a client writes before them."""
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    header = request.headers.get("X-Forwarded-For", "") if count else ""
    forwarded = header.split(",") if header else []
    said = forwarded[-count] if 0 < count <= len(forwarded) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(said.strip()))
    except ValueError:
        return None
