"""The people pages, in a browser: they look right, and they do without a script."""

import re
from datetime import date

import pytest
from django.core import mail
from playwright.sync_api import expect

from accounts.invitations import send_invitation
from accounts.models import Role, Training, User
from tests.browser.looking import look_at
from tests.world import PASSWORD, person

pytestmark = pytest.mark.browser


@pytest.fixture
def page(new_context):
    """A visitor who reads English."""
    return new_context(locale="en-GB").new_page()


@pytest.fixture
def world(world):
    """The same people, all of them English-speaking."""
    User.objects.update(language="en")
    for each in vars(world).values():
        if isinstance(each, User):
            each.refresh_from_db()
    return world


def test_a_missing_page_says_so_and_leads_home(page, sign_in, world):
    sign_in(page, world.claire)
    page.goto("/nowhere")
    look_at(page, "404")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_signing_in_and_out_through_the_form(page, world):
    page.goto("/account/login/")
    look_at(page, "sign-in")
    page.get_by_label("E-mail address").fill("claire.fontaine@brasserie.example")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".notice-danger:visible")).to_be_visible()
    look_at(page, "sign-in-refused")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/account/profile/")
    page.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    look_at(page, "signed-out")


def test_each_page_before_sign_in_is_fit_to_be_seen(page, world, settings, live_server):
    for name in ("signup", "inactive", "password/reset", "password/reset/done", "password/reset/key/done"):
        page.goto(f"/account/{name}/")
        look_at(page, name.replace("/", "-"))
    page.goto("/account/password/reset/key/1-nonsense/")
    look_at(page, "password-reset-link-over")
    page.goto("/account/invitation/nonsense/")
    look_at(page, "invitation-over")


def test_a_person_invited_chooses_a_password_and_is_in(page, world, settings, live_server):
    settings.SITE_URL = live_server.url
    nadia = person("Nadia Perrin", Role.AGENT)
    nadia.language = "en"
    nadia.save(update_fields=["language"])
    send_invitation(nadia)
    link = re.search(r"http\S+", mail.outbox[-1].body).group()
    page.goto(link)
    look_at(page, "invitation")
    page.get_by_label("Password").fill("un mot de passe bien long")
    page.get_by_label("The same, once more").fill("un mot de passe bien long")
    page.get_by_role("button", name="Open my account").click()
    page.goto("/account/profile/")
    expect(page.get_by_role("heading", level=1, name="My profile")).to_be_visible()


def test_the_profile_takes_effect_at_once(page, sign_in, world):
    sign_in(page, world.claire)
    page.goto("/account/profile/")
    look_at(page, "profile")
    page.locator("#id_language").select_option("fr")
    page.get_by_role("button", name="Keep these changes").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".notice-success")).to_be_visible()
    look_at(page, "profile-saved")


def test_a_new_password_is_asked_for_with_the_present_one(page, sign_in, world):
    sign_in(page, world.claire)
    page.goto("/account/password/change/")
    look_at(page, "password-change")
    page.get_by_label("Present password").fill("wrong")
    page.get_by_label("New password").fill("short")
    page.get_by_label("The same, once more").fill("other")
    page.get_by_role("button", name="Change my password").click()
    expect(page.locator(".notice-danger")).to_be_visible()
    look_at(page, "password-change-refused")


def test_the_theme_is_switched_without_reloading_and_kept(page, sign_in, world):
    sign_in(page, world.claire)
    page.goto("/account/profile/")
    page.locator("summary").click()
    look_at(page, "profile-menu")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_language_and_theme_are_chosen_without_a_script(new_context, world):
    page = new_context(java_script_enabled=False, locale="fr-FR").new_page()
    page.goto("/account/login/")
    page.locator("summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_organisation_says_who_may_file_and_until_when(page, sign_in, world):
    Training.objects.create(
        client=world.client, person=world.lucas, solution=world.solution, trainer="Formateur",
        trained_on=date(2024, 1, 1), expires_on=date(2025, 1, 1),
    )  # fmt: skip
    sign_in(page, world.marc)
    page.goto("/organisation/")
    look_at(page, "organisation")
    page.get_by_role("button", name="Allow it").click()
    expect(page.get_by_role("button", name="Forbid it")).to_be_visible()
