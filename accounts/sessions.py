"""One's open sessions: seen when and from where, ended one by one or all at once."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.requests import PersonRequest

# How long a session goes on before it is noted again that it was seen.
NOTED_EVERY_SECONDS = 300
NOTED_AT = "noted_at"

BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class OpenSession:
    """One session as its owner reads it."""

    row: UserSession
    device: str
    is_here: bool


def device_of(user_agent: str) -> str:
    """Say in two words what a browser says of itself at length: « Firefox, Windows »."""
    found = [next((name for mark, name in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or str(_("Unknown device"))


def open_sessions(request: PersonRequest) -> list[OpenSession]:
    """Return the person's sessions that are still open, this one first, then the last seen."""
    here = request.session.session_key
    found = [
        OpenSession(row, device_of(row.user_agent), row.session_key == here)
        for row in UserSession.objects.purge_and_list(request.user)
    ]
    return sorted(found, key=lambda each: (not each.is_here, -each.row.last_seen_at.timestamp()))


def end_session(request: PersonRequest, key: int) -> bool:
    """End one of the person's other sessions; tell whether there was one under that key."""
    rows = UserSession.objects.filter(user=request.user, pk=key)
    row = rows.exclude(session_key=request.session.session_key or "").first()
    if row is not None:
        row.end()
    return row is not None


def end_other_sessions(request: PersonRequest) -> int:
    """End all of the person's sessions but this one; return how many."""
    others = UserSession.objects.filter(user=request.user).exclude(
        session_key=request.session.session_key or ""
    )
    rows = list(others)
    for row in rows:
        row.end()
    return len(rows)


class SeenMiddleware:
    """Note now and then that a session goes on, and from where; what no sign-in opened is not followed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note."""
        response = self.get_response(request)
        if request.user.is_authenticated and (records := get_authentication_records(request, request.user)):
            noted_at = request.session.get(NOTED_AT, records[0]["at"])
            if time.time() - noted_at >= NOTED_EVERY_SECONDS:
                self.note(request)
        return response

    def note(self, request: HttpRequest) -> None:
        """Write the moment and the place down."""
        request.session[NOTED_AT] = time.time()
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now(), ip=get_adapter().get_client_ip(request)
        )
