"""The back-office screen of the clients' identity providers."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history_admin import KeptAdmin
from accounts.organisation_sign_in.admin_forms import IdentityProviderForm
from accounts.organisation_sign_in.models import IdentityDomain, IdentityProvider, Protocol
from accounts.sealing import seal


@admin.register(IdentityProvider)
class IdentityProviderAdmin(KeptAdmin):
    """Where clients' people prove who they are."""

    form = IdentityProviderForm
    list_display = ["name", "client", "protocol", "is_active", "is_only_way"]
    list_filter = ["protocol", "is_active"]
    list_select_related = ["client"]
    search_fields = ["name", "client__name", "domains__domain"]
    readonly_fields = ["address_to_give", "read_from_metadata"]
    kept_because = _("Never deleted, because accounts are tied to it: deactivate it instead.")
    fieldsets = [
        (None, {"fields": ["client", "name", "protocol", "domain_list", ("is_active", "is_only_way")]}),
        ("OpenID Connect", {"fields": ["issuer", "application", "secret"]}),
        ("SAML", {"fields": ["metadata", "read_from_metadata"]}),
        (_("To give to the provider"), {"fields": ["address_to_give"]}),
    ]

    @admin.display(description=_("our address"))
    def address_to_give(self, provider: IdentityProvider) -> str:
        """Say where the provider sends people back to, once it has an address."""
        if not provider.pk:
            return "—"
        name = "saml_metadata" if provider.protocol == Protocol.SAML else "openid_connect_callback"
        return f"{settings.SITE_URL}{reverse(name, args=[provider.key.hex])}"

    @admin.display(description=_("read from the metadata"))
    def read_from_metadata(self, provider: IdentityProvider) -> str:
        """Say what was understood of the provider's document."""
        return f"{provider.entity} · {provider.sign_in_address}" if provider.entity else "—"

    def save_model(self, request: HttpRequest, obj: IdentityProvider, form: ModelForm, change: bool) -> None:
        """Keep the provider; a secret is sealed before it is written."""
        if form.cleaned_data.get("secret"):
            obj.sealed_secret = seal(form.cleaned_data["secret"])
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Keep the domains of the list, and no other."""
        super().save_related(request, form, formsets, change)
        provider, domains = form.instance, form.cleaned_data["domain_list"]
        provider.domains.exclude(domain__in=domains).delete()
        for domain in domains:
            IdentityDomain.objects.get_or_create(domain=domain, provider=provider, client=provider.client)
