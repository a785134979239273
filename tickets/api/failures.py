"""What is answered when the product itself fails: a page to people, a problem document to programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from tickets.api.problems import MEDIA_TYPE, Refused


def answer_failure(request: HttpRequest) -> HttpResponse:
    """Answer 500 without a word of what failed; under `/api/` as a problem document (RFC 9457)."""
    if not request.path.startswith("/api/"):
        return server_error(request)
    failed = Refused(
        "failed", _("Nothing was written. Ask again; if it fails again, tell the support team when.")
    )
    return JsonResponse(failed.document(), status=500, content_type=MEDIA_TYPE)
