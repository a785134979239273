"""The clients' identity providers in the back office: the secret is written and never read."""

import pytest
from django.urls import reverse

from accounts.models import IdentityProvider
from accounts.sealing import unseal
from tests.accounts.organisation_sign_in.test_saml import ENTITY, pair

ADD = "/back-office/accounts/identityprovider/add/"


@pytest.fixture
def office(client, world):
    client.force_login(world.paul)
    return client


def fields(world, **changes):
    return {
        "client": world.client.pk, "name": "Annuaire", "protocol": "openid_connect", "is_active": "on",
        "issuer": "https://login.brasserie.example/realm/", "application": "helpdesk", "secret": "un grand secret",
        "metadata": "", "domain_list": "Brasserie.example\nbrasserie.fr", **changes,
    }  # fmt: skip


def metadata() -> str:
    certificate = "".join(pair()[1].splitlines()[1:-1])
    return (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="'
        + ENTITY
        + '"><IDPSSODescriptor '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo '
        'xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>'
        + certificate
        + "</X509Certificate>"
        '</X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:'
        'HTTP-Redirect" Location="' + ENTITY + '/sso"/></IDPSSODescriptor></EntityDescriptor>'
    )


def test_a_provider_is_kept_with_its_domains_and_a_sealed_secret(office, world):
    answer = office.post(ADD, fields(world))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    made = IdentityProvider.objects.get()
    assert unseal(made.sealed_secret) == "un grand secret"
    assert made.issuer == "https://login.brasserie.example/realm"
    assert [each.domain for each in made.domains.all()] == ["brasserie.example", "brasserie.fr"]


def test_the_secret_is_never_shown_and_stays_when_left_empty(office, world):
    office.post(ADD, fields(world))
    made = IdentityProvider.objects.get()
    change = reverse("admin:accounts_identityprovider_change", args=[made.pk])
    page = office.get(change).content.decode()
    assert "un grand secret" not in page and made.sealed_secret not in page
    assert made.key.hex in page, "the address to give to the provider"
    office.post(change, fields(world, secret="", domain_list="brasserie.fr"))
    made.refresh_from_db()
    assert unseal(made.sealed_secret) == "un grand secret"
    assert [each.domain for each in made.domains.all()] == ["brasserie.fr"]
    history = office.get(reverse("admin:accounts_identityprovider_history", args=[made.pk])).content.decode()
    assert made.sealed_secret not in history


def test_a_saml_provider_is_read_off_its_metadata(office, world):
    document = metadata()
    changes = {"protocol": "saml", "issuer": "", "application": "", "secret": "", "metadata": document}
    answer = office.post(ADD, fields(world, **changes))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    made = IdentityProvider.objects.get()
    assert (made.entity, made.sign_in_address) == (ENTITY, f"{ENTITY}/sso") and made.certificate


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issuer": "http://login.brasserie.example"}, "issuer"),
        ({"issuer": ""}, "issuer"),
        ({"application": ""}, "application"),
        ({"secret": ""}, "secret"),
        ({"domain_list": "@brasserie.example"}, "domain_list"),
        ({"domain_list": "example"}, "domain_list"),
        ({"domain_list": ""}, "domain_list"),
        ({"protocol": "saml"}, "metadata"),
        ({"protocol": "saml", "metadata": "<a"}, "metadata"),
        ({"protocol": "saml", "metadata": "<a/>"}, "metadata"),
    ],
)
def test_what_cannot_work_is_refused_on_its_field(office, world, changes, field):
    answer = office.post(ADD, fields(world, **changes))
    assert field in answer.context["adminform"].form.errors
    assert not IdentityProvider.objects.exists()


def test_a_domain_leads_to_one_provider(office, world):
    office.post(ADD, fields(world))
    answer = office.post(ADD, fields(world, client=world.other_client.pk, domain_list="brasserie.fr"))
    assert list(answer.context["adminform"].form.errors) == ["domain_list"]


def test_a_provider_does_not_go_from_one_client_to_another(office, world):
    office.post(ADD, fields(world))
    made = IdentityProvider.objects.get()
    change = reverse("admin:accounts_identityprovider_change", args=[made.pk])
    office.post(change, fields(world, client=world.other_client.pk))
    made.refresh_from_db()
    assert made.client == world.client
