"""Which identity provider an address leads to, and how allauth is told about it."""

from allauth.socialaccount.models import SocialApp

from accounts.models import User
from accounts.organisation_sign_in.models import IdentityProvider, Protocol
from accounts.scope import scoped
from accounts.sealing import unseal


def domain_of(email: str) -> str:
    """Return the domain of an address, in lower case; empty for what is no address."""
    name, at, domain = email.strip().lower().rpartition("@")
    return domain if name and at else ""


def provider_for(email: str) -> IdentityProvider | None:
    """Return the provider in service that answers for an address's domain, whoever the address belongs to."""
    found = IdentityProvider.objects.filter(is_active=True, domains__domain=domain_of(email) or None)
    # In no order of clients' names: the entrance does not know them.
    provider = found.order_by("pk").first()
    return provider if provider and is_in_service(provider) else None


def is_in_service(provider: IdentityProvider) -> bool:
    """Tell whether a provider found at the entrance still signs people in: it and its client are active."""
    with scoped(str(provider.client_id)):
        return provider.is_active and provider.client.is_active


def must_come_through_organisation(person: User) -> bool:
    """Tell whether a client's person may sign in through the organisation's provider alone."""
    return person.client_id is not None and (
        IdentityProvider.objects.filter(
            client=person.client_id, is_active=True, is_only_way=True, domains__domain=domain_of(person.email)
        ).exists()
    )


def as_application(provider: IdentityProvider) -> SocialApp:
    """Say a provider the way allauth reads one; nothing of it is written."""
    key = provider.key.hex
    if provider.protocol == Protocol.SAML:
        idp = {
            "entity_id": provider.entity,
            "sso_url": provider.sign_in_address,
            "x509cert": provider.certificate,
        }
        return SocialApp(
            provider=Protocol.SAML,
            provider_id=key,
            client_id=key,
            name=provider.name,
            settings={
                "idp": idp,
                "advanced": {"strict": True, "want_assertion_signed": True, "reject_idp_initiated_sso": True},
            },
        )
    return SocialApp(
        provider=Protocol.OPENID_CONNECT,
        provider_id=key,
        client_id=provider.application,
        name=provider.name,
        secret=unseal(provider.sealed_secret) if provider.sealed_secret else "",
        settings={"server_url": provider.issuer, "oauth_pkce_enabled": True},
    )
