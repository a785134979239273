"""Price lists in a browser: written, published, read in both themes, wide and narrow."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.looking import look_at
from tests.tickets.prices.test_pages import a_draft, a_list
from tests.tickets.prices.test_rules import DEVELOPMENT
from tests.world import World
from tickets.actions.prices import PriceLine, change_price_list
from tickets.permissions import support_day

pytestmark = pytest.mark.browser


def test_a_price_list_is_written_and_published(page: Page, sign_in, world: World) -> None:
    sign_in(page, world.maud)
    page.goto("/price-lists/")
    look_at(page, "price-lists-empty")
    page.locator(".page-head-actions button").click()
    page.locator("#id_title").fill("Tarif public 2027")
    page.locator("#id_in_force_from").fill(str(support_day(timezone.now())))
    for name, value in (("code", "DEV"), ("label", "Développement spécifique"), ("unit", "jour")):
        page.locator(f"#id_lines-0-{name}").fill(value)
    page.locator("#id_lines-0-unit_price").fill("beaucoup")
    page.locator(".form-actions .btn-primary").click()
    expect(page.locator("#id_lines-0-unit_price_error")).to_be_visible()
    look_at(page, "price-list-refused")
    page.locator("#id_lines-0-unit_price").fill("1 234,50")
    page.locator(".form-actions .btn-primary").click()
    expect(page.get_by_text("1\u202f234,50\u00a0€")).to_be_visible()
    page.locator(".confirm > summary").click()
    look_at(page, "price-list-draft")
    page.locator(".confirm button").click()
    expect(page.locator(".version-line .tone-success")).to_be_visible()
    expect(page.locator(".confirm")).to_have_count(0)


def test_price_lists_are_read_by_a_client(page: Page, sign_in, world: World) -> None:
    price_list = a_list(world, "Tarif public")
    a_list(world, "Tarif public suivant", days=40)
    a_draft(world, "Brouillon", days=90)
    sign_in(page, world.claire)
    page.goto("/organisation/")
    page.locator(".page-head-actions a").click()
    expect(page.locator(".list-table tbody tr")).to_have_count(2)
    look_at(page, "price-lists")
    page.goto(f"/price-lists/{price_list.pk}/")
    expect(
        page.get_by_text(str((support_day(timezone.now()) + timedelta(days=39)).year)).first
    ).to_be_visible()
    look_at(page, "price-list")


def test_two_managers_write_in_one_draft_and_nothing_is_lost(page: Page, sign_in, world: World) -> None:
    a_list(world, "Tarif courant")
    draft = a_draft(world, "Tarif suivant", days=40)
    sign_in(page, world.maud)
    page.goto(f"/price-lists/{draft.pk}/edit/")
    page.locator("#id_title").fill("Le mien")
    site = PriceLine("SITE", "Journée sur site", "jour", Decimal(1150), Decimal(20))
    change_price_list(
        draft, by=world.maud, at=timezone.now(), title="Celui de l’autre", in_force_from=draft.in_force_from,
        validity_days=30, conditions="", lines=[replace(DEVELOPMENT, unit_price=Decimal("990.00")), site],
    )  # fmt: skip
    page.locator(".form-actions .btn-primary").click()
    expect(page.locator(".notice-warning")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("Le mien")
    look_at(page, "price-list-conflict")
    page.goto(f"/price-lists/{draft.pk}/")
    expect(page.get_by_role("heading", name="Celui de l’autre")).to_be_visible()
    look_at(page, "price-list-differences")


def test_a_price_list_is_withdrawn_before_its_first_day(page: Page, sign_in, world: World) -> None:
    a_list(world, "Tarif courant")
    following = a_list(world, "Tarif suivant", days=40)
    sign_in(page, world.maud)
    page.goto(f"/price-lists/{following.pk}/")
    page.locator(".discard > summary").click()
    look_at(page, "price-list-to-withdraw")
    page.locator(".discard button").click()
    expect(page.locator(".version-line .tone-neutral")).to_be_visible()
    look_at(page, "price-list-withdrawn")
    page.goto("/price-lists/")
    look_at(page, "price-lists-with-one-withdrawn")
