"""How the product looks and speaks to one reader: theme and language, from any page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

THEMES = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}
THEME_COOKIE = "theme"
COOKIE_AGE = 365 * 24 * 3600


def chosen_theme(request: HttpRequest) -> str:
    """Return the theme that the reader chose, “auto” without a choice."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def come_from(request: HttpRequest, otherwise: str) -> str:
    """Return the address that the reader came from (`next`), or the page named `otherwise` for one of elsewhere."""
    address = request.POST.get("next") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed else reverse(otherwise)


def back(request: HttpRequest, otherwise: str = "home") -> HttpResponseRedirect:
    """Return to the page that the choice was made on, or to the page named `otherwise`."""
    return HttpResponseRedirect(come_from(request, otherwise))


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie, for it belongs to a screen rather than to a person."""
    response = back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the person, and in a cookie for the pages before sign-in."""
    response = back(request)
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=COOKIE_AGE,
        samesite="Lax",
        secure=request.is_secure(),
    )
    if request.user.is_authenticated and request.user.language != language:
        request.user.language = language
        request.user.save(update_fields=["language"])
    return response
