"""Second factors, passkeys and sessions, in a browser: with a device that the browser plays."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from accounts.models import IdentityDomain, IdentityProvider, User
from accounts.sealing import seal
from tests.accounts.factors.conftest import code_of
from tests.browser.looking import look_at
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def own_limits(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def page(new_context) -> Page:
    """A visitor who reads English."""
    return new_context(locale="en-GB").new_page()


@pytest.fixture
def world(world):
    """The same people, all of them English-speaking."""
    User.objects.update(language="en")
    return world


def with_device(page: Page) -> None:
    """Give the browser a device that keeps passkeys and recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in_by_form(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()


def test_a_passkey_is_made_signs_in_alone_and_is_taken_off(page, world):
    with_device(page)
    sign_in_by_form(page, world.agnes.email)
    page.goto("/account/factors/")
    look_at(page, "factors-none")
    page.get_by_role("link", name="Add a passkey").click()
    look_at(page, "passkey-add")
    page.get_by_label("Name of the key").fill("Office computer")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()
    look_at(page, "recovery-codes")
    page.goto("/account/factors/")
    expect(page.get_by_text("Office computer")).to_be_visible()
    look_at(page, "factors-some")
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Queue")).to_be_visible()
    page.goto("/account/factors/webauthn/")
    look_at(page, "passkeys")
    page.get_by_role("link", name="Name Office computer").click()
    look_at(page, "passkey-name")
    page.get_by_label("Name of the key").fill("Old computer")
    page.get_by_role("button", name="Keep this name").click()
    page.get_by_role("link", name="Take off Old computer").click()
    look_at(page, "passkey-remove")
    page.get_by_role("button", name="Take it off").click()
    expect(page.get_by_text("No passkey yet.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_a_passkey_is_the_second_step_after_the_password(page, world):
    with_device(page)
    sign_in_by_form(page, world.agnes.email)
    page.goto("/account/factors/webauthn/add/")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()
    sign_out(page)
    sign_in_by_form(page, world.agnes.email)
    expect(page.get_by_role("heading", level=1, name="Second step")).to_be_visible()
    look_at(page, "second-step")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("link", name="Queue")).to_be_visible()


def test_a_device_that_gives_nothing_says_so(page, world):
    with_device(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The device gave no passkey")).to_be_visible(timeout=30_000)
    look_at(page, "passkey-failed")


def test_an_application_is_added_without_a_script(new_context, world):
    page = new_context(locale="en-GB", java_script_enabled=False).new_page()
    sign_in_by_form(page, world.claire.email)
    page.goto("/account/factors/webauthn/add/")
    expect(page.get_by_text("Passkeys need scripts")).to_be_visible()
    page.goto("/account/factors/totp/activate/")
    secret = page.locator(".totp-key").inner_text()
    page.get_by_label("The code that the application shows").fill(code_of(secret))
    page.get_by_role("button", name="Add the application").click()
    expect(page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()
    code = page.locator(".recovery-codes code").first.inner_text()
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    sign_in_by_form(page, world.claire.email)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Tickets", exact=True)).to_be_visible()


def test_the_pages_of_an_application_are_fit_to_be_seen(page, world, settings, sign_in):
    sign_in(page, world.claire)
    page.goto("/account/factors/totp/activate/")
    expect(page.get_by_role("heading", level=1, name="Confirm that it is you")).to_be_visible()
    look_at(page, "confirm")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    look_at(page, "application-add")
    page.get_by_label("The code that the application shows").fill("000000")
    page.get_by_role("button", name="Add the application").click()
    expect(page.locator(".notice-danger")).to_be_visible()
    look_at(page, "application-refused")
    page.get_by_label("The code that the application shows").fill(
        code_of(page.locator(".totp-key").inner_text())
    )
    page.get_by_role("button", name="Add the application").click()
    page.goto("/account/factors/recovery-codes/generate/")
    look_at(page, "codes-generate")
    page.goto("/account/factors/totp/deactivate/")
    look_at(page, "application-remove")


def test_who_must_enrol_is_led_there_and_told_why(page, world, settings, sign_in):
    settings.MFA_REQUIRED_ROLES = ["agent"]
    sign_in(page, world.agnes)
    page.goto("/queue/")
    expect(page.get_by_text("Your role asks for a second factor")).to_be_visible()
    look_at(page, "factors-required")


def test_sessions_are_listed_and_ended(page, new_context, world):
    elsewhere = new_context(locale="en-GB").new_page()
    for each in (elsewhere, page):
        sign_in_by_form(each, world.claire.email)
        expect(each.get_by_role("link", name="Tickets", exact=True)).to_be_visible()
    page.goto("/account/sessions/")
    look_at(page, "sessions")
    page.get_by_role("button", name="End all the others").click()
    expect(page.get_by_text("1 session is ended.")).to_be_visible()
    elsewhere.goto("/portal/")
    expect(elsewhere.get_by_role("heading", level=1, name="Sign in")).to_be_visible()


def test_a_manager_views_as_somebody_under_a_banner(page, world, sign_in):
    sign_in(page, world.maud)
    page.goto("/account/view-as/")
    look_at(page, "view-as")
    page.get_by_label("View as").select_option(label="Claire Fontaine · Brasserie du Nord")
    page.get_by_label("Motive").fill("She does not see her ticket")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("You see what Claire Fontaine sees")).to_be_visible()
    look_at(page, "viewing-as")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("you are yourself again")).to_be_visible()
    sign_in(page, world.claire)
    page.goto("/account/profile/")
    expect(page.get_by_text("She does not see her ticket")).to_be_visible()
    look_at(page, "profile-viewed")


def test_an_address_leads_through_the_organisation(page, world):
    provider = IdentityProvider.objects.create(
        client=world.client, name="Annuaire de la brasserie", protocol="openid_connect",
        issuer="https://nowhere.invalid", application="helpdesk", sealed_secret=seal("x"),
    )  # fmt: skip
    IdentityDomain.objects.create(client=world.client, provider=provider, domain="brasserie.example")
    page.goto("/account/login/")
    look_at(page, "sign-in-ways")
    page.get_by_role("link", name="Sign in through my organisation").click()
    look_at(page, "organisation-ask")
    page.get_by_label("E-mail address").fill("claire.fontaine@brasserie.example")
    page.get_by_role("button", name="Go on").click()
    # It goes on by itself, to a provider that does not answer.
    expect(page.get_by_role("heading", name="did not answer as it should")).to_be_visible()
    look_at(page, "organisation-silent")
