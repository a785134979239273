"""Refusals as RFC 9457 problem documents: which kind, in which words, under which rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from tickets.actions.work import IllegalMove, StaleForm
from tickets.attachments import say_limits
from tickets.record.timeline import say_entries

MEDIA_TYPE = "application/problem+json"

# Every kind of refusal: its status, and its title in the reader's words. The documentation lists this table.
KINDS: dict[str, tuple[int, str | Promise]] = {
    "not-understood": (400, gettext_lazy("The request is not understood")),
    "not-signed-in": (401, gettext_lazy("Nobody is signed in")),
    "not-permitted": (403, gettext_lazy("You may not do this")),
    "read-only-token": (403, gettext_lazy("This token only reads")),
    "not-found": (404, gettext_lazy("There is nothing here")),
    "method": (405, gettext_lazy("This is not done here")),
    "not-possible-now": (409, gettext_lazy("This is not possible now")),
    "overtaken": (409, gettext_lazy("Somebody acted meanwhile")),
    "in-progress": (409, gettext_lazy("The same request is being handled")),
    "changed": (412, gettext_lazy("The ticket has changed")),
    "too-large": (413, gettext_lazy("The request is too large")),
    "content-type": (415, gettext_lazy("This content type is not understood")),
    "not-accepted": (422, gettext_lazy("What was sent is not accepted")),
    "key-reused": (422, gettext_lazy("This idempotency key was used for something else")),
    "too-many": (429, gettext_lazy("Too many requests")),
    "failed": (500, gettext_lazy("The failure is ours")),
}
RULE = re.compile(r"\b(?:C-[A-Z]{3}|K)-[0-9]+\b")

Errors = list[dict[str, str]]


def rule_in(words: str) -> str | None:
    """Return the first rule that some words name; None when they name none."""
    named = RULE.search(words)
    return named.group() if named else None


@dataclass(frozen=True)
class Refused(Exception):
    """A refusal in the making: its kind, what to say, the rule, and what else helps to mend it."""

    kind: str
    detail: str
    rule: str | None = None
    errors: Errors = field(default_factory=list)
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the problem document; the rule is the one told, else the first that the words name."""
        status, title = KINDS[self.kind]
        said = " ".join([self.detail, *(error["reason"] for error in self.errors)])
        return {
            "type": f"{settings.SITE_URL}/api/v1/docs#problem-{self.kind}",
            "title": str(title),
            "status": status,
            "detail": self.detail,
            "rule": self.rule or rule_in(said),
            **({"errors": self.errors} if self.errors else {}),
            **self.more,
        }

    def response(self) -> Response:
        """Return the answer that carries the document."""
        document = self.document()
        return Response(document, document["status"], headers=dict(self.headers), content_type=MEDIA_TYPE)


def not_understood(errors: Errors) -> Refused:
    """Refuse a request whose fields, filters or values are not understood, naming each (400)."""
    said = " ".join(f"{error['field']}: {error['reason']}" for error in errors)
    return Refused("not-understood", said, errors=errors)


def not_accepted(form: BaseForm) -> Refused:
    """Refuse what a form refused, in its own words, by field (422)."""
    errors = [
        {"field": "" if name == "__all__" else name, "reason": str(reason)}
        for name, reasons in form.errors.items()
        for reason in reasons
    ]
    return Refused("not-accepted", " ".join(error["reason"] for error in errors), errors=errors)


def overtaken(stale: StaleForm, *, rule: str, by_condition: bool = False) -> Refused:
    """Refuse an act, whose row of the workflow is `rule`, of somebody who has not seen the last entries.

    They are told (409; 412 by If-Match).
    """
    since = [
        {
            "seq": said.entry.seq,
            "kind": said.entry.kind,
            "title": said.title,
            "author": said.author,
            "body": said.entry.message.body if hasattr(said.entry, "message") else "",
        }
        for said in say_entries(stale.since)
    ]
    return Refused("changed" if by_condition else "overtaken", str(stale), rule, more={"since": since})


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an exception of a view with a problem document, and undo what the request wrote; None: a failure (500)."""
    refused = _refusal_of(error)
    if refused is None:
        return None
    response = refused.response()
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    return response


def _refusal_of(error: Exception) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, IllegalMove):
        return Refused("not-possible-now", str(error))
    if isinstance(error, Http404 | exceptions.NotFound):
        # One answer for what does not exist and for what is somebody else's.
        return Refused("not-found", _("What this address names does not exist, or is not for you to see."))
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return Refused("too-large", say_limits())
    if isinstance(error, SuspiciousOperation):
        return Refused("not-understood", _("The request is malformed."))
    if isinstance(error, ValidationError):
        return Refused("not-accepted", " ".join(error.messages))
    if isinstance(error, PermissionDenied):
        return Refused("not-permitted", str(error) or _("Your role does not do this."))
    return _refusal_of_framework(error) if isinstance(error, exceptions.APIException) else None


def _refusal_of_framework(error: exceptions.APIException) -> Refused | None:
    said = str(error.detail)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers = {"WWW-Authenticate": getattr(error, "auth_header", "Bearer")}
        return Refused("not-signed-in", said, headers=headers)
    if isinstance(error, exceptions.PermissionDenied):
        return Refused("not-permitted", said)
    if isinstance(error, exceptions.ParseError):
        return Refused("not-understood", said)
    if isinstance(error, exceptions.MethodNotAllowed):
        return Refused("method", said)
    if isinstance(error, exceptions.UnsupportedMediaType):
        return Refused("content-type", said)
    if isinstance(error, exceptions.Throttled):
        wait = str(max(1, round(getattr(error, "wait", None) or 1)))
        return Refused("too-many", said, headers={"Retry-After": wait})
    return None
