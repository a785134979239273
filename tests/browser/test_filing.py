"""Filing in a real browser, with and without scripts: what one types is never lost, what is promised is said."""

import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Training
from tests.browser.looking import look_at
from tests.world import PASSWORD
from tickets.actions.filing import Filing, file_ticket
from tickets.models import Draft, Ticket

pytestmark = pytest.mark.browser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154"
    "789c6360606060000000050001a5f645400000000049454e44ae426082"
)
TITLE = "L'export comptable s'arrête à mi-chemin"


@pytest.fixture
def claire(page: Page, sign_in, world) -> Page:
    """Claire's browser; she reads English, so that the words looked for are the source's."""
    world.claire.language = "en"
    world.claire.save()
    sign_in(page, world.claire)
    return page


def shot(name: str, content: bytes = PNG, kind: str = "image/png") -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


def describe(page: Page, title: str = TITLE) -> None:
    page.locator("#id_title").fill(title)
    page.locator("#id_description").fill("Le fichier est **vide** depuis ce matin.")


def draft_is_kept(page: Page) -> None:
    expect(page.locator("#draft-state")).to_contain_text("Draft kept")


def test_an_anomaly_is_filed_with_its_files_and_its_deadlines_are_said(claire: Page, world) -> None:
    claire.goto("/file/")
    describe(claire)
    claire.locator("#id_steps").fill("Ouvrir\nExporter")
    claire.locator("input[value=bloquante]").check()
    promise = claire.locator("#promise")
    expect(promise).to_contain_text("Filed now: acknowledgement at the latest on")
    claire.locator("input[value=mineure]").check()
    expect(promise).to_contain_text("resolution: no commitment")
    claire.locator("input[type=file]").set_input_files(
        [shot("écran.png"), shot("trace.log", b"ligne\n", "text/plain")]
    )
    expect(claire.locator("[data-list] li")).to_have_count(2)
    claire.get_by_role("button", name="File the ticket").click()
    claire.wait_for_url(re.compile(r"/tickets/\d+/$"))
    ticket = Ticket.objects.get()
    expect(claire.locator("#messages")).to_contain_text(f"#{ticket.pk}")
    expect(claire.locator("#messages")).to_contain_text("acknowledgement at the latest on")
    expect(claire.locator("#messages")).to_contain_text("resolution: no commitment")
    assert (ticket.reporter, ticket.severity_claimed) == (world.claire, "mineure")
    assert sorted(ticket.attachments.values_list("name", flat=True)) == ["trace.log", "écran.png"]


