"""Replying in a real browser: a message taken back in time, canned words, a draft that survives a crash."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import look_at
from tests.world import World, paris
from tickets.actions import vendor
from tickets.actions.anomalies import record_anomaly
from tickets.actions.canned import keep_canned
from tickets.actions.linking import link_anomaly
from tickets.models import Draft, Message, Ticket

pytestmark = pytest.mark.browser
AT = paris("2026-04-28 14:00")


@pytest.fixture
def ticket(world: World, settings) -> Ticket:
    settings.REPLY_HOLD_SECONDS = 600  # long: only what the test does lets it go
    filed = world.file()
    return vendor.acknowledge(filed, by=world.agnes, at=AT, owner=world.agnes, message="Je regarde.")


def write(page: Page, ticket: Ticket, words: str) -> None:
    page.goto(ticket.get_absolute_url())
    page.locator("#reply textarea").fill(words)
    page.locator("#reply input[value=inform]").check()
    page.locator("#reply button[type=submit]").last.click()


def test_a_message_is_taken_back_in_time_then_sent(page: Page, sign_in, world: World, ticket: Ticket) -> None:
    sign_in(page, world.agnes)
    write(page, ticket, "Trop vite.")
    expect(page.locator("[data-hold-bar]")).to_be_visible()
    look_at(page, "reply-held")
    page.locator("[data-hold-undo]").click()
    expect(page.locator("#reply textarea")).to_have_value("Trop vite.")
    expect(page.locator("#reply textarea")).to_be_focused()
    page.locator("#reply textarea").fill("Pesé.")
    page.locator("#reply button[type=submit]").last.click()
    page.locator("[data-hold-now]").click()
    expect(page.locator(".conversation")).to_contain_text("Pesé.")
    assert list(Message.objects.order_by("pk").values_list("body", flat=True)) == ["Je regarde.", "Pesé."]


def test_a_closing_is_taken_back_in_time_then_sent(page: Page, sign_in, world: World, ticket: Ticket) -> None:
    sign_in(page, world.agnes)
    page.goto(ticket.get_absolute_url())
    page.keyboard.press("c")
    panel = page.locator("#action-panel")
    panel.locator("textarea").fill("Convenu par téléphone.")
    panel.locator("input[name=ground][value=agreed]").check()
    panel.locator("button.btn-danger").click()
    expect(panel.locator("[data-hold-bar]")).to_be_visible()
    assert Ticket.objects.get().closed_at is None
    look_at(page, "closing-held")
    panel.locator("[data-hold-undo]").click()
    expect(panel.locator("textarea")).to_be_focused()
    panel.locator("button.btn-danger").click()
    panel.locator("[data-hold-now]").click()
    expect(page.locator(".conversation")).to_contain_text("Convenu par téléphone.")


def test_two_tabs_write_one_reply_and_neither_loses_the_other(
    new_context, sign_in, world: World, ticket: Ticket
) -> None:
    context = new_context()
    first, second = context.new_page(), context.new_page()
    sign_in(first, world.agnes)
    for tab in (first, second):
        tab.goto(ticket.get_absolute_url())
    first.locator("#reply textarea").fill("Une longue analyse.")
    expect(first.locator("#draft-state")).not_to_be_empty()
    second.locator("#reply textarea").fill("x")
    expect(second.locator("#draft-state")).to_contain_text("Un autre onglet")
    assert Draft.objects.get().fields["message"] == "Une longue analyse."
    look_at(second, "draft-of-another-tab")
    first.locator("#reply textarea").fill("Une longue analyse, finie.")
    expect(first.locator("#draft-state")).to_contain_text("Brouillon gardé")
    second.locator("#draft-state button").click()
    expect(second.locator("#draft-state")).not_to_contain_text("Un autre onglet")
    assert Draft.objects.get().fields["message"] == "x"


@pytest.mark.parametrize("size", [20, 40_000], ids=["short", "as long as leaves with a page"])
def test_leaving_the_page_sends_what_waits(
    page: Page, sign_in, world: World, ticket: Ticket, size: int
) -> None:
    sign_in(page, world.agnes)
    write(page, ticket, "Je pars, mais c'est dit." + "x" * size)
    expect(page.locator("[data-hold-bar]")).to_be_visible()
    # Another tab has changed the token meanwhile.
    page.evaluate("document.querySelector('#reply [name=csrfmiddlewaretoken]').value = 'former'")
    page.goto("/queue/")
    for _ in range(50):  # what leaves with the page arrives in its own time
        page.goto(ticket.get_absolute_url())
        if "mais c'est dit." in page.locator(".conversation").inner_text():
            break
    expect(page.locator(".conversation")).to_contain_text("mais c'est dit.")


@pytest.mark.parametrize("what", ["files", "many words"])
def test_what_could_not_leave_with_the_page_leaves_at_once(
    page: Page, sign_in, world: World, ticket: Ticket, what: str
) -> None:
    sign_in(page, world.agnes)
    page.goto(ticket.get_absolute_url())
    if what == "files":
        joined = {"name": "journal.txt", "mimeType": "text/plain", "buffer": b"ligne\n" * 20_000}
        page.locator("#reply input[type=file]").set_input_files(joined)
    page.locator("#reply textarea").fill("Ci-joint." if what == "files" else "é" * 45_000)
    page.locator("#reply input[value=inform]").check()
    page.locator("#reply button[type=submit]").last.click()
    expect(page.locator(".conversation")).to_contain_text("Ci-joint." if what == "files" else "ééé")
    sent = Message.objects.get(
        ticket=ticket, author=world.agnes, body__startswith="Ci-" if what == "files" else "é"
    )
    assert sent.attachments.count() == (1 if what == "files" else 0)


def test_a_draft_survives_a_crash(new_context, sign_in, world: World, ticket: Ticket) -> None:
    context = new_context()
    page = context.new_page()
    sign_in(page, world.agnes)
    page.goto(ticket.get_absolute_url())
    page.locator("#reply textarea").fill("Une longue analyse.")
    expect(page.locator("#draft-state")).not_to_be_empty()
    context.close()  # the browser dies
    again = new_context().new_page()
    sign_in(again, world.agnes)
    again.goto(ticket.get_absolute_url())
    expect(again.locator("#reply textarea")).to_have_value("Une longue analyse.")
    assert Draft.objects.count() == 1


def test_canned_words_go_where_the_cursor_is(page: Page, sign_in, world: World, ticket: Ticket) -> None:
    keep_canned(None, by=world.maud, title="Merci", body="Merci {{personne}}.", language="fr", is_shared=True)
    sign_in(page, world.agnes)
    page.goto(ticket.get_absolute_url())
    page.locator("#reply textarea").fill("Bonjour. ")
    page.get_by_role("button", name="Mettre dans la réponse").click()
    expect(page.locator("#reply textarea")).to_have_value("Bonjour. Merci Claire Fontaine.")
    look_at(page, "reply-canned")


def test_two_agents_on_one_ticket_see_each_other(new_context, sign_in, world: World, ticket: Ticket) -> None:
    first, second = new_context().new_page(), new_context().new_page()
    sign_in(first, world.agnes)
    sign_in(second, world.bruno)
    first.goto(ticket.get_absolute_url())
    first.locator("#reply textarea").fill("Je commence…")
    expect(first.locator("#draft-state")).not_to_be_empty()
    second.goto(ticket.get_absolute_url())
    expect(second.locator(".clocks-live")).to_contain_text("Agnes Martin répond à ce ticket…")
    vendor.ask(ticket, by=world.agnes, at=AT, message="Quelle version ?")
    second.locator("#reply input[value=note]").check()
    second.locator("#reply textarea").fill("Vu ailleurs.")
    second.locator("#reply button[type=submit]").last.click()
    expect(second.get_by_role("alert").first).to_contain_text("Quelqu’un est intervenu sur ce ticket")
    expect(second.locator("textarea[name=message]").first).to_have_value("Vu ailleurs.")
    look_at(second, "reply-overtaken")


def test_the_pages_of_product_anomalies_and_canned_answers(
    page: Page, sign_in, world: World, ticket: Ticket
) -> None:
    long = "Un très long titre de défaut, " * 6
    anomaly = record_anomaly(
        by=world.agnes, at=AT, solution=world.solution, title=long.strip(), summary="L'export perd des **lignes**.",
        analysis="Tampon.", planned_version="4.3",
    )  # fmt: skip
    link_anomaly(ticket, by=world.agnes, at=AT, anomaly=anomaly)
    keep_canned(None, by=world.agnes, title="Accueil", body="Bonjour {{personne}}.", language="fr")
    sign_in(page, world.agnes)
    for name, address in {
        "anomalies": "/anomalies/",
        "anomalies-none": "/anomalies/?q=introuvable",
        "anomaly": f"/anomalies/{anomaly.pk}/",
        "anomaly-new": "/anomalies/new/",
        "anomaly-deliver": f"/anomalies/{anomaly.pk}/deliver/",
        "canned": "/canned/",
        "canned-form": "/canned/new/",
        "together": f"/queue/together/?action=close&ticket={ticket.pk}",
        "together-refused": "/queue/together/?action=close",
        "ticket-of-anomaly": ticket.get_absolute_url(),
    }.items():
        page.goto(address)
        look_at(page, name)
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    expect(page.get_by_text(re.compile("Anomalie connue de la solution"))).to_be_visible()
    look_at(page, "ticket-of-anomaly-client")
