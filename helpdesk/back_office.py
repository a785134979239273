"""The platform administrator's back office: Django's admin with our doors, and no screen that nobody asked for."""

from importlib import import_module

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import SimpleAdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

# The product has its own page for it.
REPLACED = frozenset({"password_change", "password_change_done"})


class BackOffice(AdminSite):
    """Clients, contracts, people and calendars, for the platform administrator alone."""

    index_title = _("Back office")
    site_title = settings.VENDOR_NAME
    site_header = settings.VENDOR_NAME
    enable_nav_sidebar = False  # its lists want the whole width; the index and the path above lead anywhere

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out the pages that the product has its own of."""
        return [each for each in super().get_urls() if getattr(each, "name", None) not in REPLACED]

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send a stranger to the one sign-in page; somebody else's role does not open this door."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        address = request.GET.get("next") or reverse("admin:index")
        return HttpResponseRedirect(reverse(settings.LOGIN_URL, query={"next": address}))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Lead to the one way out, which asks and then signs out."""
        return HttpResponseRedirect(reverse("account_logout"))


class BackOfficeConfig(SimpleAdminConfig):
    """Register our own screens only: no groups, no library's tables."""

    default_site = "helpdesk.back_office.BackOffice"

    def ready(self) -> None:
        """Load the screens of each app."""
        super().ready()
        for app in ("accounts", "sla", "tickets"):
            import_module(f"{app}.admin")
