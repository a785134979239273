"""What every address of the API is: one transaction, the person's language and time, a problem for each refusal."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tickets.api.authentication import PersonAuthentication
from tickets.api.parsing import StrictJSONParser
from tickets.api.problems import Refused, not_understood
from tickets.api.throttling import SAFE, PersonThrottle, Quota
from tickets.models import ApiToken, Scope


class WithinScope(BasePermission):
    """A token that only reads writes nothing; the rights themselves are the person's, checked where they always are."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse a write by a token that only reads."""
        token = request.auth
        if isinstance(token, ApiToken) and token.scope != Scope.WRITE and request.method not in SAFE:
            raise Refused("read-only-token", _("“%(name)s” was created to read only.") % {"name": token.name})
        return True


class OneForm(BaseContentNegotiation):
    """Each address answers in one form, which its description tells: what is asked for changes nothing."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Choose by the content type of what is sent; None: none reads it (415)."""
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """Choose the only one."""
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """An address of the API; all that a request writes is written, or nothing."""

    authentication_classes = [PersonAuthentication]
    permission_classes = [IsAuthenticated, WithinScope]
    parser_classes = [StrictJSONParser]
    throttle_classes = [PersonThrottle]
    content_negotiation_class = OneForm
    metadata_class = None
    takes: frozenset[str] = frozenset()  # the names of its query's parameters
    quota: Quota | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in one transaction, rendered before the person's language and time are left."""
        zone, language = timezone.get_current_timezone(), translation.get_language()
        with timezone.override(zone), translation.override(language), transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if isinstance(response, Response) else response

    def perform_authentication(self, request: Request) -> None:
        """Find who asks; a token that opens nothing counts for the address that it comes from (429 beyond)."""
        try:
            super().perform_authentication(request)
        except APIException:
            super().check_throttles(request)
            raise

    def check_permissions(self, request: Request) -> None:
        """Count the request before it is judged: one refused for want of a right counts too (429 beyond)."""
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Count nothing more: `check_permissions` has counted."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the person in, then refuse a question with a parameter that this address does not take (400)."""
        super().initial(request, *args, **kwargs)
        unknown = [name for name in request.query_params if name not in self.takes]
        if unknown:
            raise not_understood([
                {"field": name[:80], "reason": _("unknown parameter")} for name in unknown
            ])  # fmt: skip

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say how much of the quota is left, in which language, and that no shared cache may keep it."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.quota.headers() if self.quota else {}).items():
            answer[name] = value
        answer["Content-Language"] = translation.get_language()
        patch_vary_headers(answer, ["Authorization", "Cookie", "Accept-Language"])
        patch_cache_control(answer, private=True, no_cache=True)
        return answer


class NothingView(ApiView):
    """Every address of the API that is none."""

    schema = None
    permission_classes = [AllowAny]
    throttle_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say that nothing is here, whoever asks and however."""
        raise Http404
