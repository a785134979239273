"""The registers in a browser: trainings, deputies, personal data, exports, in both themes, wide and narrow."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Training, User
from sla.models import Contract
from tests.browser.looking import look_at
from tests.tickets.exports.test_exports import joined
from tests.tickets.trainings.test_attendance import LUCAS, MARC, sheet
from tickets.actions.retention import purge_due
from tickets.actions.trainings import end_training, join_certificate
from tickets.exports.preparation import prepare_waiting
from tickets.models import Attachment, ClientExport
from tickets.permissions import support_day

pytestmark = pytest.mark.browser


def held(world, person: User, days: int | None, solution=None) -> Training:
    today = support_day(timezone.now())
    return Training.objects.create(
        client=person.client, person=person, solution=solution or world.solution, trainer="Hélène Vasseur",
        trained_on=date(2025, 2, 3), expires_on=None if days is None else today + timedelta(days=days),
    )  # fmt: skip


def test_the_register_is_read_filtered_and_kept(page, sign_in, world):
    training = held(world, world.lucas, 20)
    join_certificate(training, joined(b"x", "attestation de présence.pdf"), by=world.maud, at=timezone.now())
    end_training(
        held(world, world.rachel, 200), motive="A changé de poste.", by=world.maud, at=timezone.now()
    )
    held(world, world.marc, -3, world.other_solution)
    sign_in(page, world.maud)
    page.goto("/trainings/")
    look_at(page, "trainings")
    page.get_by_label("Situation").select_option("soon")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("rowheader")).to_have_count(1)
    page.get_by_role("link", name="Lucas Petit").click()
    look_at(page, "training")
    page.get_by_label("Motif").fill("Ne travaille plus sur la solution.")
    page.get_by_role("button", name="Mettre fin à cette formation").click()
    expect(page.locator(".notice-success")).to_be_visible()
    look_at(page, "training-ended")
    page.goto("/trainings/new/")
    page.get_by_label("Formateur").fill("F")
    look_at(page, "training-new")


def test_an_attendance_sheet_is_checked_line_by_line_then_recorded(page, sign_in, world):
    sign_in(page, world.maud)
    page.goto("/trainings/attendance/")
    look_at(page, "attendance")
    box = page.get_by_label("Feuille de présence (CSV)")
    wrong = [LUCAS.replace("gestia", "rien"), MARC.replace("2026-03-04", "31/02/2026")]
    box.set_input_files([{"name": "f.csv", "mimeType": "text/csv", "buffer": sheet(*wrong)}])
    page.get_by_role("button", name="Vérifier la feuille").click()
    expect(page.get_by_role("heading", name="2 lignes sont refusées")).to_be_visible()
    look_at(page, "attendance-refused")
    box.set_input_files([{"name": "f.csv", "mimeType": "text/csv", "buffer": sheet(LUCAS, MARC)}])
    page.get_by_role("button", name="Vérifier la feuille").click()
    expect(page.get_by_role("heading", name="La feuille est correcte")).to_be_visible()
    look_at(page, "attendance-checked")
    page.get_by_role("button", name="Inscrire 2 formations").click()
    expect(page.get_by_role("rowheader", name="Lucas Petit")).to_be_visible()


def test_a_deputy_is_named_from_the_organisation_s_page_without_a_script(new_context, sign_in, world):
    held(world, world.lucas, 400)
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, world.claire)
    page.goto("/organisation/")
    today = support_day(timezone.now())
    page.locator("#id_deputy").select_option(label="Lucas Petit")
    page.locator("#id_first_day").fill(today.isoformat())
    page.locator("#id_last_day").fill((today + timedelta(days=4)).isoformat())
    page.get_by_role("button", name="Nommer un suppléant").click()
    expect(page.get_by_text("Lucas Petit supplée Claire Fontaine")).to_be_visible()


def test_the_organisation_s_page_shows_deputies_and_certificates(page, sign_in, world):
    training = held(world, world.lucas, 400)
    join_certificate(training, joined(b"x", "attestation.pdf"), by=world.maud, at=timezone.now())
    sign_in(page, world.marc)
    today = support_day(timezone.now())
    page.goto("/organisation/")
    page.locator("#id_person").select_option(label="Claire Fontaine")
    page.locator("#id_deputy").select_option(label="Lucas Petit")
    page.locator("#id_first_day").fill(today.isoformat())
    page.locator("#id_last_day").fill((today + timedelta(days=4)).isoformat())
    page.get_by_role("button", name="Nommer un suppléant").click()
    expect(page.get_by_text("Lucas Petit supplée Claire Fontaine")).to_be_visible()
    look_at(page, "organisation-deputies")


def test_a_person_is_found_previewed_and_erased(page, sign_in, world):
    world.file(description="Demander à Claire Fontaine.", attachments=[joined(b"x", "trace.log")])
    Attachment.objects.update(scan="held")
    sign_in(page, world.paul)
    page.goto("/privacy/?q=fontaine")
    look_at(page, "privacy")
    page.get_by_role("link", name="Claire Fontaine").click()
    look_at(page, "privacy-person")
    page.get_by_label("Motif").fill("Demande de la personne.")
    page.get_by_label("Je sais que rien ne fera revenir").check()
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.get_by_text("Cette personne est effacée.")).to_be_visible()
    expect(page.get_by_text("Claire Fontaine")).to_have_count(0)


def test_an_export_is_followed_to_its_end_without_a_reload(page, sign_in, world):
    Contract.objects.filter(pk=world.contract.pk).update(retention_months=1)
    for _each in range(3):
        world.file(attachments=[joined(b"journal", "trace.log")])
    purge_due(timezone.now())
    sign_in(page, world.marc)
    page.goto("/exports/")
    look_at(page, "exports")
    page.get_by_role("button", name="Préparer un export").click()
    expect(page.get_by_role("heading", name="En attente de son tour")).to_be_visible()
    look_at(page, "export-waiting")
    prepare_waiting(timezone.now)
    expect(page.get_by_role("heading", name="Prêt")).to_be_visible()
    look_at(page, "export-ready")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.suggested_filename == ClientExport.objects.get().name


def test_files_held_and_joined_already_are_said_on_the_ticket_s_page(page, sign_in, world):
    world.file(attachments=[joined(b"journal", "trace.log")])
    ticket = world.file(attachments=[joined(b"journal", "encore.log"), joined(b"autre", "retenu.log")])
    Attachment.objects.filter(name="retenu.log").update(scan="held")
    sign_in(page, world.claire)
    page.goto(ticket.get_absolute_url())
    expect(page.get_by_text("retenu jusqu’à son analyse")).to_be_visible()
    look_at(page, "ticket-files")
