"""The back office, in a browser: dressed in our tokens, without a script or style refused."""

import pytest
from playwright.sync_api import expect

from accounts.models import Client, User
from sla.models import CalendarVersion, PolicyVersion
from sla.publication import next_draft
from tests.browser.looking import look_at

pytestmark = pytest.mark.browser


@pytest.fixture
def back_office(page, sign_in, world):
    """The platform administrator's page, in English."""
    User.objects.update(language="en")
    sign_in(page, world.paul)
    return page


def test_every_list_is_fit_to_be_seen(back_office, world):
    world.file()
    back_office.goto("/back-office/")
    look_at(back_office, "back-office")
    for name in (
        "accounts/client", "accounts/solution", "accounts/user", "accounts/training", "sla/contract",
        "sla/calendar", "sla/calendarversion", "sla/policyversion", "tickets/ledgerentry",
        "tickets/effect", "tickets/mail",
    ):  # fmt: skip
        back_office.goto(f"/back-office/{name}/")
        look_at(back_office, "list-" + name.replace("/", "-"))


def test_every_form_is_fit_to_be_seen(back_office, world):
    for name in (
        "accounts/user",
        "accounts/training",
        "sla/contract",
        "sla/calendarversion",
        "sla/policyversion",
    ):
        back_office.goto(f"/back-office/{name}/add/")
        look_at(back_office, "add-" + name.replace("/", "-"))
    back_office.goto(f"/back-office/accounts/client/{world.client.pk}/change/")
    look_at(back_office, "change-client")


def test_a_refused_form_says_which_field_to_mend(back_office, world):
    back_office.goto("/back-office/accounts/user/add/")
    back_office.get_by_label("First name").fill("Nina")
    back_office.get_by_label("Last name").fill("Roche")
    back_office.get_by_label("E-mail").fill("nina.roche@brasserie.example")
    back_office.get_by_label("Role").select_option("reader")
    back_office.get_by_role("button", name="Save", exact=True).click()
    expect(back_office.get_by_text("This role belongs to a client: say which.")).to_be_visible()
    look_at(back_office, "add-user-refused")


def test_a_published_version_is_read_and_a_draft_is_published(back_office, world):
    for model, name in ((CalendarVersion, "calendarversion"), (PolicyVersion, "policyversion")):
        version = model.objects.get()
        back_office.goto(f"/back-office/sla/{name}/{version.pk}/change/")
        look_at(back_office, f"published-{name}")
        draft = next_draft(version, by=world.paul)
        back_office.goto(f"/back-office/sla/{name}/{draft.pk}/change/")
        look_at(back_office, f"draft-{name}")
        back_office.locator("#id_motive").fill("Another year")
        back_office.get_by_role("button", name="Save and continue editing").click()
        back_office.get_by_role("button", name="Publish as last saved").click()
        expect(
            back_office.get_by_text("The version is published: it never changes any more.")
        ).to_be_visible()
        draft.refresh_from_db()
        assert draft.published_at is not None


def test_the_history_says_who_changed_what(back_office, world):
    back_office.goto(f"/back-office/accounts/client/{world.client.pk}/change/")
    back_office.get_by_label("Name").fill("Brasserie du Grand Nord")
    back_office.get_by_role("button", name="Save and continue editing").click()
    expect(back_office.get_by_text("Brasserie du Grand Nord").first).to_be_visible()
    back_office.goto(f"/back-office/accounts/client/{world.client.pk}/history/")
    expect(back_office.get_by_text("Brasserie du Grand Nord").first).to_be_visible()
    expect(back_office.locator("#change-history").get_by_text("Paul Renard")).to_be_visible()
    look_at(back_office, "history")
    assert Client.objects.get(pk=world.client.pk).name == "Brasserie du Grand Nord"
