"""The client's provider, running, and known to the instance."""

from collections.abc import Iterator

import pytest

from accounts.models import Client, IdentityDomain, IdentityProvider
from accounts.sealing import seal
from tests.accounts.organisation_sign_in.identity import APPLICATION, SECRET, OpenIdServer


@pytest.fixture
def idp(settings) -> Iterator[OpenIdServer]:
    """A provider that answers on this machine, which the settings allow."""
    settings.OUTBOUND_INTERNAL_HOSTS = ["127.0.0.1"]
    server = OpenIdServer()
    yield server
    server.close()


def known(client: Client, issuer: str, domain: str, **fields: object) -> IdentityProvider:
    provider = IdentityProvider.objects.create(
        client=client, name=f"Annuaire {client}", protocol="openid_connect", issuer=issuer, application=APPLICATION,
        sealed_secret=seal(SECRET), **fields,
    )  # fmt: skip
    IdentityDomain.objects.create(client=client, provider=provider, domain=domain)
    return provider


@pytest.fixture
def provider(world, idp) -> IdentityProvider:
    """The brewery's provider, for brasserie.example."""
    return known(world.client, idp.issuer, "brasserie.example")
