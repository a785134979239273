"""A hand-made month: its figures, worked out by hand, are those of the page, the PDF, the workbook and the JSON."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from sla.compliance import Rate
from tests.tickets.monthly.reading import formulas_in, plain, sheets_of, text_of
from tests.tickets.monthly.steering_month import live_a_steering_month
from tests.tickets.monthly.telling import FINDING, find_all
from tests.world import World, paris
from tickets.models import MonthlyReport, Ticket
from tickets.monthly.issuing import build_report, issue_report
from tickets.monthly.timetable import build_due_reports
from tickets.reports.dashboard import Dashboard
from tickets.reports.days import Days
from tickets.reports.months import Month
from tickets.tallies.measures import Scope
from tickets.words import State

MAY = Month(2026, 5)
FIGURES_AT = "2026-06-01 10:00"
ISSUED_AT = "2026-06-02 11:00"
HOUR = 3_600_000_000

# severity: (acknowledged: met, missed), (resolved: met, missed, free)
RATES = {"bloquante": ((1, 0), (0, 1, 0)), "majeure": ((15, 1), (6, 3, 0)), "mineure": ((3, 0), (0, 0, 2))}
# severity: promise: mean, median, worst, in hours; net, then the gross mean
TIMES = {
    ("bloquante", "acknowledge"): (0.5, 0.5, 0.5, 0.5),
    ("majeure", "acknowledge"): (16.5 / 16, 1, 5, 16.5 / 16),
    ("mineure", "acknowledge"): (10.5 / 3, 1, 9, 10.5 / 3),
    ("majeure", "resolve"): (28.6875, 15, 72, 33.1875),
    ("mineure", "resolve"): (13.5, 13.5, 18, 13.5),
}
FLOW = {"open_before": 1, "received": 25, "follow_up": 1, "closed": 11, "refused": 1, "open_after": 15}
APART = {"duplicate": 1, "withdrawn": 2, "out_of_scope": 2, "stopped": 2, "left_out": 2}
SAID = ("19 sur 20, 95 %", "6 sur 10, 60 %", "28 h 41", FINDING)
PAUSES = {"paused_question": 9 * HOUR, "paused_delivery": 18 * HOUR, "paused_out_of_scope": 9 * HOUR}


@pytest.fixture
def month(world: World) -> Iterator[dict[str, Ticket]]:
    with time_machine.travel(paris(ISSUED_AT), tick=False):
        yield live_a_steering_month(world)


@pytest.fixture
def issued(world: World, month: dict[str, Ticket]) -> MonthlyReport:
    draft = build_report(world.contract, MAY, by=None, at=paris(FIGURES_AT))
    find_all(draft, world)
    return issue_report(draft, by=world.maud, at=paris(ISSUED_AT))


def test_the_month_has_every_state(month: dict[str, Ticket]) -> None:
    assert len(month) == 26
    assert set(Ticket.objects.values_list("state", flat=True)) == set(State.values)


def test_the_document_says_the_figures_counted_by_hand(
    issued: MonthlyReport, month: dict[str, Ticket]
) -> None:
    figures = issued.document["figures"]
    assert {name: figures["flow"][name] for name in FLOW} == FLOW
    assert figures["apart"] == APART
    assert figures["pauses"] == PAUSES
    for line in figures["commitments"]:
        acknowledged, (met, missed, free) = RATES[line["severity"]]
        expected = (*acknowledged, 0) if line["promise"] == "acknowledge" else (met, missed, free)
        assert (line["met"], line["missed"], line["free"]) == expected, line
        times = TIMES.get((line["severity"], line["promise"]))
        if times is None:
            assert line["net"] is None
        else:
            mean, median, worst, gross = (round(hours * HOUR) for hours in times)
            assert (line["net"]["mean"], line["net"]["median"], line["net"]["worst"]) == (
                mean,
                median,
                worst,
            ), line
            assert line["gross"]["mean"] == gross
    assert [figures["totals"][clock]["tenths"] for clock in ("acknowledge", "resolve")] == [950, 600]
    missed = [(breach["ticket"], breach["promise"], breach["late"]) for breach in issued.document["breaches"]]
    assert missed[:2] == [
        (month["late"].pk, "acknowledge", HOUR),
        (month["breached"].pk, "resolve", missed[1][2]),
    ]
    assert {(number, promise) for number, promise, _late in missed} == {
        (month[name].pk, promise)
        for name, promise in (
            ("late", "acknowledge"), ("late", "resolve"), ("breached", "resolve"), ("refused", "resolve"),
            ("worked_around", "resolve"),
        )
    }  # fmt: skip
    assert (month["late"].pk, "resolve", 9 * HOUR) in missed
    assert figures["trend"][-2]["acknowledge"] == {"met": 1, "missed": 0}
    assert figures["trend"][-1]["resolve"] == {"met": 6, "missed": 4}


def test_what_happened_beside_the_promises_is_told(issued: MonthlyReport, month: dict[str, Ticket]) -> None:
    figures = issued.document["figures"]

    def numbers(name: str) -> list[int]:
        return sorted({line["ticket"] for line in figures[name]})

    def of(*names: str) -> list[int]:
        return sorted(month[name].pk for name in names)

    assert numbers("waiting") == of("waiting")
    assert numbers("requalified") == of("requalified", "contested")
    assert [line["settled"] for line in figures["contested"]] == [False, True]
    assert numbers("tacit") == of("tacit", "by_silence")
    assert figures["follow_ups"] == [{"ticket": month["followed"].pk, "of": month["kept"].pk}]
    assert numbers("out_of_scope") == of("outside", "outside_closed", "back_in_scope")
    assert numbers("workarounds") == of("worked_around", "definitive")
    verdicts = [line["verdict"] for line in figures["deliveries"] if line["ticket"] == month["refused"].pk]
    assert verdicts == ["refused", "accepted"]


def test_the_dashboard_says_the_same(client: Browser, world: World, month: dict[str, Ticket]) -> None:
    board = Dashboard(Days.of_month(MAY), Scope(contract=world.contract.pk), paris(FIGURES_AT), {})
    for line, severity in zip(board.severities, ("bloquante", "majeure", "mineure"), strict=True):
        acknowledged, (met, missed, free) = RATES[severity]
        assert (line.acknowledge.rate, line.resolve.rate) == (Rate(*acknowledged), Rate(met, missed))
        assert line.resolve.free.number == free
        if (severity, "resolve") in TIMES:
            mean, median, worst, gross = (round(hours * HOUR) for hours in TIMES[severity, "resolve"])
            assert (line.net.mean, line.net.median, line.net.worst, line.gross.mean) == (
                mean,
                median,
                worst,
                gross,
            )
    assert [count.number for count in board.flow] == [25, 1, 11, 1, 15]
    assert [*[count.number for count in board.apart], board.left_out.number] == list(APART.values())
    assert {str(figure): time for figure, time, _url in board.pauses} == PAUSES
    client.force_login(world.marc)
    text = plain(client.get(reverse("board"), {"month": "2026-05"}).text)
    assert "19 sur 20, 95 %" in text
    assert "28 h 41" in text  # 28.6875 h, rounded down to the minute


def test_the_page_says_the_figures(client: Browser, world: World, issued: MonthlyReport) -> None:
    client.force_login(world.marc)
    text = plain(client.get(reverse("report", args=[issued.pk])).text)
    for said in (*SAID, "25 tickets ont été reçus", "11 ont été clos"):
        assert said in text, said


def test_the_pdf_says_the_figures_and_is_tagged_titled_and_in_french(
    issued: MonthlyReport, client: Browser, world: World
) -> None:
    client.force_login(world.marc)
    answer = client.get(reverse("report_file", args=[issued.pk, "pdf"]))
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"].startswith("fr")
    assert "/StructTreeRoot" in root
    assert "mai 2026" in reader.metadata.title
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)  # A4
    text = text_of(answer.content)
    for said in (*SAID, "33 h 11", issued.digest, "Maud Bernard", "Rapport n° 1"):
        assert said in text, said


def test_the_workbook_says_the_figures_with_their_types(
    issued: MonthlyReport, client: Browser, world: World
) -> None:
    client.force_login(world.maud)
    content = client.get(reverse("report_file", args=[issued.pk, "xlsx"])).content
    sheets = sheets_of(content)
    assert formulas_in(content) == 0
    lines = next(rows for name, rows in sheets.items() if name.startswith("Engagements"))
    by_line = {(row[0], row[1]): row for row in lines[1:]}
    row = by_line["Majeure", "Résolution"]
    assert row[3:7] == [9, 6, 3, pytest.approx(0.667)]
    assert row[7:11] == [28.6875, 15, 72, 33.1875]
    assert by_line["Mineure", "Résolution"][3:7] == [0, 0, 0, None]
    flow = dict(row[:2] for rows in sheets.values() for row in rows if len(row) == 2)
    assert flow["Tickets reçus"] == 25
    assert flow["Tickets clos"] == 11


def test_the_csv_is_for_a_french_excel(issued: MonthlyReport, client: Browser, world: World) -> None:
    client.force_login(world.marc)
    content = client.get(reverse("report_file", args=[issued.pk, "csv"])).content
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 1 + 26 + 1
    assert lines[0].count(";") == 8


def test_the_json_is_the_document_that_was_hashed(
    issued: MonthlyReport, client: Browser, world: World
) -> None:
    client.force_login(world.marc)
    document = json.loads(client.get(reverse("report_file", args=[issued.pk, "json"])).content)
    assert document == issued.document
    assert document["digest"] == issued.digest
    assert len(document["tickets"]) == 26


def test_the_timetable_builds_it_once_on_the_first_business_day(
    world: World, month: dict[str, Ticket]
) -> None:
    assert build_due_reports(paris("2026-06-01 08:59")) == 0
    assert build_due_reports(paris("2026-06-01 09:00")) == 2  # both clients' contracts
    assert build_due_reports(paris("2026-06-01 09:15")) == 0
    assert MonthlyReport.objects.count() == 2
    empty = MonthlyReport.objects.get(client=world.other_client)
    assert empty.body["figures"]["totals"]["resolve"]["tenths"] is None
    assert empty.figures_at == datetime(2026, 6, 1, 7, tzinfo=UTC)
