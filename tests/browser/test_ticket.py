"""The ticket's page in a browser: both sides, with and without scripts, both themes, wide and narrow."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.looking import look_at
from tests.tickets.record.lives import LIVES, Lives
from tickets.actions import client, vendor
from tickets.models import Attachment, Draft, Ticket
from tickets.words import State

pytestmark = pytest.mark.browser

LONG_WORD = "Exception_dans_le_module_comptable_" * 12
LONG_TEXT = (
    f"## Journal\n\n```\n{LONG_WORD}\n```\n\n{LONG_WORD}\n\n| Compte | Total |\n|---|---|\n| 401 | 12 |\n"
)


@pytest.fixture
def in_english(world) -> None:
    User.objects.update(language="en")


@pytest.mark.parametrize("life", LIVES)
def test_a_ticket_in_any_state_is_readable_by_both_sides(page: Page, sign_in, world, life: str) -> None:
    ticket = getattr(Lives(world), life)()
    for person in (world.claire, world.maud):
        sign_in(page, person)
        page.goto(ticket.get_absolute_url())
        expect(page.get_by_role("heading", level=1)).to_have_text(ticket.title)
        look_at(page, f"{life}-{person.first_name.lower()}")


def test_long_texts_and_a_long_conversation_fit_the_window(page: Page, sign_in, world) -> None:
    lives = Lives(world)
    ticket = lives.in_progress(title=f"L'export {LONG_WORD[:150]}", description=LONG_TEXT, steps=LONG_TEXT)
    for number in range(60):
        vendor.inform(ticket, by=world.agnes, at=timezone.now(), message=f"{number}. {LONG_TEXT}")
        client.answer(ticket, by=world.claire, at=timezone.now(), message=f"Reçu, {number}.")
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    look_at(page, "long")
    expect(page.get_by_text("Reçu, 59.")).to_be_visible()
    page.locator(".fold-earlier > summary").click()
    expect(page.get_by_text("Reçu, 0.")).to_be_visible()


FORMS = [
    ("in_progress", "agnes", "deliver"),
    ("in_progress", "agnes", "close"),
    ("in_progress", "agnes", "requalify"),
    ("new", "agnes", "acknowledge"),
    ("in_progress", "agnes", "class_out_of_scope"),
    ("severity_contested", "maud", "settle"),
    ("under_test", "claire", "request_time"),
    ("under_test", "claire", "refuse"),
    ("in_progress", "claire", "withdraw"),
]


@pytest.mark.parametrize(("life", "name", "action"), FORMS)
def test_an_actions_form_is_readable_alone_and_in_the_page(
    page: Page, sign_in, world, life: str, name: str, action: str
) -> None:
    ticket = getattr(Lives(world), life)()
    sign_in(page, getattr(world, name))
    page.goto(f"{ticket.get_absolute_url()}{action}/")
    look_at(page, f"form-{action}")
    page.goto(ticket.get_absolute_url())
    opener = page.locator(f"[data-opens-panel][href$='/{action}/']")
    if not opener.is_visible():
        page.locator(".ticket-menu > summary").click()
    opener.click()
    expect(page.locator("#action-panel [data-panel-title]")).to_be_focused()
    look_at(page, f"panel-{action}")
    page.locator("[data-closes-panel]").click()
    expect(page.locator("#action-panel form")).to_have_count(0)


def test_an_agent_delivers_without_leaving_the_page(page: Page, sign_in, world, in_english) -> None:
    ticket = Lives(world).in_progress()
    sign_in(page, world.agnes)
    page.goto(ticket.get_absolute_url())
    page.get_by_role("link", name="Deliver").click()
    panel = page.locator("#action-panel")
    panel.get_by_role("radio", name="Fix").check()
    panel.get_by_label("What was done").fill("Corrigé.")
    panel.get_by_label("How to test it").fill("Relancer l'export.")
    expect(panel.locator("#outlook")).to_contain_text("Without an answer of the client, the ticket closes on")
    panel.get_by_role("button", name="Deliver").click()
    expect(page.locator("#messages")).to_contain_text("The delivery is under test.")
    assert Ticket.objects.get(pk=ticket.pk).state == State.UNDER_TEST


def test_a_form_with_a_mistake_stays_in_the_page_with_its_words_and_files(
    page: Page, sign_in, world, in_english
) -> None:
    ticket = Lives(world).under_test()
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    page.get_by_role("link", name="Refuse").click()
    panel = page.locator("#action-panel")
    panel.get_by_label("Motive of the refusal").fill("   ")
    panel.locator("input[type=file]").set_input_files(
        {"name": "journal.txt", "mimeType": "text/plain", "buffer": b"ligne\n"}
    )
    panel.get_by_role("button", name="Refuse").click()
    expect(panel.get_by_text("This field is required.")).to_be_visible()
    expect(panel.locator("[data-list]")).to_contain_text("journal.txt")
    look_at(page, "panel-mistake")
    vendor.ask(ticket, by=world.agnes, at=timezone.now(), message="Alors ?")
    panel.get_by_label("Motive of the refusal").fill("Le total est faux.")
    panel.get_by_role("button", name="Refuse").click()
    expect(panel.get_by_text("Somebody acted on this ticket while you were writing.")).to_be_visible()
    expect(panel.get_by_label("Motive of the refusal")).to_have_value("Le total est faux.")
    look_at(page, "panel-stale")
    panel.get_by_role("button", name="Confirm all the same: Refuse").click()
    expect(page.locator("#messages")).to_contain_text("The delivery is refused.")
    assert Attachment.objects.get(ticket=ticket).name == "journal.txt"


def test_a_move_that_is_not_possible_any_more_says_so_in_the_page(
    page: Page, sign_in, world, in_english
) -> None:
    lives = Lives(world)
    ticket = lives.under_test()
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    page.get_by_role("link", name="Refuse").click()
    page.locator("#action-panel").get_by_label("Motive of the refusal").fill("Le total est faux.")
    client.accept(ticket, by=world.claire, at=timezone.now())
    page.locator("#action-panel").get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("“Refuse” is not possible now")).to_be_visible()
    expect(page.locator("#action-panel textarea")).to_have_value("Le total est faux.")
    look_at(page, "panel-illegal")


def test_who_may_not_act_reads_why_on_the_page(page: Page, sign_in, world) -> None:
    world.client.readers_allowed = True
    world.client.save()
    ticket = Lives(world).waiting_client()
    sign_in(page, world.lucas)
    page.goto(ticket.get_absolute_url())
    expect(page.get_by_text("claire.fontaine@")).to_be_visible()
    look_at(page, "reader")
    page.goto(f"{ticket.get_absolute_url()}answer/")
    look_at(page, "forbidden")


def test_the_longer_delay_is_foreseen_while_the_number_is_typed(
    page: Page, sign_in, world, in_english
) -> None:
    ticket = Lives(world).under_test()
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    page.locator(".ticket-menu > summary").click()
    page.get_by_role("link", name="Ask for more time").click()
    page.locator("#action-panel").get_by_label("Reason").fill("Clôture annuelle.")
    page.locator("#action-panel").get_by_label("Business days in all").fill("9")
    expect(page.locator("#outlook")).to_contain_text("at the end of the 9 business days")
    expect(page.locator("#action-panel").get_by_label("Reason")).to_have_value("Clôture annuelle.")


def test_a_reply_begun_is_kept_restored_and_forgotten_once_sent(
    page: Page, sign_in, world, in_english
) -> None:
    ticket = Lives(world).in_progress()
    sign_in(page, world.agnes)
    page.goto(ticket.get_absolute_url())
    page.get_by_role("radio", name="Internal note").check()
    page.get_by_role("textbox", name="Message").fill("Un piège connu.")
    expect(page.locator("#draft-state")).to_contain_text("Draft kept")
    page.goto(ticket.get_absolute_url())
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Un piège connu.")
    expect(page.get_by_role("radio", name="Internal note")).to_be_checked()
    look_at(page, "draft")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#messages")).to_contain_text("The internal note is kept")
    assert not Draft.objects.exists()


def test_the_clocks_are_refreshed_every_minute(page: Page, sign_in, world, in_english) -> None:
    ticket = Lives(world).in_progress()
    sign_in(page, world.claire)
    page.clock.install()
    page.goto(ticket.get_absolute_url())
    expect(page.locator("#ticket-clocks")).to_contain_text("Running")
    page.get_by_text("How delays are counted").click()
    vendor.ask(ticket, by=world.agnes, at=timezone.now(), message="Quelle version ?")
    page.clock.fast_forward(61_000)
    expect(page.locator("#ticket-clocks")).to_contain_text("Paused")
    expect(page.get_by_text("Something happened on this ticket since you opened it.")).to_be_visible()
    expect(page.get_by_text("A missed deadline stays missed.")).to_be_visible()
    for fold in page.locator("details:not([open]) > summary").all():
        if fold.is_visible():
            fold.click()
    look_at(page, "unfolded")


def test_everything_is_done_without_a_script(new_context, sign_in, world, in_english) -> None:
    ticket = Lives(world).new()
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, world.agnes)
    page.goto(ticket.get_absolute_url())
    page.get_by_role("link", name="Acknowledge").click()
    page.get_by_label("First message to the client").fill("Je m'en occupe.")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("The ticket is acknowledged.")).to_be_visible()
    page.get_by_role("radio", name="Ask a question").check()
    page.get_by_role("textbox", name="Message").fill("Quelle version ?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your question is sent to the client.")).to_be_visible()
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    page.get_by_role("textbox", name="Message").fill("La 4.2.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your message is sent to the vendor.")).to_be_visible()
    sign_in(page, world.agnes)
    page.goto(ticket.get_absolute_url())
    page.get_by_role("link", name="Deliver").click()
    page.get_by_role("button", name="Deliver").click()
    # The browser asks for what is missing: the form is still there.
    expect(page.get_by_label("What was done")).to_be_visible()
    assert Ticket.objects.get(pk=ticket.pk).state == State.IN_PROGRESS
    page.get_by_role("radio", name="Fix").check()
    page.get_by_label("What was done").fill("Corrigé.")
    page.get_by_label("How to test it").fill("Relancer.")
    page.get_by_role("button", name="Deliver").click()
    expect(page.get_by_text("The delivery is under test.")).to_be_visible()
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    page.get_by_text("Other actions").click()
    page.get_by_role("link", name="Ask for more time").click()
    page.get_by_label("Business days in all").fill("8")
    page.get_by_role("button", name="Foresee").click()
    expect(page.get_by_text("at the end of the 8 business days")).to_be_visible()
    page.goto(ticket.get_absolute_url())
    page.get_by_role("link", name="Declare in production").click()
    page.get_by_role("button", name="Declare in production").click()
    page.get_by_role("button", name="The anomaly is back: follow up").click()
    expect(page.get_by_text(f"Follow-up of #{ticket.pk}")).to_be_visible()
