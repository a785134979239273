"""Checking an issued report again: what is confirmed long after, what is found, what is no report."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from unittest import mock

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from sla.models import Contract
from tests.tickets.monthly.checking import verify
from tests.tickets.monthly.reading import plain, text_of
from tests.tickets.monthly.telling import find_all
from tests.world import World, paris
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.models import MonthlyReport, Ticket
from tickets.monthly.document import document_of
from tickets.monthly.files import write_pdf
from tickets.monthly.issuing import issue_report, refresh_report
from tickets.reports.months import Month

MAY = Month(2026, 5)
AT = "2026-06-02 11:00"
pytestmark = pytest.mark.usefixtures("in_june")


def test_report_verify_confirms_an_issued_report(issued: MonthlyReport, tmp_path: Path) -> None:
    said = verify(issued.document, tmp_path)
    assert "digest: confirmed" in said
    assert "issued under its number: confirmed" in said
    assert said.endswith("Confirmed.\n")


def test_a_report_of_the_former_version_is_confirmed_but_for_what_it_counted_otherwise(
    world: World, draft: MonthlyReport, tmp_path: Path
) -> None:
    find_all(draft, world)
    with (
        mock.patch("tickets.monthly.document.FORMAT_VERSION", 1),
        mock.patch("tickets.monthly.figures.late_by", return_value=7),
    ):
        refresh_report(draft, by=world.maud, at=paris(AT))
        document = issue_report(draft, by=world.maud, at=paris(AT)).document
    assert {breach["late"] for breach in document["breaches"]} == {7}
    said = verify(document, tmp_path)
    assert "counted otherwise since: confirmed (late, waiting, workarounds)" in said
    assert said.endswith("Confirmed.\n")


def test_report_verify_confirms_it_long_after_the_tickets_have_lived_on(
    world: World, issued: MonthlyReport, may: dict[str, Ticket], tmp_path: Path
) -> None:
    client_side.answer(may["waiting"], by=world.claire, at=paris("2026-06-05 10:00"), message="La 4.2.")
    vendor.correct(
        may["waiting"], by=world.agnes, at=paris("2026-06-05 11:00"), title="Autre", solution=world.solution
    )
    vendor.deliver(
        may["breached"],
        by=world.agnes,
        at=paris("2026-06-05 12:00"),
        what="fix",
        content="x",
        how_to_test="y",
    )
    client_side.accept(may["breached"], by=world.claire, at=paris("2026-06-08 12:00"))
    assert "Confirmed." in verify(issued.document, tmp_path)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("figures", "flow", "received"), 99),
        (("breaches", 0, "late"), 0),
        (("tickets", 0, "resolve", "net"), 1),
        (("tickets", 0, "statement", "resolve", "net_microseconds"), 1),
        (("synthesis",), "Tout va bien."),
        (("issued_by",), "Quelqu'un d'autre"),
    ],
)
def test_report_verify_finds_whatever_was_changed(
    issued: MonthlyReport, tmp_path: Path, place: tuple[object, ...], value: object
) -> None:
    document = json.loads(json.dumps(issued.document))
    target = document
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    with pytest.raises(CommandError, match="NOT confirmed"):
        verify(document, tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "monthly-report"}', "\x00", '{"format": 3}'])
def test_report_verify_says_what_is_no_report(db, tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(CommandError):
        call_command("report_verify", str(path), stdout=io.StringIO())
    with pytest.raises(CommandError):
        call_command("report_verify", str(tmp_path / "nothing.json"), stdout=io.StringIO())


def test_a_draft_verifies_but_for_its_number(draft: MonthlyReport, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="1 checks differ"):
        verify(document_of(draft), tmp_path)


def test_a_new_name_of_a_contract_or_of_a_solution_breaks_no_issued_report(
    world: World, issued: MonthlyReport, may: dict[str, Ticket], tmp_path: Path
) -> None:
    Contract.objects.create(
        reference="C-planora", client=world.client, solution=world.other_solution, policy=world.contract.policy,
        calendar=world.contract.calendar, starts_on=date(2025, 1, 1),
    )  # fmt: skip
    vendor.correct(
        may["waiting"],
        by=world.agnes,
        at=paris("2026-06-05 11:00"),
        title="Autre",
        solution=world.other_solution,
    )
    assert "Confirmed." in verify(issued.document, tmp_path)
    with time_machine.travel(paris("2027-07-01 10:00"), tick=False):
        world.contract.reference = "C-nouveau"
        world.contract.save()
        world.solution.name = "Gestia Plus"
        world.solution.save()
        assert "Confirmed." in verify(issued.document, tmp_path)
        # One of before documents held an id is found by what was issued.
        document = {**issued.document, "contract": {"reference": "C-brasserie"}}
        with pytest.raises(CommandError, match="NOT confirmed: 2 checks differ"):
            verify(document, tmp_path)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("figures", []), ("figures", None), ("breaches", {}), ("breaches", [1]), ("tickets", "x"), ("tickets", [{}]),
        ("tickets", [{"number": True}]), ("tickets", [{"number": 1, "statement": []}]), ("contract", "x"),
        ("contract", {"id": 10**30, "reference": []}), ("calendars", []), ("policies", 3), ("month", 5),
        ("month", "mai"), ("figures_at", "2026-06-01T10:00:00"), ("figures_at", "0001-01-01T00:00:00+14:00"),
        ("since", []), ("since", {"promises": [3]}), ("number", "un"), ("number", 10**30), ("digest", []),
    ],
)  # fmt: skip
def test_report_verify_says_in_one_line_what_is_malformed(
    issued: MonthlyReport, tmp_path: Path, part: str, value: object
) -> None:
    with pytest.raises(CommandError, match=r"(?i)not confirmed") as refused:
        verify({**issued.document, part: value}, tmp_path)
    assert "\n" not in str(refused.value)


def test_report_verify_survives_a_document_without_a_bottom(db, tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 200_000)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("report_verify", str(path), stdout=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_of_two_errata_begun_at_once_the_second_is_refused_in_words(
    world: World, issued: MonthlyReport
) -> None:
    browser = Browser()
    browser.force_login(world.maud)
    together = Barrier(2)

    def begin(words: str) -> HttpResponse:
        own = Browser()
        own.cookies = browser.cookies
        together.wait(timeout=20)
        answer = own.post(reverse("report_act", args=[issued.pk, "correct"]), {"correction": words})
        connection.close()
        return answer

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(begin, ("Un.", "Deux.")), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "a déjà un erratum" in plain(answers[1].text)
    assert issued.errata.count() == 1


# --- what was signed is what is printed --------------------------------------------------
def test_the_document_holds_its_definitions_and_its_month_rule_in_both_languages(
    issued: MonthlyReport,
) -> None:
    annex = issued.document["annex"]
    assert set(annex) == {"fr", "en"}
    assert annex["fr"]["month_rule"] != annex["en"]["month_rule"]
    assert len(annex["fr"]["definitions"]) == len(annex["en"]["definitions"]) > 10
    as_signed = {"month_rule": "La règle signée.", "definitions": [["Terme", "Le sens signé."]]}
    text = text_of(write_pdf({**issued.document, "annex": {"fr": as_signed, "en": annex["en"]}}))
    assert "La règle signée." in text
    assert "Le sens signé." in text
    assert annex["fr"]["month_rule"] not in text


def test_a_document_of_before_prints_no_sentence_of_what_it_never_held(
    issued: MonthlyReport, tmp_path: Path
) -> None:
    document = {name: part for name, part in issued.document.items() if name not in {"annex", "since"}}
    document["figures"] = {name: part for name, part in document["figures"].items() if name != "quotes"}
    text = text_of(write_pdf(document))
    assert "Aucun devis n’a été demandé" not in text
    assert "Connu depuis les rapports précédents" not in text
    with pytest.raises(CommandError, match="NOT confirmed: 2 checks differ"):  # the digest alone, both ways
        verify(document, tmp_path)


def test_the_page_says_what_the_digest_is_of(client: Browser, world: World, issued: MonthlyReport) -> None:
    client.force_login(world.marc)
    page = plain(client.get(reverse("report", args=[issued.pk])).text)
    assert "L’empreinte est celle du document JSON" in page
