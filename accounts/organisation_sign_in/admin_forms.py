"""The back-office form of an identity provider: the secret is written and never read."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from lxml.etree import XMLSyntaxError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

from accounts.organisation_sign_in.models import DOMAIN, IdentityDomain, IdentityProvider, Protocol

LONGEST_METADATA = 200_000


class IdentityProviderForm(forms.ModelForm):
    """A provider, its secret or its metadata, its domains."""

    secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("OpenID Connect. Written, never shown again; left empty, the present one stays."),
    )
    metadata = forms.CharField(
        label=_("Metadata"),
        required=False,
        max_length=LONGEST_METADATA,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("SAML. The provider's XML document, pasted; left empty, what was read before stays."),
    )
    domain_list = forms.CharField(
        label=_("E-mail domains"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. The provider signs in addresses of these domains and no other."),
    )

    class Meta:
        model = IdentityProvider
        fields = ["client", "name", "protocol", "is_active", "is_only_way", "issuer", "application"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["domain_list"].initial = "\n".join(
                each.domain for each in self.instance.domains.all()
            )
            # Accounts are tied to a provider: it does not go from one client to another.
            self.fields["client"].disabled = self.fields["protocol"].disabled = True

    def clean_issuer(self) -> str:
        """Take an address protected by TLS, or one inside that the settings allow."""
        issuer = self.cleaned_data["issuer"].rstrip("/")
        parts = urlsplit(issuer)
        if issuer and parts.scheme != "https" and parts.hostname not in settings.OUTBOUND_INTERNAL_HOSTS:
            raise ValidationError(_("The address of the provider begins with https://."))
        return issuer

    def clean_domain_list(self) -> list[str]:
        """Take domains that lead to no other provider."""
        domains = sorted(
            {each.strip().lower() for each in self.cleaned_data["domain_list"].split() if each.strip()}
        )
        for domain in domains:
            DOMAIN(domain)
        taken = IdentityDomain.objects.filter(domain__in=domains).exclude(provider=self.instance.pk)
        if found := ", ".join(taken.values_list("domain", flat=True)):
            raise ValidationError(_("Led elsewhere already: %(domains)s."), params={"domains": found})
        return domains

    def clean_metadata(self) -> dict[str, str]:
        """Read what signing in needs off the document: entity, address, certificate."""
        text = self.cleaned_data["metadata"].strip()
        if not text:
            return {}
        try:
            idp = OneLogin_Saml2_IdPMetadataParser.parse(text)["idp"]
            found = {
                "entity": idp["entityId"],
                "sign_in_address": idp["singleSignOnService"]["url"],
                "certificate": idp.get("x509cert") or idp["x509certMulti"]["signing"][0],
            }
        except (XMLSyntaxError, KeyError, IndexError, ValueError) as failure:
            raise ValidationError(
                _("This is not a provider's metadata with a signing certificate.")
            ) from failure
        if not found["sign_in_address"].startswith("https://"):
            raise ValidationError(_("The address of the provider begins with https://."))
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for what the protocol needs, on its field."""
        values = super().clean() or self.cleaned_data
        if values.get("protocol") == Protocol.SAML:
            for name, value in (values.get("metadata") or {}).items():
                setattr(self.instance, name, value)
            if not self.instance.entity and "metadata" not in self.errors:
                self.add_error("metadata", _("SAML needs the provider's metadata."))
        if values.get("protocol") == Protocol.OPENID_CONNECT:
            for name in ("issuer", "application"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("OpenID Connect needs this."))
            if not values.get("secret") and not self.instance.sealed_secret:
                self.add_error("secret", _("OpenID Connect needs this."))
        return values
