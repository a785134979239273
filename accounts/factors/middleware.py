"""The one place where a person who needs a second factor is led to enrol, whatever they asked for."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.factors.requirement import lacks_required_factor

# Enrolling, saying again who one is, leaving; the look of the page; the proxy's questions. Nothing else.
OPEN_BEFORE_ENROLMENT = frozenset({
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "account_reauthenticate",
    "account_logout",
    "account_inactive",
    "theme",
    "choose_theme",
    "choose_language",
    "csp_report",
    "live",
    "ready",
})  # fmt: skip


class RequiredFactorMiddleware:
    """Let a person without the factor that their role requires do nothing but enrol or leave."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the rule is applied once the address is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Lead to enrolment instead of the view; an address without a name is closed like the others."""
        if not request.user.is_authenticated:
            return None
        # Whoever views as somebody answers for themselves.
        consultation = getattr(request, "consultation", None)
        person = consultation.by if consultation else request.user
        name = request.resolver_match.view_name if request.resolver_match else None
        if name in OPEN_BEFORE_ENROLMENT or not lacks_required_factor(person):
            return None
        messages.warning(request, _("Your role asks for a second factor: add one to go on."))
        return HttpResponseRedirect(reverse("mfa_index"))
