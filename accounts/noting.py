"""What a request leaves in the log of accesses, written after it in a transaction of its own."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access_log import AccessKind, AccessRecord
from accounts.models import User
from accounts.scope import worker_scope

LONGEST_PATH = 300
REFUSALS = {403: AccessKind.FORBIDDEN, 404: AccessKind.NOT_FOUND}


def note(request: HttpRequest, kind: AccessKind, person: User | None = None, email: str = "") -> None:
    """Have an access logged once the request is over; `email` finds the person of a sign-in that was refused."""
    if not hasattr(request, "noted"):
        request.noted = []  # type: ignore[attr-defined]
    request.noted.append((kind, person, email))  # type: ignore[attr-defined]


def keep_notes(request: HttpRequest, response: HttpResponse) -> None:
    """Write what was noted, and what the answer says: a refusal of an object, a file taken away.

    An object that is another client's and one that does not exist are logged alike, at the same cost.
    """
    noted = [*getattr(request, "noted", ()), *told_by(request, response)]
    if not noted:
        return
    with worker_scope(), transaction.atomic():
        for kind, person, email in noted:
            who = person or User.objects.filter(email=email.strip().lower()).first() if email else person
            AccessRecord.objects.create(
                at=timezone.now(),
                kind=kind,
                person=who,
                client_id=who.client_id if who else None,
                path=request.path[:LONGEST_PATH],
                status=response.status_code,
            )


def told_by(request: HttpRequest, response: HttpResponse) -> list[tuple[AccessKind, User, str]]:
    """Return what the answer to a person known is worth noting for; a page that is nowhere is not."""
    consultation, match = getattr(request, "consultation", None), request.resolver_match
    # Whoever views as somebody is who takes away, or is refused.
    if not request.user.is_authenticated:
        return []
    person: User = consultation.by if consultation else request.user
    kind = REFUSALS.get(response.status_code)
    if kind == AccessKind.NOT_FOUND and not (match and match.kwargs):
        kind = None
    if response.status_code == 200 and response.get("Content-Disposition", "").startswith("attachment"):
        kind = AccessKind.DOWNLOADED
    return [(kind, person, "")] if kind else []
