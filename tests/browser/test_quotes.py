"""Paid work in a browser: asked for, studied, quoted and accepted, in both themes, wide and narrow (C-OUT-4)."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.looking import look_at
from tests.playing import a_price_list
from tests.tickets.record.lives import Lives
from tests.world import World
from tickets.actions import quotes
from tickets.models import Ticket
from tickets.words import WorkStage

pytestmark = pytest.mark.browser


def act(page: Page, ticket: Ticket, action: str) -> None:
    """Open the form of an action from the ticket's page, as people do."""
    page.goto(ticket.get_absolute_url())
    page.locator(f".ticket-actions [href$='/{action}/']").click()
    expect(page.locator("#action-panel form")).to_be_visible()


def confirm(page: Page) -> None:
    page.locator("#action-panel form button[type=submit]").click()
    expect(page.locator("#action-panel form")).to_have_count(0)


def test_a_quote_is_asked_for_issued_and_accepted(new_context, sign_in, world: World) -> None:
    a_price_list(world)
    ticket = Lives(world).out_of_scope()
    pages = {}
    for who in ("claire", "agnes", "maud", "marc"):
        pages[who] = new_context().new_page()
        sign_in(pages[who], getattr(world, who))
    pages["maud"].goto("/quotes/")
    look_at(pages["maud"], "quotes-empty")
    act(pages["claire"], ticket, "request_work")
    pages["claire"].locator("#action-panel textarea").fill("Un devis, s'il vous plaît.")
    confirm(pages["claire"])
    act(pages["agnes"], ticket, "study")
    pages["agnes"].locator("#action-panel input[value=yes]").check()
    pages["agnes"].locator("#action-panel textarea").fill("Deux jours de développement.")
    confirm(pages["agnes"])
    page = pages["maud"]
    act(page, ticket, "issue_quote")
    page.locator("[name='lines-JOUR']").fill("deux")
    page.locator("#action-panel [name=execution]").fill("Livré en un mois.")
    page.locator("#action-panel form button[type=submit]").click()
    expect(page.get_by_text("« deux »")).to_be_visible()
    look_at(page, "quote-refused")
    page.locator("[name='lines-JOUR']").fill("2,5")
    expect(page.locator("[data-net]")).to_have_text("2\u202f250,00\u00a0€")
    expect(page.locator("[data-gross]")).to_have_text("2\u202f700,00\u00a0€")
    look_at(page, "quote-issue")
    confirm(page)
    page.goto("/quotes/")
    look_at(page, "quotes")
    page = pages["marc"]
    page.goto("/quotes/")
    page.get_by_role("link", name=re.compile(r"^DV-")).click()
    expect(page.get_by_text("2\u202f700,00\u00a0€")).to_be_visible()
    look_at(page, "quote")
    page.locator(".page-head-actions .btn-primary").click()
    page.locator("[name=agreed]").check()
    look_at(page, "quote-acceptance")
    page.locator("form button.btn-primary[type=submit]").last.click()
    expect(page.locator(".ticket")).to_be_visible()
    assert Ticket.objects.get(pk=ticket.pk).work_stage == WorkStage.ACCEPTED


@pytest.mark.parametrize("alone", [False, True])
def test_an_acceptance_overtaken_by_a_withdrawal_says_so_in_the_panel(
    page: Page, sign_in, world: World, alone: bool
) -> None:
    lives = Lives(world)
    ticket = lives.quoted()
    sign_in(page, world.marc)
    if alone:
        page.goto(f"{ticket.get_absolute_url()}accept_quote/")
    else:
        act(page, ticket, "accept_quote")
    page.locator("[name=agreed]").check()
    quotes.withdraw_quote(
        ticket, by=world.maud, at=timezone.now(), quote=ticket.quotes.get().pk, message="Une ligne manque."
    )
    page.locator("[data-panel] form button.btn-primary[type=submit]").last.click()
    expect(page.locator("[data-panel] [name=agreed]")).to_have_count(0)
    expect(page.locator("[data-panel]")).to_contain_text("n’est pas possible")
