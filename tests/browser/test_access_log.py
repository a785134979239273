"""The log of accesses, in a browser: read, filtered, fit to be seen."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.looking import look_at

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def test_the_log_is_read_and_filtered(page, sign_in, world):
    ticket = world.file()
    for person, asked in (
        (world.olivia, reverse("ticket", args=[ticket.pk])),
        (world.claire, reverse("queue")),
        (world.claire, reverse("statement_json", args=[ticket.pk])),
        (world.marc, reverse("board_tickets")),
    ):
        browser = Browser(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=AGENT)
        browser.force_login(person)
        browser.get(asked)
    sign_in(page, world.paul)
    page.goto("/back-office/")
    page.get_by_role("link", name="Accès", exact=True).first.click()
    rows = page.locator("#result_list tbody tr")
    expect(rows).to_have_count(3)
    look_at(page, "accesses")
    page.goto("/back-office/accounts/accessrecord/?kind__exact=not_found")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Olivia Mercier")
    rows.first.get_by_role("link").first.click()
    expect(page.get_by_text("192.0.2.7")).to_be_visible()
    look_at(page, "access")
    page.goto("/back-office/tickets/ledgerentry/")
    look_at(page, "ledger-entries")
    page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
    look_at(page, "ledger-entry")
