"""What an issued report keeps when a person is erased or a retention ends, and where its client finds it again."""

import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from sla.models import Contract
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.breaches import find_breach
from tickets.actions.erasing import erase_person
from tickets.actions.exporting import request_export
from tickets.actions.retention import purge_due
from tickets.discarding import delete_discarded
from tickets.exports.preparation import prepare_waiting
from tickets.list_exports.jobs import ask_export, make_exports
from tickets.models import (
    DiscardedFile,
    ExportFormat,
    ExportRecipient,
    ExportSchedule,
    ExportSource,
    ListExport,
    MonthlyReport,
    Ticket,
)
from tickets.monthly.issuing import build_report, issue_report, review_report
from tickets.monthly.verification import check_report
from tickets.privacy.portrait import portrait_of
from tickets.reports.months import Month
from tickets.words import Attribution, DeliveryKind, Promise

pytestmark = pytest.mark.django_db

JULY = paris("2027-07-01 10:00")


def live(world: World, title: str) -> Ticket:
    """One ticket of April, acknowledged too late, delivered, in production."""
    ticket = world.file("2026-04-28 10:30", title=title)
    vendor.acknowledge(ticket, by=world.agnes, at=paris("2026-04-28 16:00"), owner=world.agnes, message="Vu.")
    vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-04-29 10:00"), what=DeliveryKind.FIX, content="4.2.1",
        how_to_test="Relancer l'export.",
    )  # fmt: skip
    client.declare_production(ticket, by=world.claire, at=paris("2026-04-29 15:00"))
    find_breach(
        ticket, Promise.ACKNOWLEDGE, by=world.maud, at=paris("2026-05-04 09:00"), cause="Un oubli.",
        attribution=Attribution.VENDOR, comment="Vu.", corrective_action="Un rappel.",
    )  # fmt: skip
    return ticket


def issue(world: World) -> MonthlyReport:
    """Issue April's report."""
    at = paris("2026-05-04 10:00")
    draft = build_report(world.contract, Month(2026, 4), by=world.maud, at=at)
    issue_report(draft, by=world.maud, at=at)
    return MonthlyReport.objects.get(pk=draft.pk)


def holds(report: MonthlyReport) -> bool:
    """Tell whether an issued report still passes every check of `report_verify`."""
    return all(check.passed for check in check_report(json.loads(json.dumps(report.document))))


def test_an_issued_report_keeps_the_names_that_were_signed_and_still_verifies_after_an_erasure(
    world: World,
) -> None:
    live(world, "Marc Delmas ne peut plus exporter")
    report = issue(world)
    before = report.document
    assert before["recipients"] == [str(world.marc)]
    erase_person(world.marc, motive="Demande de la personne.", by=world.paul, at=JULY)
    erase_person(world.maud, motive="Départ.", by=world.paul, at=JULY)
    report.refresh_from_db()
    assert report.document == before, (
        "a signed document never changes: docs/privacy.md says which names it holds"
    )
    assert holds(report)
    call_command("ledger_verify")
    assert str(report.issued_by) != before["issued_by"], "beside the document, the person is called as today"


def test_a_draft_is_a_text_like_another_for_an_erasure(world: World) -> None:
    live(world, "Export")
    draft = build_report(world.contract, Month(2026, 4), by=world.maud, at=paris("2026-05-04 10:00"))
    name = str(world.claire)
    review_report(draft, by=world.maud, at=JULY, synthesis=f"{name} attend.", action_plan=f"Rappeler {name}.")
    erasure = erase_person(world.claire, motive="Demande.", by=world.paul, at=JULY)
    draft.refresh_from_db()
    assert name not in draft.synthesis + draft.action_plan
    assert erasure.counts["tickets.monthlyreport"] == 2


def test_the_lists_of_an_erased_person_go_with_their_bytes(world: World) -> None:
    live(world, "Export")
    at = paris("2026-05-04 10:00")
    export = ask_export(world.marc, ExportSource.PORTAL, "view=all", ExportFormat.CSV, at=at)
    make_exports(at)
    export.refresh_from_db()
    schedule = ExportSchedule.objects.create(
        client=world.client, owner=world.claire, name="Tous", source="portal", suffix="csv", every="week",
        next_due_at=at, created_at=at,
    )  # fmt: skip
    schedule.recipients.set([world.marc, world.claire], through_defaults={"client": world.client})
    erase_person(world.marc, motive="Demande.", by=world.paul, at=JULY)
    assert not ListExport.objects.filter(person=world.marc).exists()
    assert [each.person for each in ExportRecipient.objects.all()] == [world.claire]
    assert DiscardedFile.objects.filter(key=export.file.name).exists()
    delete_discarded()
    assert not default_storage.exists(export.file.name)


def test_the_file_of_a_list_is_no_orphan_of_the_storage(world: World) -> None:
    live(world, "Export")
    at = paris("2026-05-04 10:00")
    export = ask_export(world.marc, ExportSource.PORTAL, "", ExportFormat.CSV, at=at)
    make_exports(at)
    export.refresh_from_db()
    DiscardedFile.objects.create(client=world.client, key=export.file.name, discarded_at=at)
    delete_discarded()
    assert default_storage.exists(export.file.name)


def test_a_retention_leaves_the_issued_report_the_figures_and_the_chain_whole(world: World) -> None:
    ticket = live(world, "Un titre purgé")
    report = issue(world)
    Contract.objects.update(retention_months=12)
    assert len(purge_due(JULY)) == 1
    ticket.refresh_from_db()
    report.refresh_from_db()
    assert "purgé" in ticket.title
    assert ticket.title != "Un titre purgé"
    assert report.document["tickets"][0]["title"] == "Un titre purgé", (
        "what was signed stays as it was signed"
    )
    assert holds(report)
    call_command("check_ledger")
    call_command("ledger_verify")


@pytest.mark.parametrize("name", ["marc", "maud", "paul"])
def test_a_client_s_whole_export_holds_its_issued_reports_and_no_draft(world: World, name: str) -> None:
    live(world, "Export")
    report = issue(world)
    build_report(world.contract, Month(2026, 5), by=world.maud, at=paris("2026-06-02 10:00"))
    build_report(world.other_contract, Month(2026, 4), by=world.maud, at=paris("2026-06-02 10:00"))
    export = request_export(world.client, by=getattr(world, name), at=JULY)
    assert prepare_waiting(lambda: JULY) == 1
    export.refresh_from_db()
    with export.file.open() as content, zipfile.ZipFile(content) as archive:
        reports = sorted(each for each in archive.namelist() if each.startswith("reports/"))
        assert reports == [f"reports/{report.number}.json", f"reports/{report.number}.pdf"]
        document = json.loads(archive.read(reports[0]))
        assert archive.read(reports[1]).startswith(b"%PDF-")
    assert all(check.passed for check in check_report(document))


def test_a_person_s_data_say_what_they_signed_and_found(world: World) -> None:
    ticket = live(world, "Export")
    report = issue(world)
    document = portrait_of(world.maud, JULY)
    assert [(each["ticket"], each["cause"]) for each in document["findings"]] == [(ticket.pk, "Un oubli.")]
    assert [each["digest"] for each in document["reports_signed"]] == [report.digest]
    assert [each["number"] for each in document["reports_reviewed"]] == [report.number]
