"""A hand-made month: its figures, worked out by hand, are those of the page, the PDF, the workbook and the JSON."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from sla.compliance import Rate, Times
from tests.tickets.monthly.reading import formulas_in, plain, sheets_of, text_of
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

ACKNOWLEDGE, RESOLVE = "acknowledge", "resolve"
SEVERITIES = ("bloquante", "majeure", "mineure")
# severity (none: every one), promise: met, missed, tenths of a percent, without a commitment
KEPT = {
    ("bloquante", ACKNOWLEDGE): (1, 0, 1000, 0),
    ("bloquante", RESOLVE): (0, 1, 0, 0),
    ("majeure", ACKNOWLEDGE): (15, 1, 938, 0),
    ("majeure", RESOLVE): (6, 3, 667, 0),
    ("mineure", ACKNOWLEDGE): (3, 0, 1000, 0),
    ("mineure", RESOLVE): (0, 0, None, 2),
    (None, ACKNOWLEDGE): (19, 1, 950, 0),
    (None, RESOLVE): (6, 4, 600, 2),
}
# the same: number, then mean, median, 90th percentile and worst, in hours: net, then gross
NO_TIMES = (None, None, None, None)
TIMES = {
    ("bloquante", ACKNOWLEDGE): (1, (0.5, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)),
    ("bloquante", RESOLVE): (0, NO_TIMES, NO_TIMES),
    ("majeure", ACKNOWLEDGE): (16, (1.03125, 1, 1, 5), (1.03125, 1, 1, 5)),
    # Gross: 9, 9, 18, 19, 21, 35 h 30, 72, 82; net: 9, 9, 18, 10, 12, 35 h 30, 72, 64.
    ("majeure", RESOLVE): (8, (28.6875, 15, 66.4, 72), (33.1875, 20, 75, 82)),
    ("mineure", ACKNOWLEDGE): (3, (3.5, 1, 7.4, 9), (3.5, 1, 7.4, 9)),
    ("mineure", RESOLVE): (2, (13.5, 13.5, 17.1, 18), (13.5, 13.5, 17.1, 18)),
    (None, ACKNOWLEDGE): (20, (1.375, 1, 1.4, 9), (1.375, 1, 1.4, 9)),
    (None, RESOLVE): (10, (25.65, 15, 64.8, 72), (29.25, 18.5, 73, 82)),
}
SUMMARIES = ("mean", "median", "ninetieth", "worst")
# severity: received, closed, open by age
STOCK = {"bloquante": (3, 1, 1, 1, 0, 0), "majeure": (18, 8, 3, 8, 0, 0), "mineure": (4, 2, 0, 2, 0, 0)}
# month: received, closed, (acknowledged: met, missed), (resolved: met, missed)
TREND = {"2026-04": (1, 0, (1, 0), (0, 0)), "2026-05": (25, 11, (19, 1), (6, 4))}
# life, promise: late by, in hours
LATE = {
    ("late", ACKNOWLEDGE): 1,
    # Due on 13 May at 15:00, not done on 1 June at 10:00: ten whole days lie between, of which no holiday.
    ("breached", RESOLVE): 3 + 10 * 9 + 1,
    ("late", RESOLVE): 9,
    ("refused", RESOLVE): 1,
    ("worked_around", RESOLVE): 3 + 4 * 9 + 1,
}
FLOW = {"open_before": 1, "received": 25, "follow_up": 1, "closed": 11, "refused": 1, "open_after": 15}
APART = {"duplicate": 1, "withdrawn": 2, "out_of_scope": 2, "stopped": 2, "left_out": 2}
SAID = ("19 sur 20, 95 %", "6 sur 10, 60 %", "28 h 41", FINDING)
PAUSES = {"paused_question": 9 * HOUR, "paused_delivery": 18 * HOUR, "paused_out_of_scope": 9 * HOUR}


SAID_SEVERITY = {"bloquante": "Bloquante", "majeure": "Majeure", "mineure": "Mineure", None: "Toutes"}
SAID_PROMISE = {ACKNOWLEDGE: "Prise en compte", RESOLVE: "Résolution"}
SAID_TARGET = {
    ("bloquante", ACKNOWLEDGE): "2 heures ouvrées",
    ("bloquante", RESOLVE): "24 heures ouvrées",
    ("majeure", ACKNOWLEDGE): "4 heures ouvrées",
    ("majeure", RESOLVE): "7 jours ouvrés",
    ("mineure", ACKNOWLEDGE): "24 heures ouvrées",
    ("mineure", RESOLVE): "aucun engagement",
}
SAID_FLOW = (
    "Ouverts au début du mois", "Tickets reçus", "dont suites d’un ticket clos", "Tickets clos",
    "Livraisons refusées", "Ouverts en fin de mois",
)  # fmt: skip
SAID_APART = (
    "Clos comme doublons", "Retirés par le client", "Classé hors périmètre", "Clos sans résolution à juger",
    "Doublons et retraits jugés, écartés des taux",
)  # fmt: skip
SAID_PAUSES = (
    "Attente d’une réponse du client", "Livraison en test chez le client", "Hors périmètre, remis ensuite",
)  # fmt: skip
SAID_MONTH = {"2026-04": "avril 2026", "2026-05": "mai 2026"}


def microseconds(hours: float | None) -> int:
    return round((hours or 0) * HOUR)


def kept_of(found: Rate) -> tuple[int, int, int | None]:
    return found.met, found.missed, found.tenths


def rows_told() -> Iterator[list[object]]:
    """Yield every row of figures: texts, counts, durations (`timedelta`), percentages (`Fraction`), None."""

    def long(hours: float | None) -> timedelta | None:
        return None if hours is None else timedelta(hours=hours)

    def share(tenths: int | None) -> Fraction | None:
        return None if tenths is None else Fraction(tenths, 1000)

    yield from ([name, number] for name, number in zip(SAID_FLOW, FLOW.values(), strict=True))
    yield from ([name, number] for name, number in zip(SAID_APART, APART.values(), strict=True))
    yield from ([name, long(time / HOUR)] for name, time in zip(SAID_PAUSES, PAUSES.values(), strict=True))
    for severity, stock in STOCK.items():
        yield [SAID_SEVERITY[severity], *stock]
    for (severity, promise), (met, missed, tenths, free) in KEPT.items():
        head = [SAID_SEVERITY[severity], SAID_PROMISE[promise]]
        target = SAID_TARGET.get((severity, promise))
        yield [*head, target or "", met + missed, met, missed, share(tenths), free]
        number, *times = TIMES[severity, promise]
        yield [*head, number, *[long(hours) for pair in zip(*times, strict=True) for hours in pair]]
    for month, (received, closed, *promises) in TREND.items():
        rates = [Rate(*each) for each in promises]
        yield [
            SAID_MONTH[month],
            received,
            closed,
            *[said for rate in rates for said in (rate.total, share(rate.tenths))],
        ]


def worded(row: list[object]) -> list[str]:
    """Return a row as a page and a paper say it; what is empty says nothing."""
    return [_worded(cell) for cell in row if cell != ""]


def _worded(cell: object) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, timedelta):
        minutes = cell // timedelta(minutes=1)
        return f"{minutes // 60} h {minutes % 60:02d}"
    if isinstance(cell, Fraction):
        return f"{float(cell * 100):.1f} %".replace(".0 ", " ").replace(".", ",")
    return str(cell)


def numeric(row: list[object]) -> list[object]:
    """Return a row as the cells of a workbook: a number for whatever is counted or measured."""
    return [
        cell / timedelta(hours=1)
        if isinstance(cell, timedelta)
        else float(cell)
        if isinstance(cell, Fraction)
        else cell or (0 if cell == 0 else None)
        for cell in row
    ]


@pytest.fixture
def month(steering_month: dict[str, Ticket]) -> Iterator[dict[str, Ticket]]:
    with time_machine.travel(paris(ISSUED_AT), tick=False):
        yield steering_month


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
    kept = {(line["severity"], line["promise"]): line for line in figures["commitments"]}
    kept |= {(None, promise): line for promise, line in figures["totals"].items()}
    assert set(kept) == set(KEPT)
    for key, line in kept.items():
        assert (line["met"], line["missed"], line["tenths"], line["free"]) == KEPT[key], key
        number, *expected = TIMES[key]
        for name, hours in zip(("net", "gross"), expected, strict=True):
            assert line[name] == (
                {"count": number, **dict(zip(SUMMARIES, map(microseconds, hours), strict=True))}
                if number
                else None
            ), (key, name)
    assert {
        line["severity"]: (line["received"], line["closed"], *line["ages"])
        for line in figures["flow"]["by_severity"]
    } == STOCK
    missed = [(breach["ticket"], breach["promise"], breach["late"]) for breach in issued.document["breaches"]]
    assert missed == [(month[name].pk, promise, hours * HOUR) for (name, promise), hours in LATE.items()]
    past = {line["month"]: line for line in figures["trend"]}
    assert len(past) == 12
    for name, line in past.items():
        rates = [(line[promise]["met"], line[promise]["missed"]) for promise in (ACKNOWLEDGE, RESOLVE)]
        expected = TREND.get(name, (0, 0, (0, 0), (0, 0)))
        assert (line["received"], line["closed"], *rates) == expected, name


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
    for severity, line in zip((*SEVERITIES, None), (*board.severities, board.all), strict=True):
        for promise, kept in ((ACKNOWLEDGE, line.acknowledge), (RESOLVE, line.resolve)):
            assert (*kept_of(kept.rate), kept.free.number) == KEPT[severity, promise]
        number, *expected = TIMES[severity, RESOLVE]
        for times, hours in zip((line.net, line.gross), expected, strict=True):
            assert times == (Times(number, *map(microseconds, hours)) if number else None)
        number, hours, _gross = TIMES[severity, ACKNOWLEDGE]
        assert line.acknowledge_times == Times(number, *map(microseconds, hours))
    assert [count.number for count in board.flow] == [25, 1, 11, 1, 15]
    assert [*[count.number for count in board.apart], board.left_out.number] == list(APART.values())
    assert {str(figure): time for figure, time, _url in board.pauses} == PAUSES
    client.force_login(world.marc)
    text = plain(client.get(reverse("board"), {"month": "2026-05"}).text)
    assert "19 sur 20, 95 %" in text
    assert "28 h 41" in text  # 28.6875 h, rounded down to the minute


def test_the_page_says_every_figure(client: Browser, world: World, issued: MonthlyReport) -> None:
    client.force_login(world.marc)
    text = plain(client.get(reverse("report", args=[issued.pk])).text)
    for said in (*SAID, "25 tickets ont été reçus", "11 ont été clos"):
        assert said in text, said
    text = re.sub(r"(<[^>]*>|\s)+", "|", text)
    for row in rows_told():
        assert f"|{'|'.join(worded(row)).replace(' ', '|')}|" in text, row


def test_the_pdf_says_every_figure_and_is_tagged_titled_and_in_french(
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
    for said in (*SAID, issued.digest, "Maud Bernard", "Rapport n° 1"):
        assert said in text, said
    text = text.replace(" ", "")
    for row in rows_told():
        assert "".join(worded(row)).replace(" ", "") in text, row


def test_the_workbook_says_every_figure_with_its_type(
    issued: MonthlyReport, client: Browser, world: World
) -> None:
    client.force_login(world.maud)
    content = client.get(reverse("report_file", args=[issued.pk, "xlsx"])).content
    sheets = sheets_of(content)
    assert formulas_in(content) == 0
    rows = [row for rows in sheets.values() for row in rows]
    for row in rows_told():
        assert any(numeric(row) == found for found in rows), row
    [missed] = [rows for name, rows in sheets.items() if name == "Délais dépassés"]
    assert [row[3] for row in missed[1 : 1 + len(LATE)]] == list(LATE.values())


def test_the_csv_is_for_a_french_excel(issued: MonthlyReport, client: Browser, world: World) -> None:
    client.force_login(world.marc)
    content = client.get(reverse("report_file", args=[issued.pk, "csv"])).content
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 1 + 26 + 1
    assert lines[0].count(";") == 9


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
