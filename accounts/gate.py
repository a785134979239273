"""The gate of each request: who asks is recognised at the entrance, then all the rest is in that person's scope."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, unstash_login
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from accounts.models import User
from accounts.noting import keep_notes
from accounts.scope import current_scope, entrance_scope, scope_named_after, scoped
from accounts.tracing import follow, trace_of, tracing

READING = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "Authorization"  # a token may turn the visitor into a person
Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]
# Exceptions by which allauth answers: nothing has gone wrong.
ANSWERS = (ImmediateHttpResponse, ReauthenticationRequired)


class EntranceMiddleware:
    """Find who asks (session, then account) before their client is known."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Recognise the person, once for the whole request; who brings no session is nobody, unasked."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            with entrance_scope():
                # Read here and now: the account is looked for.
                if not request.user.is_authenticated:
                    request.signing_in = signing_in(request)  # type: ignore[attr-defined]
        return self.get_response(request)


class ScopeMiddleware:
    """Answer in one transaction of the person's scope, kept if the view answered and undone if it failed."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what a failed request wrote is undone once its error page is made, in the same scope."""
        asking = request.user if request.user.is_authenticated else getattr(request, "signing_in", None)
        with scoped(scope_named_after(asking or request.user)), tracing(trace_of(request)):
            with ExitStack() as act:
                request.act = act  # type: ignore[attr-defined]
                response = self.get_response(request)
                if response.status_code >= 500 or getattr(request, "has_raised", False):
                    undo(request)
            keep_notes(request, response)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                response.streaming_content = read_in(current_scope(), response.streaming_content)
        return response

    def process_view(self, request: HttpRequest, view: View, *_arguments: object) -> None:
        """Open the transaction, but for who acts one by one, and for a visitor who only reads (`live` needs none)."""
        follow(trace_of(request))
        if getattr(view, "acts_one_by_one", False):
            return
        if request.user.is_authenticated or request.method not in READING or BEARER in request.headers:
            # A test that holds a transaction of its own keeps it.
            request.owns_transaction = not connection.in_atomic_block  # type: ignore[attr-defined]
            request.act.enter_context(transaction.atomic(savepoint=False))  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Note that the view raised: what it wrote goes, whatever page tells it."""
        if not isinstance(exception, ANSWERS):
            request.has_raised = True  # type: ignore[attr-defined]


def signing_in(request: HttpRequest) -> User | None:
    """Return who has given a password and still owes the second factor: their scope, and none of their rights."""
    if LOGIN_SESSION_KEY not in request.session:
        return None
    login = unstash_login(request, peek=True)
    # To look is not to go on: allauth forgets a sign-in whose pages are left.
    request.__dict__.pop("_account_login_accessed", None)
    return login.user if login else None


def undo(request: HttpRequest) -> None:
    """Let nothing remain of the request's own transaction, if it has one."""
    if getattr(request, "owns_transaction", False):
        transaction.set_rollback(True)


def acting_one_by_one(view: View) -> View:
    """Let a view that does many acts keep each in its own transaction: none waits for the locks of another."""
    view.acts_one_by_one = True  # type: ignore[attr-defined]
    return view


def read_in(scope: str, content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a body that is made while it is sent: the request is over, its scope is not."""
    pieces = iter(content)
    while True:
        with scoped(scope):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
