"""What every answer carries so that a browser keeps the pages to themselves; and where it reports what it refused."""

import json
import logging
from collections.abc import Callable

from allauth.core.internal.ratelimit import consume, respond_429
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger(__name__)

# No page uses any of them, but passkeys.
PERMISSIONS = ", ".join(
    [
        *(
            f"{name}=()"
            for name in (
                "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
                "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone",
                "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "sync-xhr", "usb",
                "xr-spatial-tracking",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)  # fmt: skip
LARGEST_REPORT = 16 * 1024
LONGEST_WORD = 300
# The two ways of reporting: « report-uri » says one thing with hyphens, the Reporting API several in another style.
SAID = {
    "effective-directive": "effectiveDirective",
    "blocked-uri": "blockedURL",
    "document-uri": "documentURL",
    "source-file": "sourceFile",
    "line-number": "lineNumber",
}


class ArmourMiddleware:
    """Add what Django and its policy middleware do not: permissions, and who may load our answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, armoured; static files and errors too."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Write down what a browser refused; what is no report is refused in its turn."""
    if not consume(request, app="allauth.account", action="csp_report"):
        return respond_429(request)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or not 0 < int(length) <= LARGEST_REPORT:
        return HttpResponse(status=413)
    try:
        reports = read_reports(json.loads(request.body))
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for report in reports:
        logger.warning("The content policy refused something: %s", json.dumps(report, ensure_ascii=True))
    return HttpResponse(status=204)


def read_reports(document: object) -> list[dict[str, str]]:
    """Return what reports say, a few words each; raises ValueError for what is none."""
    listed = document if isinstance(document, list) else [document]
    found = []
    for each in listed[:20]:
        body = (each.get("csp-report") or each.get("body")) if isinstance(each, dict) else None
        if not isinstance(body, dict):
            raise ValueError("no report")  # noqa: TRY004  (what was sent is wrong, not our call)
        found.append(
            {name: str(body.get(name, body.get(other, "")))[:LONGEST_WORD] for name, other in SAID.items()}
        )
    return found