def test_everything_essential_works_without_scripts(new_context, sign_in, world) -> None:
    world.claire.language = "en"
    world.claire.save()
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, world.claire)
    page.goto("/file/")
    # The only solution is chosen already: its deadlines are all on the page.
    promised = page.locator("table tbody tr")
    assert [row.split("\t")[0] for row in promised.all_inner_texts()] == ["Blocking", "Major", "Minor"]
    assert promised.last.inner_text().endswith("no commitment")
    describe(page)
    page.get_by_role("button", name="Keep a draft").click()
    page.wait_for_url("**/file/")
    expect(page.locator("#id_title")).to_have_value(TITLE)
    expect(page.locator("#preview strong")).to_have_text("vide")
    page.locator("input[value=majeure]").check()
    page.locator("input[type=file]").set_input_files([shot("notice.pdf")])
    page.get_by_role("button", name="File the ticket").click()
    expect(page.locator("main")).to_contain_text("does not hold what its name says")
    expect(page.locator("main")).to_contain_text("The files were not kept")
    expect(page.locator("#id_title")).to_have_value(TITLE)
    page.locator("input[type=file]").set_input_files([shot("écran.png")])
    page.get_by_role("button", name="File the ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    ticket = Ticket.objects.get()
    assert (ticket.title, ticket.severity_claimed) == (TITLE, "majeure")
    assert ticket.attachments.get().name == "écran.png"
    assert not Draft.objects.exists()


def test_a_draft_survives_the_browser_closing(claire: Page, new_context, sign_in, world) -> None:
    claire.goto("/file/")
    describe(claire)
    claire.locator("input[value=majeure]").check()
    draft_is_kept(claire)
    expect(claire.locator("#draft-state")).to_contain_text("without the files")
    claire.context.close()

    again = new_context().new_page()
    sign_in(again, world.claire)
    again.goto("/file/")
    expect(again.locator("main")).to_contain_text("was restored")
    expect(again.locator("#id_title")).to_have_value(TITLE)
    expect(again.locator("#id_description")).to_have_value("Le fichier est **vide** depuis ce matin.")
    assert again.locator("input[value=majeure]").is_checked()
    expect(again.locator("#promise")).to_contain_text("Filed now")
    again.get_by_role("button", name="Discard the draft").click()
    again.wait_for_url("**/file/")
    expect(again.locator("#id_title")).to_have_value("")
    assert not Draft.objects.exists()


def test_a_filed_ticket_leaves_no_draft_behind(claire: Page) -> None:
    claire.goto("/file/")
    describe(claire)
    draft_is_kept(claire)
    claire.locator("input[value=majeure]").check()
    claire.locator("#id_environment").fill("production")
    # Sent before the last keystrokes were kept.
    claire.get_by_role("button", name="File the ticket").click()
    claire.wait_for_url(re.compile(r"/tickets/\d+/$"))
    assert Ticket.objects.get().environment == "production"
    assert not Draft.objects.exists()


def test_resembling_tickets_are_suggested_and_never_another_client_s(claire: Page, world) -> None:
    ours = world.file(title=TITLE)
    file_ticket(
        world.other_contract,
        Filing(title="L'export comptable de la clinique", description="Autre.", severity="majeure"),
        by=world.olivia,
        at=ours.received_at,
    )
    claire.goto("/file/")
    claire.locator("#id_title").press_sequentially("Export comptable", delay=20)
    similar = claire.locator("#similar")
    expect(similar.get_by_role("link")).to_have_count(1)
    expect(similar.get_by_role("link")).to_have_attribute("href", ours.get_absolute_url())
    assert "clinique" not in claire.content()
    look_at(claire, "file-similar")
    claire.locator("#id_title").fill("Imprimante muette")
    expect(similar.get_by_role("link")).to_have_count(0)


def test_a_title_that_holds_a_script_runs_nowhere(claire: Page, world) -> None:
    world.file(title="<img src=x onerror=alert(1)> export comptable")
    claire.on("dialog", lambda dialog: pytest.fail(f"ran: {dialog.message}"))
    claire.goto("/file/")
    claire.locator("#id_title").fill("<img src=x onerror=alert(1)> export")
    expect(claire.locator("#similar")).to_contain_text("<img src=x onerror=alert(1)> export comptable")
    claire.locator("#id_description").fill("<img src=x onerror=alert(1)> [lien](javascript:alert(1))")
    claire.get_by_role("button", name="Preview").click()
    expect(claire.locator("#preview")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(claire.locator("#preview img, #preview a[href^=javascript]")).to_have_count(0)


def test_a_disguised_file_is_refused_in_place_and_the_others_stay_chosen(claire: Page) -> None:
    claire.goto("/file/")
    describe(claire)
    claire.locator("input[value=majeure]").check()
    claire.locator("input[type=file]").set_input_files([shot("écran.png"), shot("notice.pdf")])
    claire.get_by_role("button", name="File the ticket").click()
    expect(claire.locator("main")).to_contain_text("“notice.pdf” does not hold what its name says")
    assert claire.url.endswith("/file/")
    expect(claire.locator("#id_title")).to_have_value(TITLE)
    expect(claire.locator("[data-list] li")).to_have_count(2)
    expect(claire.get_by_text("The files were not kept")).to_have_count(0)
    look_at(claire, "file-refused-file")
    claire.get_by_role("button", name="Remove notice.pdf").click()
    expect(claire.locator("[data-list] li")).to_have_count(1)
    claire.get_by_role("button", name="File the ticket").click()
    claire.wait_for_url(re.compile(r"/tickets/\d+/$"))
    assert Ticket.objects.get().attachments.get().name == "écran.png"


def test_files_are_dropped_pasted_and_refused_before_they_leave(claire: Page) -> None:
    claire.goto("/file/")
    describe(claire)
    claire.locator("#id_description").focus()
    claire.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array([137, 80, 78, 71])], "image.png", {type: "image/png"}));
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true}));
            const dropped = new DataTransfer();
            dropped.items.add(new File(["ligne"], "trace.log", {type: "text/plain"}));
            dropped.items.add(new File(["MZ"], "outil.exe"));
            dropped.items.add(new File([], "vide.txt"));
            document.querySelector("[data-attachments]").dispatchEvent(
                new DragEvent("drop", {dataTransfer: dropped, bubbles: true, cancelable: true}));
        }"""
    )
    names = claire.locator("[data-list] .attachments-name")
    expect(names).to_have_text(["screenshot-1.png", "trace.log"])
    refused = claire.get_by_role("alert").locator("p [data-reason]")
    expect(refused).to_have_text(
        [
            "Files of this type are not accepted: outil.exe was not added.",
            "vide.txt is empty: it was not added.",
        ]
    )
    expect(claire.locator("[data-status]")).to_have_text("trace.log was added.")
    look_at(claire, "file-refused-before-leaving")
    assert claire.evaluate("document.querySelector('input[type=file]').files.length") == 2
    claire.get_by_role("button", name="Remove trace.log").click()
    expect(refused).to_have_count(0)


def test_a_session_that_ended_loses_nothing(claire: Page, world) -> None:
    claire.goto("/file/")
    describe(claire)
    claire.locator("input[value=majeure]").check()
    claire.context.clear_cookies(name="sessionid")
    claire.get_by_role("button", name="File the ticket").click()
    expect(claire.locator("[data-failure]")).to_contain_text("Your session has ended")
    expect(claire.locator("#id_title")).to_have_value(TITLE)
    assert not Ticket.objects.exists()
    # Signing in again gives the session a new token, which this page was not made with.
    other_tab = claire.context.new_page()
    other_tab.goto("/file/")
    other_tab.locator("input[type=email]").fill(world.claire.email)
    other_tab.locator("input[type=password]").fill(PASSWORD)
    other_tab.locator("main button[type=submit]").first.click()
    other_tab.wait_for_url("**/file/")
    claire.get_by_role("button", name="File the ticket").click()
    claire.wait_for_url(re.compile(r"/tickets/\d+/$"))
    assert Ticket.objects.get().title == TITLE


def test_a_training_that_expires_while_one_types_is_said(claire: Page, world) -> None:
    claire.goto("/file/")
    describe(claire)
    draft_is_kept(claire)
    claire.locator("input[value=majeure]").check()
    Training.objects.filter(person=world.claire).update(expires_on="2025-06-01")
    claire.get_by_role("button", name="File the ticket").click()
    expect(claire.locator("[data-failure]")).to_contain_text("You may not send this form any more")
    expect(claire.locator("#id_title")).to_have_value(TITLE)
    assert Draft.objects.count() == 1


def test_what_is_missing_is_said_and_the_reader_is_led_there(claire: Page) -> None:
    claire.goto("/file/")
    claire.locator("#id_description").fill("Sans titre")
    claire.get_by_role("button", name="File the ticket").click()
    expect(claire.locator("#id_title")).to_be_focused()
    expect(claire.locator("#id_description")).to_have_value("Sans titre")
    look_at(claire, "file-errors")


def test_a_text_box_made_larger_breaks_no_policy_when_the_form_comes_back(claire: Page) -> None:
    claire.goto("/file/")
    # What dragging its corner does; the browser writes the size in the element's style.
    claire.locator("#id_description").evaluate("box => { box.style.height = '400px'; }")
    claire.get_by_role("button", name="File the ticket").click()
    expect(claire.locator("#id_title")).to_have_attribute("aria-invalid", "true")


def test_the_whole_page_looks_right(claire: Page, world) -> None:
    Training.objects.create(
        client=world.client,
        person=world.claire,
        solution=world.other_solution,
        trained_on="2025-02-01",
        trainer="F",
    )
    world.file(title=TITLE, affected_version="4.2")
    claire.goto("/file/")
    describe(claire)
    claire.locator("input[value=bloquante]").check()
    claire.get_by_role("button", name="Preview").click()
    claire.locator("input[type=file]").set_input_files([shot("écran.png")])
    expect(claire.locator("#promise")).to_contain_text("Filed now")
    expect(claire.locator("#preview strong")).to_have_text("vide")
    draft_is_kept(claire)
    look_at(claire, "file")
    claire.reload()
    expect(claire.locator("main")).to_contain_text("was restored")
    look_at(claire, "file-draft")


def test_who_may_not_file_reads_who_may(page: Page, sign_in, world) -> None:
    sign_in(page, world.lucas)
    assert page.goto("/file/").status == 403
    expect(page.locator("main")).to_contain_text("Claire Fontaine")
    expect(page.locator("main form")).to_have_count(0)
    look_at(page, "file-not-allowed")


def test_a_call_is_registered_for_the_client_chosen(page: Page, sign_in, world) -> None:
    world.agnes.language = "en"
    world.agnes.save()
    world.file(title=TITLE)
    sign_in(page, world.agnes)
    page.goto("/register/")
    look_at(page, "register-client")
    page.locator("#id_client").select_option(str(world.other_client.pk))
    expect(page.locator("#id_reporter")).to_contain_text("Olivia Mercier")
    describe(page)
    page.locator("input[value=majeure]").check()
    expect(page.locator("#promise")).to_contain_text("Received on")
    # Another client: its own people, its own resembling tickets, and nothing typed is lost.
    page.locator("#id_client").select_option(str(world.client.pk))
    expect(page.locator("#id_reporter")).to_contain_text("Claire Fontaine")
    expect(page.locator("#similar")).to_contain_text(TITLE)
    expect(page.locator("#id_title")).to_have_value(TITLE)
    expect(page.locator("#id_reporter")).not_to_contain_text("Olivia")
    page.locator("#id_reporter").select_option(str(world.claire.pk))
    page.locator("#id_means").select_option("email")
    # At noon: no night skips that hour, whenever the suite runs.
    after_tomorrow = timezone.localtime().replace(hour=12) + timedelta(days=2)
    page.locator("#id_received_at").fill(f"{after_tomorrow:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Register the ticket").click()
    expect(page.locator("main")).to_contain_text("A reception cannot come after its registration.")
    expect(page.locator("#id_title")).to_have_value(TITLE)
    look_at(page, "register")
    page.locator("#id_received_at").fill("2026-04-29T09:30")
    page.get_by_role("button", name="Register the ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    ticket = Ticket.objects.latest("pk")
    assert (ticket.reporter, ticket.registered_by, ticket.means) == (world.claire, world.agnes, "email")


def test_a_call_is_registered_without_scripts(new_context, sign_in, world) -> None:
    world.agnes.language = "en"
    world.agnes.save()
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, world.agnes)
    page.goto("/register/")
    page.locator("#id_client").select_option(str(world.client.pk))
    page.get_by_role("button", name="Continue").click()
    page.locator("#id_reporter").select_option(str(world.claire.pk))
    describe(page)
    page.locator("input[value=majeure]").check()
    page.get_by_role("button", name="Register the ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    assert Ticket.objects.get().means == "telephone"


def test_a_joined_archive_is_downloaded_never_opened(claire: Page, world) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("trace.log", "ligne")
    claire.goto("/file/")
    describe(claire)
    claire.locator("input[value=majeure]").check()
    claire.locator("input[type=file]").set_input_files(
        [shot("traces.zip", content.getvalue(), "application/zip")]
    )
    claire.get_by_role("button", name="File the ticket").click()
    claire.wait_for_url(re.compile(r"/tickets/\d+/$"))
    joined = Ticket.objects.get().attachments.get()
    with claire.expect_download() as download:
        claire.locator(f"a[href='/attachments/{joined.pk}/']").first.click()
    assert download.value.suggested_filename == "traces.zip"
