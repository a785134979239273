"""Exports of what is not a list of tickets: the breach file, the reports, the trainings, the product anomalies."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from sla.models import Contract
from tests.tickets.monthly.reading import formulas_in, sheets_of
from tests.tickets.monthly.telling import find_all
from tests.world import World, paris
from tickets.actions.anomalies import record_anomaly
from tickets.actions.breaches import find_breach
from tickets.list_exports.jobs import STEP, _noting, ask_export, make_exports
from tickets.models import ExportFormat, ExportSource, ListExport, ListExportState, MonthlyReport, Ticket
from tickets.monthly.issuing import build_report, issue_report
from tickets.reports.months import Month
from tickets.words import Attribution, Promise

HOSTILE = "=HYPERLINK(A1) \u202e كلمة" + " très" * 30


@pytest.fixture(autouse=True)
def in_june() -> Iterator[None]:
    with time_machine.travel(paris("2026-06-03 12:00"), tick=False):
        yield


def answered(client: Browser, person, source: str, suffix: str, query: dict[str, str] | None = None) -> bytes:
    client.force_login(person)
    answer = client.get(reverse("list_file", args=[source, suffix]), query or {})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{source}.{suffix}"'
    return b"".join(answer.streaming_content)


def asked(client: Browser, person, source: str, query: dict[str, str] | None = None) -> list[dict]:
    return json.loads(answered(client, person, source, "json", query))


def find(world: World, ticket: Ticket) -> None:
    find_breach(
        ticket, Promise.RESOLVE, by=world.maud, at=timezone.now(), cause=HOSTILE, attribution=Attribution.VENDOR,
        comment="Vu en comité.", corrective_action="Une astreinte.",
    )  # fmt: skip


def test_the_breach_file_is_exported_as_its_page_shows_it(client: Browser, world: World, may) -> None:
    find(world, may["late"])
    query = {"month": "2026-05"}
    client.force_login(world.maud)
    page = client.get(reverse("breaches"), query)
    shown = [(each.ticket.pk, str(each.promise.label)) for each in page.context["breaches"]]
    found = asked(client, world.maud, "breaches", query)
    assert [(row["number"], row["promise"]) for row in found] == shown
    [late] = [row for row in found if row["number"] == may["late"].pk and row["cause"]]
    assert late["cause"] == HOSTILE
    assert (late["attribution"], late["author"]) == ("Fournisseur", str(world.maud))
    assert late["late"] > 0
    missing = asked(client, world.maud, "breaches", {**query, "missing": "on"})
    assert [row["number"] for row in missing] == [row["number"] for row in found if row["cause"] is None], (
        "the filter of the page is kept"
    )


def test_what_somebody_wrote_is_a_formula_in_no_format(client: Browser, world: World, may) -> None:
    find(world, may["late"])
    book = answered(client, world.maud, "breaches", "xlsx", {"month": "2026-05"})
    assert formulas_in(book) == 0
    [(_name, sheet)] = sheets_of(book).items()
    assert HOSTILE in [cell for row in sheet for cell in row]
    text = answered(client, world.maud, "breaches", "csv", {"month": "2026-05"}).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert f"'{HOSTILE}" in [cell for line in lines for cell in line]
    assert len({len(line) for line in lines}) == 1


def test_a_period_that_is_none_is_refused_in_words(client: Browser, world: World) -> None:
    client.force_login(world.maud)
    query = {"from": "2026-06-02", "to": "2026-06-01"}
    answer = client.get(reverse("list_file", args=["breaches", "csv"]), query)
    assert answer.status_code == 400
    assert "finit avant de commencer" in answer.content.decode()
    answer = client.get(reverse("list_file", args=["trainings", "csv"]), {"client": "999999"})
    assert answer.status_code == 400


def test_a_client_manager_exports_its_own_issued_reports_alone(client: Browser, world: World, may) -> None:
    for contract in Contract.objects.all():
        build_report(contract, Month(2026, 5), by=world.maud, at=timezone.now())
    drafts = asked(client, world.maud, "reports")
    assert {row["client"] for row in drafts} == {world.client.name, world.other_client.name}
    assert {row["state"] for row in drafts} == {"Projet"}
    assert drafts[0]["month"] == "2026-05-01"
    assert asked(client, world.marc, "reports") == [], "a draft is the vendor's"
    for draft in MonthlyReport.objects.all():
        find_all(draft, world)
        issue_report(draft, by=world.maud, at=timezone.now())
    issued = asked(client, world.marc, "reports")
    assert [(row["client"], row["state"], row["number"]) for row in issued] == [
        (world.client.name, "Émis", 1)
    ]
    text = answered(client, world.marc, "reports", "csv").decode("utf-8-sig")
    assert world.other_client.name not in text
    assert len(asked(client, world.maud, "reports")) == len(drafts)


def test_the_register_is_exported_as_it_stands_that_day(client: Browser, world: World) -> None:
    training = world.claire.trainings.first()
    training.expires_on = date(2026, 6, 2)
    training.save()
    found = asked(client, world.agnes, "trainings", {"q": "fontaine"})
    assert [(row["person"], row["standing"], row["expires_on"]) for row in found] == [
        (str(world.claire), "expirée", "2026-06-02")
    ]
    text = answered(client, world.agnes, "trainings", "csv", {"q": "fontaine"}).decode("utf-8-sig")
    assert "02/06/2026" in text
    book = answered(client, world.agnes, "trainings", "xlsx", {"q": "fontaine"})
    [(_name, [heading, line])] = sheets_of(book).items()
    assert heading[0] == "Client"
    assert (date(2026, 6, 2) - date(1899, 12, 30)).days in line, "a date, and not a text"


def test_product_anomalies_are_exported_with_what_they_concern(client: Browser, world: World) -> None:
    for title in ("Total faux", "Écran vide"):
        record_anomaly(
            by=world.agnes, at=timezone.now(), solution=world.solution, title=title, summary="Un défaut.",
            analysis="Pour nous seuls.",
        )  # fmt: skip
    found = asked(client, world.agnes, "anomalies", {"q": "total"})
    assert [(row["title"], row["tickets"]) for row in found] == [("Total faux", 0)]
    assert len(asked(client, world.agnes, "anomalies")) == 2


@pytest.mark.parametrize("source", ["breaches", "reports", "trainings", "anomalies"])
@pytest.mark.parametrize("who", ["claire", "marc", "lucas", "agnes", "maud", "paul"])
def test_a_register_is_exported_by_those_who_read_its_page(
    client: Browser, world: World, source: str, who: str
) -> None:
    page = {
        "breaches": "breaches",
        "reports": "report_list",
        "trainings": "trainings",
        "anomalies": "anomalies",
    }
    client.force_login(getattr(world, who))
    read = client.get(reverse(page[source])).status_code
    exported = client.get(reverse("list_file", args=[source, "json"])).status_code
    assert (read, exported) in {(200, 200), (403, 403)}


def test_registers_are_made_in_the_background_too(world: World, may) -> None:
    at = timezone.now()
    ask_export(world.maud, ExportSource.BREACHES, "month=2026-05", ExportFormat.XLSX, at=at)
    ask_export(world.agnes, ExportSource.TRAININGS, "", ExportFormat.CSV, at=at)
    assert make_exports(at) == 2
    assert {export.state for export in ListExport.objects.all()} == {ListExportState.DONE}
    assert all(export.written == export.total > 0 for export in ListExport.objects.all())


def test_a_file_that_goes_on_is_given_up_by_nobody(world: World) -> None:
    at = timezone.now()
    export = ask_export(world.agnes, ExportSource.QUEUE, "", ExportFormat.JSON, at=at)
    ListExport.objects.filter(pk=export.pk).update(state=ListExportState.RUNNING, begun_at=at)
    rows = _noting(export, ([number] for number in range(2 * STEP)))
    with time_machine.travel(at + timedelta(minutes=19), tick=False):
        for _row in range(STEP):
            next(rows)
    assert make_exports(at + timedelta(minutes=25)) == 0, "it was at work six minutes before"
    assert make_exports(at + timedelta(minutes=40)) == 1, "then no more"
