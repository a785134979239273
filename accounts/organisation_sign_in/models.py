"""A client's identity provider, and the e-mail domains that it answers for."""

import uuid

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.traces import Traced

DOMAIN = RegexValidator(
    r"\A(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z",
    _("A domain is written like “brasserie.example”, without “@”."),
)


class Protocol(models.TextChoices):
    """How the instance and the provider speak."""

    OPENID_CONNECT = "openid_connect", "OpenID Connect"
    SAML = "saml", "SAML 2.0"


class IdentityProvider(models.Model):
    """Where a client's people prove who they are; it vouches for that client's people and for nobody else."""

    # Written in the addresses given to the provider: it tells nothing of the client.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(
        "accounts.Client", models.PROTECT, related_name="identity_providers", verbose_name=_("client")
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("Shown to the client's people."))
    protocol = models.CharField(_("protocol"), max_length=16, choices=Protocol)
    is_active = models.BooleanField(_("active"), default=True)
    is_only_way = models.BooleanField(
        _("only way in"),
        default=False,
        help_text=_("The client's people no longer sign in with a password or a passkey of this instance."),
    )
    issuer = models.CharField(
        _("issuer"),
        blank=True,
        validators=[URLValidator(["https", "http"])],
        max_length=500,
        help_text=_("OpenID Connect: the address of the provider, https://…"),
    )
    application = models.CharField(
        _("client identifier"),
        blank=True,
        max_length=191,
        help_text=_("OpenID Connect: what the provider calls us."),
    )
    sealed_secret = models.TextField(blank=True, editable=False)
    entity = models.CharField(_("entity identifier"), blank=True, max_length=500, editable=False)
    sign_in_address = models.CharField(_("sign-in address"), blank=True, max_length=500, editable=False)
    certificate = models.TextField(_("certificate"), blank=True, editable=False)

    history = HistoricalRecords(bases=[Traced], excluded_fields=["sealed_secret"])

    class Meta:
        verbose_name = _("identity provider")
        verbose_name_plural = _("identity providers")
        ordering = ["client", "name"]
        constraints = [
            models.UniqueConstraint(fields=["client", "id"], name="identity_provider_of_client"),
            models.CheckConstraint(
                name="identity_provider_is_complete",
                condition=models.Q(protocol=Protocol.OPENID_CONNECT, application__gt="", issuer__gt="")
                | models.Q(protocol=Protocol.SAML, entity__gt="", sign_in_address__gt="", certificate__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.client})"


class IdentityDomain(models.Model):
    """One e-mail domain leads to one identity provider, the client's own."""

    client = models.ForeignKey(
        "accounts.Client", models.PROTECT, related_name="identity_domains", verbose_name=_("client")
    )
    provider = models.ForeignKey(
        IdentityProvider, models.CASCADE, related_name="domains", verbose_name=_("identity provider")
    )
    domain = models.CharField(_("domain"), max_length=253, unique=True, validators=[DOMAIN])

    class Meta:
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(name="domain_in_lower_case", condition=models.Q(domain=Lower("domain"))),
        ]

    def __str__(self) -> str:
        return self.domain
