"""The one place where a manager's request becomes that of the person viewed, and where it may only read."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.requests import PersonRequest
from accounts.scope import scope_of
from accounts.viewing_as.acts import in_force

KEY = "consultation"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STOP = "stop_viewing_as"
# What is the person's own secret or a way in: sign-in, factors, sessions, tokens, addresses that open without a
# session; and all that is held of them, which is theirs and the platform administrator's to ask for.
CLOSED = re.compile(
    r"(mfa_|account_|openid_connect_|saml_|admin:).*"
    r"|sessions|invitation|through_organisation|view_as|calendar|calendar_feed_secret|api_tokens|own_data"
)
# A query that begins with WITH may write further on; what people type is never in its text.
READING = re.compile(
    r"\s*((SELECT|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|SET LOCAL|SET CONSTRAINTS)\b"
    r"|WITH\b(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b))",
    re.IGNORECASE | re.DOTALL,
)
# The log of accesses is written by no page: it says, once the answer is made, what the manager took or was refused.
LOGGING = re.compile(r'INSERT INTO "accounts_accessrecord" ')


def only_reading(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict) -> Any:
    """Let a query through when it reads, or logs an access; raises PermissionDenied for one that would write."""
    if not (READING.match(sql) or LOGGING.match(sql)):
        raise PermissionDenied("A consultation reads and never writes.")
    return execute(sql, params, many, context)


class ViewAsMiddleware:
    """Answer a manager as the person viewed would be answered, and refuse whatever is not reading."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PersonRequest) -> HttpResponse:
        """Put the person in the manager's place for the length of the request."""
        if KEY not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        with scope_of(request.user):
            consultation = in_force(request.session[KEY], by=request.user, at=timezone.now())
        if consultation is None:
            del request.session[KEY]
            request.consultation_is_over = True
            return self.get_response(request)
        request.consultation = consultation
        request.user = consultation.person
        if request.method in SAFE:
            with connection.execute_wrapper(only_reading):
                return self.get_response(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> None:
        """Refuse every method that is not safe, but stopping; and the pages that hold the person's secrets."""
        if getattr(request, "consultation_is_over", False):
            messages.info(request, _("The consultation is over: you are yourself again."))
        if getattr(request, "consultation", None) is None:
            return
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name == STOP:
            return
        if request.method not in SAFE or CLOSED.fullmatch(name or ""):
            raise PermissionDenied("A consultation reads and never writes.")
