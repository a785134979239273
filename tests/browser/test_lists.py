"""The lists and the figures in a browser: both themes, wide and narrow, with and without a script."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sla.policy import Severity
from tests.browser.looking import look_at
from tests.tickets.reports.month_of_may import live_through_may
from tests.world import World
from tickets.actions.filing import Filing, file_ticket

pytestmark = pytest.mark.browser


@pytest.fixture
def lived(world: World) -> World:
    """Sixteen tickets of Claire's with every kind of end, one of Olivia's."""
    live_through_may(world)
    filing = Filing("Le planning de la semaine ne s'affiche plus", "Écran blanc.", Severity.MAJEURE)
    file_ticket(world.other_contract, filing, by=world.olivia, at=timezone.now())
    return world


def test_the_queue_is_read_in_both_themes_wide_and_narrow(page: Page, sign_in, lived: World) -> None:
    sign_in(page, lived.agnes)
    page.goto("/queue/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look_at(page, "queue")
    page.goto("/queue/?severity=cosmetic&q=introuvable")
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page, "queue-mistake")


def test_a_clients_list_is_read_in_both_themes_wide_and_narrow(page: Page, sign_in, lived: World) -> None:
    sign_in(page, lived.claire)
    page.goto("/portal/?view=all")
    look_at(page, "portal")


def test_a_readers_empty_list_is_read_in_both_themes_wide_and_narrow(
    page: Page, sign_in, lived: World
) -> None:
    sign_in(page, lived.rachel)
    page.goto("/portal/")
    expect(page.get_by_text("Claire Fontaine")).to_be_visible()
    look_at(page, "portal-reader")


def test_the_figures_are_read_in_both_themes_wide_and_narrow(page: Page, sign_in, lived: World) -> None:
    sign_in(page, lived.maud)
    page.goto("/figures/?month=2026-05")
    look_at(page, "board")
    sign_in(page, lived.marc)
    page.goto("/figures/?month=2026-05")
    look_at(page, "board-client")
    page.goto("/figures/tickets/?month=2026-05&figure=resolve_missed")
    expect(page.locator("tbody tr")).to_have_count(3)
    look_at(page, "board-tickets")


def test_the_refusal_of_the_queue_is_a_page(page: Page, sign_in, lived: World) -> None:
    sign_in(page, lived.claire)
    answer = page.goto("/queue/")
    assert answer is not None
    assert answer.status == 403
    look_at(page, "queue-refused")


def test_filters_narrow_the_list_without_leaving_the_page(page: Page, sign_in, lived: World) -> None:
    sign_in(page, lived.agnes)
    page.goto("/queue/")
    rows = page.locator("#tickets tbody tr")
    before = rows.count()
    page.evaluate("window.stayed = true")
    page.locator("#id_client").select_option(label="Clinique des Tilleuls")
    expect(rows).to_have_count(1)
    expect(page.locator("#list-status")).to_have_text("1 ticket")
    assert before > 1
    page.locator("#id_client").select_option(index=0)
    expect(rows).to_have_count(before)
    page.locator("#id_q").press_sequentially("planning")
    expect(rows).to_have_count(1)
    assert page.evaluate("window.stayed") is True
    # The address says what is shown: reloaded, it shows the same.
    expect(page).to_have_url(re.compile("q=planning"))
    page.reload()
    expect(rows).to_have_count(1)
    expect(page.locator("#id_q")).to_have_value("planning")


def test_the_list_comes_back_by_itself_and_keeps_the_place(page: Page, sign_in, lived: World) -> None:
    page.clock.install()
    sign_in(page, lived.agnes)
    page.goto("/queue/?view=unowned")
    rows = page.locator("#tickets tbody tr")
    before = rows.count()
    place = page.locator("#tickets tbody tr a").first
    place.focus()
    number = place.get_attribute("id")
    filing = Filing("Nouvelle anomalie pendant la lecture", "Rien.", Severity.MINEURE)
    file_ticket(lived.other_contract, filing, by=lived.olivia, at=timezone.now())
    page.clock.run_for(61_000)
    expect(rows).to_have_count(before + 1)
    # A list that comes back by itself interrupts nobody.
    expect(page.locator("#list-status")).to_be_empty()
    expect(page.locator(f"#{number}")).to_be_focused()
    assert "view=unowned" in page.url


def test_the_queue_works_without_a_script(new_context, sign_in, lived: World) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, lived.agnes)
    page.goto("/queue/")
    page.locator("#id_client").select_option(label="Clinique des Tilleuls")
    page.locator(".list-filters button").click()
    expect(page.locator("#tickets tbody tr")).to_have_count(1)
    # A tab keeps the filter.
    page.locator("#view-mine").click()
    expect(page.locator("#tickets tbody tr")).to_have_count(0)
    expect(page.locator("#view-all .list-tab-count")).to_have_text("1")
    page.locator("#view-unowned").click()
    expect(page.locator("#tickets tbody tr")).to_have_count(1)


def test_the_figures_work_without_a_script(new_context, sign_in, lived: World) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, lived.maud)
    page.goto("/figures/")
    page.locator("#id_from").fill("2026-05-01")
    page.locator("#id_to").fill("2026-05-31")
    page.locator(".figures-filters button").click()
    page.locator("tr", has=page.locator("a.rate-missed-count")).first.locator(
        "a.rate-missed-count"
    ).first.click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_the_keyboard_reaches_a_ticket_from_the_filters(page: Page, sign_in, lived: World) -> None:
    sign_in(page, lived.agnes)
    page.goto("/queue/?q=planning")
    page.locator("#id_q").focus()
    reached = []
    for _step in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        if reached[-1].startswith("ticket-"):
            break
    assert reached[-1].startswith("ticket-")
    assert "view-mine" in reached
