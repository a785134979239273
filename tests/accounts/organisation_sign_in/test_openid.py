"""Single sign-on by OpenID Connect: a provider signs in its own client's people, under its domains, and nobody else."""

from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.access import close_account
from accounts.models import IdentityDomain, Role, User
from accounts.organisation_sign_in.models import IdentityProvider
from tests.accounts.organisation_sign_in.conftest import known
from tests.accounts.test_signing_in import sign_in, without_token

THROUGH = "/account/organisation/"


def come_in(browser, idp, provider, **claims):
    """Go to the provider and come back with what it says; return the last answer."""
    away = browser.get(f"/account/oidc/{provider.key.hex}/login/?process=login")
    assert away.status_code == 302 and away["Location"].startswith(f"{idp.issuer}/authorize?")
    back = idp.approve(away["Location"], **claims)
    return browser.get(f"/account/oidc/{provider.key.hex}/callback/", back)


def who(browser) -> str | None:
    key = browser.session.get("_auth_user_id")
    return User.objects.get(pk=key).email if key else None


def test_an_address_leads_to_its_organisation_s_sign_in(client, provider, idp):
    page = client.get(THROUGH, {"email": "Claire.Fontaine@Brasserie.example"})
    address = page.context["address"]
    assert f'content="0; url={address}"'.replace("&", "&amp;") in page.content.decode().replace("&#x27;", "'")
    assert client.get(address)["Location"].startswith(f"{idp.issuer}/authorize?")


@pytest.mark.parametrize(
    "email", ["x@clinique.example", "x@sub.brasserie.example", "brasserie.example", "x@"]
)
def test_another_domain_leads_to_the_password(client, provider, email):
    assert client.get(THROUGH, {"email": email})["Location"] == "/account/login/"


def test_the_answer_depends_on_the_domain_alone(client, provider):
    pages = [
        client.get(THROUGH, {"email": f"{name}@brasserie.example"}) for name in ("claire.fontaine", "nobody")
    ]
    known, unknown = (without_token(page.content) for page in pages)
    assert known.replace("claire.fontaine", "nobody") == unknown


def test_a_person_known_by_their_address_comes_in_and_keeps_their_role(client, world, provider, idp):
    answer = come_in(client, idp, provider, email="Claire.Fontaine@brasserie.example")
    assert answer["Location"] == "/"
    assert who(client) == world.claire.email
    world.claire.refresh_from_db()
    assert (world.claire.role, world.claire.client) == (Role.ADMINISTRATOR, world.client)
    again = Client()
    come_in(again, idp, provider, email="claire.fontaine@brasserie.example")
    assert who(again) == world.claire.email and SocialAccount.objects.count() == 1


def test_a_newcomer_becomes_a_reader_without_the_right_to_file(client, world, provider, idp):
    come_in(client, idp, provider, email="nouvelle@brasserie.example", given_name="Nina", family_name="Roche")
    nina = User.objects.get(email="nouvelle@brasserie.example")
    assert who(client) == nina.email
    assert (nina.role, nina.client, nina.get_full_name()) == (Role.READER, world.client, "Nina Roche")
    assert not nina.has_usable_password() and not nina.trainings.exists()
    assert client.get("/file/").status_code in {403, 404}


@pytest.mark.parametrize(
    "email",
    [
        "olivia.mercier@clinique.example", "agnes.martin@vendor.example", "paul.renard@vendor.example",
        "stranger@elsewhere.example", "x@sub.brasserie.example", "x@brasserie.example.evil.example", "", "brasserie",
    ],
)  # fmt: skip
def test_an_address_outside_its_domains_is_refused_and_no_account_opened(client, world, provider, idp, email):
    before = User.objects.count()
    assert come_in(client, idp, provider, email=email).status_code == 403
    assert who(client) is None and User.objects.count() == before and not SocialAccount.objects.exists()


@pytest.mark.parametrize("who_else", ["olivia", "agnes", "paul"])
def test_nobody_of_another_client_or_of_the_vendor_even_under_its_domain(
    client, world, provider, idp, who_else
):
    person = getattr(world, who_else)
    User.objects.filter(pk=person.pk).update(email=f"{who_else}@brasserie.example")
    assert come_in(client, idp, provider, email=f"{who_else}@brasserie.example").status_code == 403
    assert who(client) is None


def test_a_person_tied_to_it_who_is_of_another_client_since_stays_out(client, world, provider, idp):
    SocialAccount.objects.create(user=world.rachel, provider=provider.key.hex, uid="42")
    User.objects.filter(pk=world.rachel.pk).update(client=world.other_client)
    elsewhere = Client()
    assert come_in(elsewhere, idp, provider, email=world.rachel.email, sub="42").status_code == 403
    assert who(elsewhere) is None


def test_an_address_given_to_somebody_else_does_not_open_the_former_holder_s_account(
    client, world, provider, idp
):
    come_in(client, idp, provider, email=world.claire.email, sub="42")
    elsewhere = Client()
    assert come_in(elsewhere, idp, provider, email=world.claire.email, sub="43").status_code == 403
    assert who(elsewhere) is None


