"""Single sign-on by SAML: assertions signed here and now, and those that are not."""

import base64
import zlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts.access import close_account
from accounts.models import IdentityDomain, IdentityProvider, Role, User
from tests.accounts.organisation_sign_in.test_openid import who

ENTITY = "https://idp.brasserie.example/saml"
HOST = "support.example"
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"


def pair() -> tuple[str, str]:
    """Return a fresh key and its certificate, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def keys() -> tuple[str, str]:
    return pair()


@pytest.fixture(autouse=True)
def host(settings) -> None:
    settings.ALLOWED_HOSTS = [HOST]


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": HOST})


@pytest.fixture
def provider(world, keys) -> IdentityProvider:
    made = IdentityProvider.objects.create(
        client=world.client, name="Annuaire", protocol="saml", entity=ENTITY, sign_in_address=f"{ENTITY}/sso",
        certificate=keys[1],
    )  # fmt: skip
    IdentityDomain.objects.create(client=world.client, provider=made, domain="brasserie.example")
    return made


def asked(browser: Client, provider: IdentityProvider) -> str:
    """Begin a sign-in; return the identifier of the question put to the provider."""
    away = browser.get(f"/account/saml/{provider.key.hex}/login/?process=login")
    assert away["Location"].startswith(f"{ENTITY}/sso?SAMLRequest=")
    packed = parse_qs(urlsplit(away["Location"]).query)["SAMLRequest"][0]
    return etree.fromstring(zlib.decompress(base64.b64decode(packed), -15)).get("ID")


def said(provider: IdentityProvider, question_asked: str, email: str, **changes: str) -> str:
    """Return a response that is not signed yet."""
    now = datetime.now(UTC)
    ours = f"http://{HOST}/account/saml/{provider.key.hex}"
    values = {
        "now": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "question": question_asked, "entity": ENTITY, "acs": f"{ours}/acs/",
        "audience": f"{ours}/metadata/", "email": email, "uid": "42",
        "after": (now - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "before": (now + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ"), **changes,
    }  # fmt: skip
    return """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r" Version="2.0" IssueInstant="{now}" Destination="{acs}" InResponseTo="{question}"><saml:Issuer>{entity}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="_a" Version="2.0" IssueInstant="{now}"><saml:Issuer>{entity}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{uid}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{before}" Recipient="{acs}" InResponseTo="{question}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{after}" NotOnOrAfter="{before}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="EMAIL"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>""".replace(  # noqa: E501
        "EMAIL", EMAIL
    ).format(**values)


def signed(text: str, keys: tuple[str, str]) -> str:
    """Sign the assertion inside a response."""
    response = etree.fromstring(text.encode())
    (assertion,) = response.findall("{urn:oasis:names:tc:SAML:2.0:assertion}Assertion")
    done = OneLogin_Saml2_Utils.add_sign(
        etree.tostring(assertion), *keys, sign_algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        digest_algorithm="http://www.w3.org/2001/04/xmlenc#sha256",
    )  # fmt: skip
    response.replace(assertion, etree.fromstring(done))
    return etree.tostring(response).decode()


def brought(browser: Client, provider: IdentityProvider, text: str):
    packed = base64.b64encode(text.encode()).decode()
    answer = browser.post(f"/account/saml/{provider.key.hex}/acs/", {"SAMLResponse": packed})
    return browser.get(answer["Location"])


def test_a_signed_assertion_signs_in_who_it_names(browser, world, provider, keys):
    question = asked(browser, provider)
    answer = brought(browser, provider, signed(said(provider, question, world.claire.email), keys))
    assert answer["Location"] == "/" and who(browser) == world.claire.email


def test_a_newcomer_becomes_a_reader(browser, world, provider, keys):
    brought(
        browser, provider, signed(said(provider, asked(browser, provider), "nina@brasserie.example"), keys)
    )
    nina = User.objects.get(email="nina@brasserie.example")
    assert (who(browser), nina.role, nina.client) == (nina.email, Role.READER, world.client)


@pytest.mark.parametrize(
    "email", ["agnes.martin@vendor.example", "olivia.mercier@clinique.example", "x@elsewhere.example"]
)
def test_an_address_outside_its_domains_is_refused(browser, world, provider, keys, email):
    answer = brought(browser, provider, signed(said(provider, asked(browser, provider), email), keys))
    assert answer.status_code == 403 and who(browser) is None


def test_a_deactivated_person_stays_out(browser, world, provider, keys):
    close_account(world.claire)
    text = signed(said(provider, asked(browser, provider), world.claire.email), keys)
    assert brought(browser, provider, text).status_code == 403 and who(browser) is None


def test_an_assertion_that_is_not_signed_is_refused(browser, world, provider):
    brought(browser, provider, said(provider, asked(browser, provider), world.claire.email))
    assert who(browser) is None


def test_an_assertion_signed_by_somebody_else_is_refused(browser, world, provider):
    brought(browser, provider, signed(said(provider, asked(browser, provider), world.claire.email), pair()))
    assert who(browser) is None


def test_an_assertion_changed_after_it_was_signed_is_refused(browser, world, provider, keys):
    text = signed(said(provider, asked(browser, provider), world.rachel.email), keys)
    brought(browser, provider, text.replace(world.rachel.email, world.claire.email))
    assert who(browser) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "https://elsewhere.example"}, {"entity": "https://other.example"}, {"question": "_never"},
        {"before": "2020-01-01T00:00:00Z"}, {"acs": "http://elsewhere.example/acs/"},
    ],
    ids=["audience", "issuer", "not asked", "too old", "destination"],
)  # fmt: skip
def test_an_assertion_for_somebody_else_or_another_time_is_refused(browser, world, provider, keys, changes):
    text = said(provider, asked(browser, provider), world.claire.email, **changes)
    brought(browser, provider, signed(text, keys))
    assert who(browser) is None


def test_an_assertion_is_good_once(browser, world, provider, keys):
    text = signed(said(provider, asked(browser, provider), world.claire.email), keys)
    brought(browser, provider, text)
    other = Client(headers={"host": HOST})
    brought(other, provider, text)
    assert who(other) is None


@pytest.mark.parametrize(
    "text", ["", "x", "<a/>", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"]
)
def test_what_is_no_response_is_refused(browser, provider, text):
    asked(browser, provider)
    brought(browser, provider, text)
    assert who(browser) is None


def test_our_metadata_is_given_and_nobody_else_ends_a_session(browser, world, provider):
    page = browser.get(f"/account/saml/{provider.key.hex}/metadata/")
    assert page.status_code == 200 and b"EntityDescriptor" in page.content
    browser.force_login(world.claire)
    assert browser.get(f"/account/saml/{provider.key.hex}/sls/")["Location"] == "/account/logout/"
    assert who(browser) == world.claire.email
