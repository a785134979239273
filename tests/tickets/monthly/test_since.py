"""What becomes known of a month after its report was issued: told once, marked in the trend, said on its page."""

import io
from collections.abc import Callable

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from tests.tickets.monthly.reading import plain, sheets_of, text_of
from tests.tickets.monthly.telling import find_all
from tests.tickets.reports.month_of_may import Life
from tests.world import World, paris
from tickets.actions import vendor
from tickets.models import MonthlyReport
from tickets.monthly.document import document_of
from tickets.monthly.files import write_csv, write_json, write_pdf, write_xlsx
from tickets.monthly.issuing import build_report, correct_report, issue_report
from tickets.reports.dashboard import Dashboard
from tickets.reports.days import Days
from tickets.reports.months import Month
from tickets.tallies.measures import Scope

MAY, JUNE, JULY = Month(2026, 5), Month(2026, 6), Month(2026, 7)
BUILT = {MAY: "2026-06-01 10:00", JUNE: "2026-07-01 10:00", JULY: "2026-08-03 10:00"}

Issue = Callable[[Month], MonthlyReport]


@pytest.fixture
def issue(world: World) -> Issue:
    def issue(month: Month) -> MonthlyReport:
        at = paris(BUILT[month])
        with time_machine.travel(at, tick=False):
            draft = build_report(world.contract, month, by=None, at=at)
            find_all(draft, world, BUILT[month])
            return issue_report(draft, by=world.maud, at=at)

    return issue


@pytest.fixture
def delivered(world: World) -> Life:
    """Delivered in May in time; accepted in June, once May's report is issued."""
    return Life(world, "05-25 10:00").acknowledge("05-26 10:00").deliver("05-28 10:00")


def promises(report: MonthlyReport) -> list[tuple[object, ...]]:
    return [
        tuple(line[name] for name in ("month", "ticket", "promise", "judged", "issued", "report"))
        for line in report.document["since"]["promises"]
    ]


def verify(report: MonthlyReport, tmp_path) -> str:
    path, out = tmp_path / "report.json", io.StringIO()
    path.write_bytes(write_json(report.document))
    call_command("report_verify", str(path), stdout=out)
    return out.getvalue()


def test_a_delivery_accepted_after_its_month_was_issued_is_in_the_next_report(
    world: World, delivered: Life, issue: Issue, tmp_path
) -> None:
    may = issue(MAY)
    number = delivered.ticket.pk
    assert may.document["figures"]["totals"]["resolve"]["met"] == 0
    delivered.accept("06-02 10:00")
    june = issue(JUNE)
    assert june.document["figures"]["totals"]["resolve"]["met"] == 0
    assert promises(june) == [("2026-05", number, "resolve", "met", None, may.number)]
    [line] = june.document["since"]["promises"]
    assert (line["due"], line["done"]) == ("2026-06-04T07:00:00+00:00", "2026-05-28T08:00:00+00:00")
    assert line["title"] == delivered.ticket.title
    board = Dashboard(Days.of_month(MAY), Scope(contract=world.contract.pk), paris(BUILT[JUNE]), {})
    assert sum(each.resolve.rate.total for each in board.severities) == 1
    assert "Confirmed." in verify(june, tmp_path)
    assert "Confirmed." in verify(may, tmp_path)


def test_it_is_told_once(delivered: Life, issue: Issue, tmp_path) -> None:
    issue(MAY)
    delivered.accept("06-02 10:00")
    issue(JUNE)
    july = issue(JULY)
    assert promises(july) == []
    assert "Confirmed." in verify(july, tmp_path)


def test_what_is_judged_otherwise_than_it_was_issued_is_told_with_both(world: World, issue: Issue) -> None:
    late = Life(world, "05-04 10:00").acknowledge("05-04 15:00").ticket
    original = Life(world, "05-04 09:00").acknowledge("05-04 09:30").ticket
    may = issue(MAY)
    vendor.close(
        late, by=world.agnes, at=paris("2026-06-02 10:00"), ground="duplicate", message="Le même.",
        duplicate_of=original,
    )  # fmt: skip
    june = issue(JUNE)
    assert ("2026-05", late.pk, "acknowledge", None, "missed", may.number) in promises(june)
    text = text_of(write_pdf(june.document))
    assert "Ne compte plus" in text
    assert f"Rapport n° {may.number} : En retard" in text


def test_an_erratum_leaves_nothing_to_tell(world: World, delivered: Life, issue: Issue) -> None:
    may = issue(MAY)
    delivered.accept("06-02 10:00")
    at = paris("2026-06-15 10:00")
    with time_machine.travel(at, tick=False):
        erratum = correct_report(may, by=world.maud, at=at, correction="Une livraison acceptée depuis.")
        issue_report(erratum, by=world.maud, at=at)
    june = issue(JUNE)
    assert june.document["since"] == {"promises": [], "trend": []}


def test_every_file_holds_it_and_the_trend_marks_its_month(
    world: World, delivered: Life, issue: Issue
) -> None:
    may = issue(MAY)
    delivered.accept("06-02 10:00")
    june = issue(JUNE)
    text = text_of(write_pdf(june.document))
    for said in (
        "Connu depuis les rapports précédents", f"#{delivered.ticket.pk}",
        f"Absent du rapport n° {may.number}",
        f"* mai 2026, tel qu’émis (rapport n° {may.number}) : tickets reçus 1, clos 0",
        "résolus dans les délais —",
    ):  # fmt: skip
        assert said in text, said
    sheets = sheets_of(write_xlsx(june.document))
    rows = next(rows for name, rows in sheets.items() if name.startswith("Connu depuis"))
    assert rows[1][1:3] == ["mai 2026", "Résolution"]
    months = [row[0] for name, rows in sheets.items() if name.startswith("Tendance") for row in rows]
    assert "mai 2026 *" in months
    assert "juin 2026" in months
    lines = write_csv(june.document).decode("utf-8-sig").split("\r\n")
    assert any(line.startswith(f"#{delivered.ticket.pk} ") and "mai 2026" in line for line in lines)


def test_an_issued_reports_page_tells_managers_that_its_figures_have_moved(
    client: Browser, world: World, delivered: Life, issue: Issue
) -> None:
    may = issue(MAY)
    url = reverse("report", args=[may.pk])
    with time_machine.travel(paris("2026-06-02 12:00"), tick=False):
        client.force_login(world.maud)
        assert "ont bougé depuis son émission" not in plain(client.get(url).text)
        delivered.accept("06-02 10:00")
        page = client.get(url).text
        assert "ont bougé depuis son émission" in plain(page)
        assert reverse("ticket", args=[delivered.ticket.pk]) in page
        client.force_login(world.marc)
        assert "ont bougé depuis son émission" not in plain(client.get(url).text)


def test_a_draft_whose_body_was_written_before_the_section_is_still_shown(
    client: Browser, world: World, delivered: Life
) -> None:
    draft = build_report(world.contract, MAY, by=None, at=paris(BUILT[MAY]))
    del draft.body["since"]
    draft.save()
    assert "since" not in document_of(draft)
    client.force_login(world.maud)
    assert client.get(reverse("report", args=[draft.pk])).status_code == 200
