"""The desk by the keyboard alone: lines, taking, opening, acknowledging, the palette, the list of shortcuts."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sla.policy import Severity
from tests.browser.looking import look_at
from tests.world import World
from tickets.actions import vendor
from tickets.actions.canned import keep_canned
from tickets.actions.filing import Filing, file_ticket
from tickets.models import Ticket, Watch
from tickets.words import State

pytestmark = pytest.mark.browser


@pytest.fixture
def three(world: World) -> list[Ticket]:
    """Three tickets filed now, in the order of their deadlines."""
    return [
        file_ticket(
            world.contract,
            Filing(f"Écran {severity} figé", "Rien.", severity),
            by=world.claire,
            at=timezone.now(),
        )
        for severity in (Severity.BLOQUANTE, Severity.MAJEURE, Severity.MINEURE)
    ]


def here(page: Page, ticket: Ticket) -> None:
    """Expect the focus on the line of a ticket."""
    expect(page.locator(f"#ticket-{ticket.pk}")).to_be_focused()


def test_a_ticket_is_triaged_by_the_keyboard_alone(page: Page, sign_in, world: World, three) -> None:
    first, second, _third = three
    sign_in(page, world.agnes)
    page.goto("/queue/")
    press = page.keyboard.press
    press("j")
    here(page, first)
    press("j")
    here(page, second)
    press("k")
    here(page, first)
    press("k")
    here(page, first)
    # Taken from its line, and the reader is back on it.
    press("a")
    expect(page.get_by_role("status").filter(has_text="est à vous")).to_be_visible()
    here(page, first)
    assert Ticket.objects.get(pk=first.pk).owner == world.agnes
    press("o")
    page.wait_for_url(f"**/tickets/{first.pk}/")
    # “t” opens the acknowledgement, whose form has the focus.
    press("t")
    expect(page.locator("#action-panel [data-panel-title], #action-panel h2").first).to_be_visible()
    message = page.locator("#action-panel textarea").first
    for _step in range(12):
        if message.evaluate("field => field === document.activeElement"):
            break
        press("Tab")
    expect(message).to_be_focused()
    page.keyboard.type("Je regarde. t j ? n'y font rien.")
    for _step in range(12):
        press("Tab")
        if page.evaluate("document.activeElement.matches('#action-panel button[type=submit].btn-primary')"):
            break
    press("Enter")
    expect(page.get_by_text("Je regarde. t j ? n'y font rien.").first).to_be_visible()
    assert Ticket.objects.get(pk=first.pk).state == State.IN_PROGRESS
    press("u")
    page.wait_for_url("**/queue/")
    press("/")
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.type("majeure")
    press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)


def test_the_palette_finds_commands_tickets_and_searches(page: Page, sign_in, world: World, three) -> None:
    sign_in(page, world.agnes)
    page.goto("/queue/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Une commande")
    expect(field).to_be_focused()
    look_at(page, "palette")
    page.keyboard.type("non attrib")
    options = page.locator("#palette-list [role=option]")
    expect(options.first).to_contain_text("Non attribués")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=unowned**")
    page.keyboard.press("Control+k")
    page.keyboard.type(f"#{three[2].pk}")
    expect(options.first).to_contain_text(f"#{three[2].pk}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{three[2].pk}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("figé")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue/?q=fig**")
    expect(page.locator("[data-row]")).to_have_count(3)
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()


def test_the_shortcuts_are_listed_and_can_be_turned_off(page: Page, sign_in, world: World, three) -> None:
    sign_in(page, world.agnes)
    page.goto("/queue/")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(sheet.get_by_text("Prendre le ticket de la ligne")).to_be_visible()
    expect(sheet.get_by_text("Livrer", exact=True)).to_be_hidden()  # not of this page
    look_at(page, "shortcuts")
    sheet.get_by_label("Les touches simples agissent sur ce poste").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("[data-row] a:focus")).to_have_count(0)
    page.goto(three[0].get_absolute_url())
    page.keyboard.press("?")
    expect(sheet.get_by_text("Livrer", exact=True)).to_be_visible()
    expect(sheet.get_by_label("Les touches simples agissent sur ce poste")).not_to_be_checked()


def test_the_place_passes_to_the_next_line_when_its_ticket_leaves(
    page: Page, sign_in, world: World, three
) -> None:
    page.clock.install()
    sign_in(page, world.agnes)
    page.goto("/queue/?view=unowned")
    page.keyboard.press("j")
    page.keyboard.press("j")
    here(page, three[1])
    vendor.assign(three[1], by=world.maud, at=timezone.now(), owner=world.bruno)
    page.clock.run_for(21_000)
    expect(page.locator("[data-row]")).to_have_count(2)
    here(page, three[2])
    page.keyboard.press("k")
    here(page, three[0])


def test_a_ticket_is_taken_without_a_script(new_context, sign_in, world: World, three) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, world.agnes)
    page.goto("/queue/?view=unowned")
    page.get_by_role("button", name=f"Prendre #{three[0].pk}").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    assert Ticket.objects.get(pk=three[0].pk).owner == world.agnes


def test_views_columns_and_the_load_in_the_browser(page: Page, sign_in, world: World, three) -> None:
    vendor.assign(three[0], by=world.agnes, at=timezone.now(), owner=world.agnes)
    sign_in(page, world.maud)
    page.goto("/queue/?severity=bloquante")
    page.locator("#load > summary").click()
    expect(page.locator("#load-strip").get_by_role("link", name="Agnes Martin")).to_be_visible()
    page.locator("#views-menu > summary").click()
    page.get_by_label("Nom de la vue").fill("Bloquantes")
    page.get_by_label("Partager avec toute l’équipe").check()
    look_at(page, "queue-views")
    page.get_by_role("button", name="Garder les filtres à l’écran").click()
    expect(page.get_by_text("est enregistrée")).to_be_visible()
    page.locator("#display-menu > summary").click()
    page.get_by_label("Serrées").check()
    page.locator("#display-menu").get_by_label("Reçu le").uncheck()
    look_at(page, "queue-columns")
    page.get_by_role("button", name="Afficher ainsi").click()
    expect(page.locator(".desk-compact")).to_be_visible()
    expect(page.locator("thead").get_by_text("Reçu le")).to_have_count(0)


def test_what_a_search_finds_is_looked_at(page: Page, sign_in, world: World, three) -> None:
    sign_in(page, world.agnes)
    page.goto("/queue/?q=écran figé")
    expect(page.locator("mark").first).to_be_visible()
    look_at(page, "search")
    page.goto("/queue/?q=prio:haute")
    expect(page.get_by_role("alert")).to_contain_text("prio:")
    look_at(page, "search-mistake")
    page.locator(".search-help > summary").click()
    look_at(page, "search-help")
    sign_in(page, world.claire)
    page.goto("/portal/?q=figé&view=all")
    expect(page.locator("mark").first).to_be_visible()
    look_at(page, "search-portal")


def test_tickets_are_ticked_and_acted_on_together_whatever_comes_back_meanwhile(
    page: Page, sign_in, world: World, three
) -> None:
    first, second, third = three
    sign_in(page, world.agnes)
    page.goto("/queue/")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    said = page.locator("[data-chosen]")
    expect(said).to_have_text("2 tickets cochés")
    vendor.note(third, by=world.bruno, at=timezone.now(), message="Vu.")
    with page.expect_response("**/queue/"):
        page.evaluate(
            "htmx.ajax('GET', '/queue/', {source: '#tickets', target: '#tickets', swap: 'outerHTML'})"
        )
    expect(page.locator(f"#row-{third.pk}")).to_contain_text("jamais ouvert")
    expect(page.locator("#tickets input:checked")).to_have_count(2)
    expect(said).to_have_text("2 tickets cochés")
    look_at(page, "queue-ticked")
    page.locator("#together-action").select_option("assign")
    page.locator("#together button").click()
    page.locator("main form [name=owner]").select_option(str(world.agnes.pk))
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("status").filter(has_text="2 tickets")).to_be_visible()
    owned = Ticket.objects.filter(owner=world.agnes).values_list("pk", flat=True)
    assert sorted(owned) == [first.pk, second.pk]


def test_a_note_a_canned_answer_and_following_have_a_key(page: Page, sign_in, world: World, three) -> None:
    keep_canned(None, by=world.agnes, title="Merci", body="Merci.", language="fr")
    sign_in(page, world.agnes)
    page.goto(three[0].get_absolute_url())
    page.keyboard.press("n")
    expect(page.locator("#reply input[value=note]")).to_be_checked()
    expect(page.locator("#reply textarea")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("i")
    expect(page.locator("#canned")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("note interne")
    page.keyboard.press("Enter")
    expect(page.locator("#reply textarea")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("f")
    expect(page.get_by_role("status").filter(has_text="Vous suivez ce ticket")).to_be_visible()
    assert Watch.objects.get().person == world.agnes