def test_two_providers_with_the_same_identifiers_do_not_meet(client, world, provider, idp):
    theirs = known(world.other_client, idp.issuer, "clinique.example")
    come_in(client, idp, provider, email=world.claire.email, sub="42")
    elsewhere = Client()
    come_in(elsewhere, idp, theirs, email=world.olivia.email, sub="42")
    assert (who(client), who(elsewhere)) == (world.claire.email, world.olivia.email)
    third = Client()
    assert come_in(third, idp, theirs, email=world.claire.email, sub="42").status_code == 403


def test_the_answer_of_one_provider_is_not_taken_for_another_s(client, world, provider, idp):
    theirs = known(world.other_client, idp.issuer, "clinique.example")
    away = client.get(f"/account/oidc/{provider.key.hex}/login/")
    back = idp.approve(away["Location"], email=world.olivia.email)
    client.get(f"/account/oidc/{theirs.key.hex}/callback/", back)
    assert who(client) is None


def test_a_deactivated_person_stays_out(client, world, provider, idp):
    come_in(client, idp, provider, email=world.claire.email)
    close_account(world.claire)
    for browser in (client, Client()):
        assert come_in(browser, idp, provider, email=world.claire.email).status_code == 403
        assert browser.get("/portal/").status_code == 302


def test_an_address_that_the_provider_has_not_verified_is_refused(client, world, provider, idp):
    assert come_in(client, idp, provider, email=world.claire.email, email_verified=False).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [{"iss": "https://other.example"}, {"aud": "another"}, {"exp": 1}],
    ids=["issuer", "audience", "expiry"],
)
def test_a_token_for_somebody_else_or_too_old_is_refused(client, world, provider, idp, changes):
    idp.token_changes = changes
    come_in(client, idp, provider, email=world.claire.email)
    assert who(client) is None


def test_a_token_signed_with_a_key_that_the_provider_does_not_publish_is_refused(
    client, world, provider, idp
):
    idp.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    answer = come_in(client, idp, provider, email=world.claire.email)
    assert "socialaccount/authentication_error.html" in [each.name for each in answer.templates]
    assert who(client) is None


def test_a_provider_that_says_it_is_another_is_refused(client, world, provider, idp):
    idp.discovery_changes = {"issuer": "https://accounts.elsewhere.example"}
    come_in(client, idp, provider, email=world.claire.email)
    assert who(client) is None


def test_an_answer_that_nobody_asked_for_is_refused(client, world, provider, idp):
    idp.challenges["a-code"] = "x"
    client.get(f"/account/oidc/{provider.key.hex}/callback/", {"code": "a-code", "state": "forged"})
    assert who(client) is None


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_an_identity_is_not_tied_to_whoever_is_signed_in(client, world, provider, idp, process):
    client.force_login(world.agnes)
    away = client.get(f"/account/oidc/{provider.key.hex}/login/?process={process}")
    client.get(
        f"/account/oidc/{provider.key.hex}/callback/",
        idp.approve(away["Location"], email="x@brasserie.example"),
    )
    assert not SocialAccount.objects.exists()
    assert who(client) == world.agnes.email


def test_a_provider_inside_the_network_is_reached_only_by_the_settings_leave(client, provider, idp, settings):
    settings.OUTBOUND_INTERNAL_HOSTS = []
    answer = client.get(f"/account/oidc/{provider.key.hex}/login/")
    assert "socialaccount/authentication_error.html" in [each.name for each in answer.templates]


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"client__is_active": False}], ids=["provider", "client"]
)
def test_one_out_of_service_leads_nowhere(client, world, provider, change):
    if "is_active" in change:
        IdentityProvider.objects.update(is_active=False)
    else:
        type(world.client).objects.filter(pk=world.client.pk).update(is_active=False)
    assert client.get(THROUGH, {"email": world.claire.email})["Location"] == "/account/login/"
    assert client.get(f"/account/oidc/{provider.key.hex}/login/").status_code == 404


@pytest.mark.parametrize("key", ["1", "00000000000000000000000000000000", "openid_connect", "x"])
def test_a_provider_that_does_not_exist_is_not_found(client, provider, key):
    assert client.get(f"/account/oidc/{key}/login/").status_code == 404
    assert client.get(f"/account/oidc/{key}/callback/").status_code == 404


def test_where_it_is_the_only_way_a_password_no_longer_opens(client, world, provider, idp):
    IdentityProvider.objects.update(is_only_way=True)
    assert sign_in(client, world.claire.email)["Location"] == THROUGH
    assert who(client) is None
    wrong = sign_in(client, world.claire.email, "wrong")
    assert wrong.status_code == 200, "and says nothing to who does not know the password"
    come_in(client, idp, provider, email=world.claire.email)
    assert who(client) == world.claire.email
    for name in ("agnes", "olivia"):
        other = Client()
        sign_in(other, getattr(world, name).email)
        assert who(other) == getattr(world, name).email


def test_the_database_refuses_a_domain_that_leads_to_another_client_s_provider(world, provider):
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityDomain.objects.create(client=world.other_client, provider=provider, domain="clinique.example")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_secret_is_not_readable_in_the_database(provider):
    assert "secret between" not in provider.sealed_secret
    assert urlsplit(provider.issuer).hostname == "127.0.0.1"
