"""Who asks: a token's bearer, or the person of a browser's session; the one place where a request gets its person."""

import zoneinfo
from datetime import datetime, timedelta
from hmac import compare_digest

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.factors.requirement import lacks_required_factor
from accounts.models import User
from accounts.scope import enter_scope
from accounts.tracing import Through, follow, trace_of
from tickets.models import ApiToken

# How fresh “last used” is kept: more would be a write for every reading.
NOTED_EVERY = timedelta(minutes=1)


class PersonAuthentication(TokenAuthentication):
    """A token in `Authorization: Bearer …`, else the session of a browser, whose writes need the CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken | None] | None:
        """Return the person and the token; None for nobody. AuthenticationFailed for a token that opens nothing."""
        found = super().authenticate(request) or SessionAuthentication().authenticate(request)
        if found is not None:
            person, token = found
            enter(person)
            # What is written from here on says that a program did it, and which one.
            follow(trace_of(request, Through.API, token.name if token else ""))
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """Find a live token by its digest; revoked, expired, unknown and of somebody who left are one refusal."""
        at, digest = timezone.now(), hash_token(token.decode("latin-1"))
        found = ApiToken.objects.live(at).select_related("user").filter(digest=digest).first()
        if found is None or not compare_digest(found.digest, digest):
            raise AuthenticationFailed(_("This token opens nothing: it is unknown, expired or revoked."))
        if lacks_required_factor(found.user):
            raise AuthenticationFailed(
                _("Your role asks for a second factor: add one to your account first.")
            )
        # The entrance only finds the token: all the rest is in its person's scope.
        enter_scope(found.user)
        note_use(found, at)
        return found.user, found


def enter(person: User) -> None:
    """Make the request this person's: their language and their time zone; inside the request's transaction."""
    translation.activate(person.language)
    timezone.activate(zoneinfo.ZoneInfo(person.time_zone))


def note_use(token: ApiToken, at: datetime) -> None:
    """Keep when the token was last used, to the minute; a request that holds its row is not waited for."""
    if token.last_used_at is None or token.last_used_at <= at - NOTED_EVERY:
        free = ApiToken.objects.filter(pk=token.pk).select_for_update(skip_locked=True)
        ApiToken.objects.filter(pk__in=free.values("pk")).update(last_used_at=at)


class PersonScheme(OpenApiAuthenticationExtension):
    """How the description of the API says it."""

    target_class = PersonAuthentication
    name = ["token", "session"]

    def get_security_requirement(self, auto_schema: object) -> list[dict[str, list[str]]]:
        """Say that either does."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: object) -> list[dict[str, str]]:
        """Describe both ways of saying who asks."""
        return [
            {"type": "http", "scheme": "bearer"},
            {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        ]
