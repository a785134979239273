"""The gate of each request: who asks is recognised at the entrance, then all the rest is in that person's scope."""

from collections.abc import Callable, Iterable, Iterator

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

from accounts.scope import current_scope, entrance_scope, scope_named_after, scoped

READING = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "Authorization"  # a token may turn the visitor into a person
Answer = Callable[[HttpRequest], HttpResponse]
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
                request.user.is_authenticated  # noqa: B018  (read here and now, the account is looked for)
        return self.get_response(request)


class ScopeMiddleware:
    """Answer in one transaction of the person's scope, kept if the view answered and undone if it failed."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a visitor who only reads needs no transaction, nor even a database (`live`)."""
        with scoped(scope_named_after(request.user)):
            if request.user.is_authenticated or request.method not in READING or BEARER in request.headers:
                response = self.in_a_transaction(request)
            else:
                response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                response.streaming_content = read_in(current_scope(), response.streaming_content)
        return response

    def in_a_transaction(self, request: HttpRequest) -> HttpResponse:
        """Undo what was written for a request that fails; its error page is made before, in the same scope."""
        # A test that holds a transaction of its own keeps it.
        with transaction.atomic(savepoint=False):
            is_outermost = len(connection.atomic_blocks) == 1
            response = self.get_response(request)
            if is_outermost and (response.status_code >= 500 or getattr(request, "has_raised", False)):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Note that the view raised: what it wrote goes, whatever page tells it."""
        if not isinstance(exception, ANSWERS):
            request.has_raised = True  # type: ignore[attr-defined]


def read_in(scope: str, content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a body that is made while it is sent: the request is over, its scope is not."""
    pieces = iter(content)
    while True:
        with scoped(scope):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
