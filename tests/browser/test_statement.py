"""The delay statement in a browser: readable in both themes, wide and narrow; its links and files work."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import look_at
from tests.tickets.record.lives import Lives
from tests.tickets.statements.stories import lived

pytestmark = pytest.mark.browser


def test_the_statement_is_readable_and_leads_to_the_messages_it_speaks_of(page: Page, sign_in, world) -> None:
    ticket = lived(world)
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    page.locator(".clock-statement a").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(4)
    look_at(page, "statement-story")
    page.locator(f'a[href="{ticket.get_absolute_url()}#entry-4"]').first.click()
    expect(page.locator("#entry-4")).to_be_in_viewport()


def test_the_statement_of_a_changed_severity_shows_every_deadline(page: Page, sign_in, world) -> None:
    ticket = Lives(world).requalified()
    sign_in(page, world.maud)
    page.goto(f"{ticket.get_absolute_url()}statement/")
    look_at(page, "statement-requalified")


@pytest.mark.parametrize("suffix", ["pdf", "json"])
def test_each_file_is_downloaded_under_the_tickets_number(page: Page, sign_in, world, suffix: str) -> None:
    ticket = lived(world)
    sign_in(page, world.agnes)
    page.goto(f"{ticket.get_absolute_url()}statement/")
    with page.expect_download() as download:
        page.locator(f'a[href$="statement.{suffix}"]').click()
    assert download.value.suggested_filename == f"releve-de-delai-{ticket.pk}.{suffix}"
