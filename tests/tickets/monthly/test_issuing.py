"""Issuing a monthly report: what is refused, what is frozen, who reads it, what an erratum is, how it is checked."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from sla.models import Contract, PolicyVersion
from sla.policy import Severity
from tests.tickets.monthly.checking import verify
from tests.tickets.monthly.reading import formulas_in, plain, sheets_of, text_of
from tests.tickets.monthly.telling import find_all
from tests.world import World, paris, person
from tickets.actions import vendor
from tickets.actions.breaches import find_breach
from tickets.actions.filing import Filing, register_ticket
from tickets.actions.work import IllegalMove
from tickets.models import BreachFinding, Mail, MonthlyReport, ReportState, Ticket
from tickets.monthly.document import document_of
from tickets.monthly.files import WRITERS, write_csv, write_pdf, write_xlsx
from tickets.monthly.issuing import (
    CausesMissing,
    build_report,
    correct_report,
    discard_report,
    issue_report,
    refresh_report,
    review_report,
)
from tickets.monthly.synthesis import synthesis_of
from tickets.notifications.sending import send_waiting
from tickets.reports.months import Month
from tickets.words import Attribution, Means, OutOfScopeGround, Promise

APRIL, MAY, JUNE = Month(2026, 4), Month(2026, 5), Month(2026, 6)
AT = "2026-06-02 11:00"
pytestmark = pytest.mark.usefixtures("in_june")


# --- refused -----------------------------------------------------------------------------
def test_a_report_is_not_issued_while_a_breach_lacks_its_cause(world: World, draft: MonthlyReport) -> None:
    with pytest.raises(CausesMissing) as refused:
        issue_report(draft, by=world.maud, at=paris(AT))
    assert len(refused.value.breaches) == 4
    find_all(draft, world)
    assert issue_report(draft, by=world.maud, at=paris(AT)).number == 1
    assert MonthlyReport.objects.filter(state=ReportState.DRAFT).count() == 0


def test_the_page_lists_what_is_missing_and_refuses_with_409(
    client: Browser, world: World, draft: MonthlyReport, may
) -> None:
    client.force_login(world.maud)
    answer = client.post(reverse("report_act", args=[draft.pk, "issue"]))
    assert answer.status_code == 409
    assert reverse("breach", args=[may["breached"].pk, "resolve"]) in answer.text
    draft.refresh_from_db()
    assert draft.state == ReportState.DRAFT
    assert draft.number is None


def test_a_month_that_is_not_over_is_built_and_not_issued(world: World, may) -> None:
    running = build_report(world.contract, JUNE, by=world.maud, at=paris(AT))
    with pytest.raises(IllegalMove, match="recalculez"):
        issue_report(running, by=world.maud, at=paris("2026-07-01 10:00"))
    assert refresh_report(running, by=world.maud, at=paris("2026-07-01 10:00")).figures_at == paris(
        "2026-07-01 10:00"
    )


def test_a_month_that_has_not_begun_or_is_out_of_the_contract_is_refused(world: World) -> None:
    with pytest.raises(IllegalMove):
        build_report(world.contract, Month(2026, 8), by=world.maud, at=paris(AT))
    with pytest.raises(IllegalMove):
        build_report(world.contract, Month(2024, 12), by=world.maud, at=paris(AT))
    Contract.objects.filter(pk=world.contract.pk).update(ends_on=date(2026, 4, 10))
    world.contract.refresh_from_db()
    with pytest.raises(IllegalMove):
        build_report(world.contract, MAY, by=world.maud, at=paris(AT))
    ended = build_report(world.contract, APRIL, by=world.maud, at=paris(AT))
    assert document_of(ended)["contract"]["ends_on"] == "2026-04-10"
    assert not MonthlyReport.objects.filter(month=MAY.first_day).exists()


@pytest.mark.parametrize("role", ["agnes", "marc", "claire", "paul"])
def test_support_managers_alone_build_review_and_issue(world: World, draft: MonthlyReport, role: str) -> None:
    by = getattr(world, role)
    for act in (
        lambda: build_report(world.contract, MAY, by=by, at=paris(AT)),
        lambda: refresh_report(draft, by=by, at=paris(AT)),
        lambda: review_report(draft, by=by, at=paris(AT), synthesis="", action_plan=""),
        lambda: issue_report(draft, by=by, at=paris(AT)),
        lambda: correct_report(draft, by=by, at=paris(AT), correction="x"),
        lambda: discard_report(draft, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()


# --- issued ------------------------------------------------------------------------------
def test_an_issued_report_never_changes_nor_disappears(world: World, issued: MonthlyReport) -> None:
    for change in (
        lambda: MonthlyReport.objects.filter(pk=issued.pk).update(synthesis="Autre"),
        lambda: MonthlyReport.objects.filter(pk=issued.pk).update(state=ReportState.DRAFT),
        lambda: MonthlyReport.objects.filter(pk=issued.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    for act in (
        lambda: refresh_report(issued, by=world.maud, at=paris(AT)),
        lambda: review_report(issued, by=world.maud, at=paris(AT), synthesis="", action_plan=""),
        lambda: issue_report(issued, by=world.maud, at=paris(AT)),
        lambda: build_report(world.contract, MAY, by=world.maud, at=paris(AT)),
        lambda: discard_report(issued, by=world.maud),
    ):
        with pytest.raises(IllegalMove):
            act()


def test_what_happens_afterwards_changes_neither_the_document_nor_its_files(
    world: World, issued: MonthlyReport, may: dict[str, Ticket]
) -> None:
    before = {suffix: write(issued.document) for suffix, (write, _type) in WRITERS.items() if suffix != "pdf"}
    vendor.deliver(
        may["breached"],
        by=world.agnes,
        at=paris("2026-06-02 12:00"),
        what="fix",
        content="x",
        how_to_test="y",
    )
    Ticket.objects.filter(pk=may["kept"].pk).update(title="Autre titre")
    issued.refresh_from_db()
    assert {
        suffix: write(issued.document) for suffix, (write, _type) in WRITERS.items() if suffix != "pdf"
    } == before


def test_numbers_have_no_gap_for_each_client(world: World, may) -> None:
    for month, number in ((APRIL, 1), (MAY, 2)):
        report = build_report(world.contract, month, by=world.maud, at=paris(AT))
        if report.body["breaches"]:
            with pytest.raises(CausesMissing):
                issue_report(report, by=world.maud, at=paris(AT))
            find_all(report, world)
        assert issue_report(report, by=world.maud, at=paris(AT)).number == number
    theirs = build_report(world.other_contract, MAY, by=world.maud, at=paris(AT))
    assert issue_report(theirs, by=world.maud, at=paris(AT)).number == 1


def test_the_clients_managers_are_sent_it_once(world: World, issued: MonthlyReport) -> None:
    [mail] = Mail.objects.filter(template="report_issued")
    assert mail.recipient == world.marc
    assert send_waiting(timezone.now())["sent"] >= 1
    mail.refresh_from_db()
    assert mail.sent_at is not None


def test_a_client_manager_reads_the_issued_ones_of_their_own_organisation(
    client: Browser, world: World, issued: MonthlyReport
) -> None:
    theirs = build_report(world.other_contract, MAY, by=world.maud, at=paris(AT))
    issue_report(theirs, by=world.maud, at=paris(AT))
    running = build_report(world.contract, JUNE, by=world.maud, at=paris(AT))
    client.force_login(world.marc)
    listed = client.get(reverse("report_list")).context["page"].object_list
    assert [report.pk for report in listed] == [issued.pk]
    nowhere = client.get(reverse("report", args=[999_999]))
    for hidden in (theirs, running):
        for url in (
            reverse("report", args=[hidden.pk]),
            *(reverse("report_file", args=[hidden.pk, suffix]) for suffix in WRITERS),
        ):
            answer = client.get(url)
            assert answer.status_code == 404
            assert answer.content == nowhere.content
    assert (
        client.post(reverse("report_act", args=[issued.pk, "correct"]), {"correction": "x"}).status_code
        == 403
    )
    for who in (world.agnes, world.claire, world.paul):
        client.force_login(who)
        assert client.get(reverse("report", args=[issued.pk])).status_code == 403
    gone = person("Gone Manager", Role.CLIENT_MANAGER, world.client)
    client.force_login(gone)
    gone.is_active = False
    gone.save()
    assert client.get(reverse("report", args=[issued.pk])).status_code == 302


def test_an_erratum_is_a_new_document_that_says_what_it_corrects(
    world: World, issued: MonthlyReport, tmp_path: Path
) -> None:
    with pytest.raises(ValidationError):
        correct_report(issued, by=world.maud, at=paris(AT), correction=" ")
    erratum = correct_report(issued, by=world.maud, at=paris(AT), correction="Le motif du n° 3 était faux.")
    with pytest.raises(IllegalMove):
        correct_report(issued, by=world.maud, at=paris(AT), correction="Encore.")
    with pytest.raises(IllegalMove):
        correct_report(erratum, by=world.maud, at=paris(AT), correction="Encore.")
    second = issue_report(erratum, by=world.maud, at=paris(AT))
    assert (second.number, second.document["corrects"]) == (2, 1)
    assert "Le motif du n° 3 était faux." in text_of(write_pdf(second.document))
    assert "Confirmed." in verify(second.document, tmp_path)


def test_the_draft_of_an_erratum_may_be_thrown_away_and_a_months_own_not(
    world: World, issued: MonthlyReport
) -> None:
    erratum = correct_report(issued, by=world.maud, at=paris(AT), correction="Faux.")
    with pytest.raises(ValidationError) as refused:
        review_report(erratum, by=world.maud, at=paris(AT), synthesis="", action_plan="", correction=" ")
    assert list(refused.value.message_dict) == ["correction"]
    discard_report(erratum, by=world.maud)
    assert not issued.errata.exists()
    running = build_report(world.contract, JUNE, by=world.maud, at=paris(AT))
    with pytest.raises(IllegalMove):
        discard_report(running, by=world.maud)


# --- texts -------------------------------------------------------------------------------
def test_the_synthesis_is_the_rules_until_a_person_writes_one(world: World, draft: MonthlyReport) -> None:
    assert draft.synthesis == synthesis_of(draft)
    written = review_report(
        draft, by=world.maud, at=paris(AT), synthesis="Un mois difficile.", action_plan="Recruter."
    )
    again = refresh_report(written, by=world.maud, at=paris(AT))
    assert (again.synthesis, again.action_plan) == ("Un mois difficile.", "Recruter.")
    back = review_report(again, by=world.maud, at=paris(AT), synthesis="  ", action_plan="")
    assert back.synthesis == synthesis_of(back)
    assert not back.synthesis_is_written


def test_a_month_whose_findings_lack_their_comment_is_not_issued(
    world: World, draft: MonthlyReport, may: dict[str, Ticket]
) -> None:
    find_all(draft, world)
    last = BreachFinding.objects.standing().first()
    last.pk, last.revision, last.comment = None, last.revision + 1, ""
    last.save(force_insert=True)  # as one written before its comment was asked for
    with pytest.raises(CausesMissing) as refused:
        issue_report(draft, by=world.maud, at=paris(AT))
    assert [each["ticket"] for each in refused.value.breaches] == [last.ticket_id]


def test_the_report_says_when_the_corrective_action_was_done(
    world: World, draft: MonthlyReport, may: dict[str, Ticket]
) -> None:
    find_all(draft, world)
    find_breach(
        may["breached"], Promise.RESOLVE, by=world.maud, at=paris(AT), cause="Un oubli.", comment="Vu.",
        attribution=Attribution.VENDOR, corrective_action="Rappel posé.", corrected_on=date(2026, 6, 1),
    )  # fmt: skip
    document = issue_report(draft, by=world.maud, at=paris(AT)).document
    text = text_of(write_pdf(document))
    assert "Rappelposé.(faitle1erjuin2026)" in "".join(text.split())


def test_an_exclusion_is_printed_with_both_rates_its_clause_and_its_author(
    world: World, draft: MonthlyReport, may: dict[str, Ticket]
) -> None:
    find_all(draft, world)
    find_breach(
        may["breached"], Promise.RESOLVE, by=world.maud, at=paris(AT), cause="Inondation du site.",
        attribution=Attribution.EXCLUDED, clause=OutOfScopeGround.FORCE_MAJEURE, comment="Attestation jointe.",
        corrective_action="Aucune.",
    )  # fmt: skip
    document = issue_report(draft, by=world.maud, at=paris(AT)).document
    assert document["figures"]["totals"]["resolve"]["missed"] == 3, "the breach is still counted (K-11)"
    text = text_of(write_pdf(document))
    said = (
        "Résolutions dans le délai : 2 sur 5, 40 % ; 1 dépassement exclu mis à part (K-11) : 2 sur 4, 50 %."
    )
    assert said in text
    assert "Forcemajeure(C-OUT-2),parMaudBernard" in text.replace(" ", "")


def test_k_13_where_every_breach_judged_is_excluded_a_dash_stands_for_the_rate(world: World) -> None:
    alone = world.file("2026-05-11 09:00", "bloquante")
    vendor.acknowledge(
        alone, by=world.agnes, at=paris("2026-05-11 09:30"), owner=world.agnes, message="Je regarde."
    )
    draft = build_report(world.contract, MAY, by=world.maud, at=paris(AT))
    find_breach(
        alone, Promise.RESOLVE, by=world.maud, at=paris(AT), cause="Inondation du site.",
        attribution=Attribution.EXCLUDED, clause=OutOfScopeGround.FORCE_MAJEURE, corrective_action="Aucune.",
        comment="Inondation.",
    )  # fmt: skip
    document = issue_report(draft, by=world.maud, at=paris(AT)).document
    said = "Résolutions dans le délai : 0 sur 1, 0 % ; 1 dépassement exclu mis à part (K-11) : —."
    assert said in text_of(write_pdf(document))


# --- bad input ---------------------------------------------------------------------------
def test_a_client_without_tickets_has_a_report_with_dashes(world: World, tmp_path: Path) -> None:
    report = build_report(world.other_contract, MAY, by=world.maud, at=paris(AT))
    issued = issue_report(report, by=world.maud, at=paris(AT))
    text = text_of(write_pdf(issued.document))
    assert "aucun ticket n’a été reçu" in text
    assert "mai 2026 0 0 0 — 0 —" in text, "K-13: a dash where nothing is judged"
    assert "100 %" not in text
    trend = next(rows for name, rows in sheets_of(write_xlsx(issued.document)).items() if "Tendance" in name)
    assert next(row for row in trend if row[0] == "mai 2026")[1:] == [0, 0, 0, None, 0, None]
    assert "Confirmed." in verify(issued.document, tmp_path)


def test_a_policy_changed_within_the_month_shows_both(world: World) -> None:
    world.file("2026-05-04 10:00")
    first = world.contract.policy.versions.get()
    second = PolicyVersion.objects.create(policy=world.contract.policy, number=2)
    second.targets = {**first.targets, "majeure": {"acknowledge": {"hours": 1}, "resolve": {"days": 3}}}
    second.published_at = paris("2026-05-15 00:00")
    second.save()
    world.file("2026-05-18 10:00")
    report = build_report(world.contract, MAY, by=world.maud, at=paris(AT))
    lines = [line for line in report.body["figures"]["commitments"] if line["severity"] == "majeure"]
    assert [(line["policy"], line["met"] + line["missed"]) for line in lines] == [
        (str(first.pk), 1), (str(first.pk), 1), (str(second.pk), 1), (str(second.pk), 1),
    ]  # fmt: skip
    text = text_of(write_pdf(document_of(report)))
    assert "version 1" in text
    assert "version 2" in text
    assert "7 jours ouvrés" in text
    assert "3 jours ouvrés" in text


def test_names_with_formulas_right_to_left_text_and_very_long_titles_do_no_harm(
    client: Browser, world: World
) -> None:
    right_to_left = "מערכת התמיכה לא עובדת"
    titles = ['=HYPERLINK("http://x";"clic")', "+1+1", right_to_left, "x" * 200, "@SOMME(A1)"]
    named = [
        f"#{world.file(f'2026-05-04 10:{minute:02d}', title=title).pk} {title}"
        for minute, title in enumerate(titles)
    ]
    world.client.name = "=cmd|' /C calc'!A0"
    world.client.save()
    report = build_report(world.contract, MAY, by=world.maud, at=paris(AT))
    document = document_of(report)
    lines = list(csv.reader(io.StringIO(write_csv(document).decode("utf-8-sig")), delimiter=";"))
    assert [line[0] for line in lines[1:]] == named
    assert not [cell for line in lines for cell in line if cell[:1] in {"=", "+", "-", "@"}]
    book = write_xlsx(document)
    cells = [cell for rows in sheets_of(book).values() for row in rows for cell in row]
    assert {*named, world.client.name} <= set(cells)
    assert formulas_in(book) == 0
    assert "xxxxxxxx" in text_of(write_pdf(document))
    client.force_login(world.maud)
    assert f">{named[2]}</a></bdi>" in client.get(reverse("report", args=[report.pk])).text


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SOMME(A1)", "\t=1+1"])
def test_a_cell_of_the_csv_that_begins_like_a_formula_is_neutral(
    world: World, draft: MonthlyReport, words: str
) -> None:
    line = {"month": "2026-04", "ticket": 1, "promise": "resolve", "due": None, "done": None, "title": "x"}
    known = {"promises": [{**line, "judged": "met", "issued": None, "report": 1}], "trend": []}
    with mock.patch("tickets.monthly.since_sections.named", return_value=words):
        text = write_csv({**document_of(draft), "since": known}).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[-1][0] == f"'{words}"


def test_a_plan_that_looks_like_markup_stays_a_text_in_the_workbook(draft: MonthlyReport) -> None:
    book = write_xlsx({**document_of(draft), "action_plan": "<r>a</r>"})
    assert "<r>a</r>" in [cell for rows in sheets_of(book).values() for row in rows for cell in row]


def test_a_ticket_registered_after_the_figures_is_in_the_erratum_alone(
    world: World, issued: MonthlyReport, tmp_path: Path
) -> None:
    """C-WHO-3: received by telephone in May, written down in June."""
    late = register_ticket(
        world.contract,
        Filing(title="Panne", description="Panne.", severity=Severity.MAJEURE),
        reporter=world.claire,
        by=world.agnes,
        means=Means.TELEPHONE,
        received_at=paris("2026-05-28 10:00"),
        at=paris("2026-06-02 12:00"),
    )
    at = paris("2026-06-03 10:00")
    with time_machine.travel(at, tick=False):
        erratum = correct_report(issued, by=world.maud, at=at, correction="Un appel du 28 mai manquait.")
        find_all(erratum, world)
        issue_report(erratum, by=world.maud, at=at)
    erratum.refresh_from_db()
    issued.refresh_from_db()
    assert late.pk not in [line["number"] for line in issued.document["tickets"]]
    assert late.pk in [line["number"] for line in erratum.document["tickets"]]
    received = [each.document["figures"]["flow"]["received"] for each in (issued, erratum)]
    assert received[1] == received[0] + 1
    for each in (issued, erratum):
        assert "Confirmed." in verify(each.document, tmp_path)


# --- pages -------------------------------------------------------------------------------
def test_a_manager_goes_from_the_list_to_the_issue_by_pages_alone(client: Browser, world: World, may) -> None:
    client.force_login(world.maud)
    answer = client.post(reverse("report_list"), {"contract": world.contract.pk, "month": "2026-05"})
    report = MonthlyReport.objects.get()
    assert answer["Location"] == reverse("report", args=[report.pk])
    page = plain(client.get(answer["Location"]).text)
    assert "délais dépassés ne sont pas encore expliqués" in page
    for breach in report.body["breaches"]:
        url = reverse("breach", args=[breach["ticket"], breach["promise"]])
        assert client.get(url).status_code == 200
        form = {
            "cause": "Charge.", "attribution": "vendor", "comment": "Vu.", "corrective_action": "Renfort.", "seen": "0",
        }  # fmt: skip
        assert client.post(url, form).status_code == 302
    act = {
        name: reverse("report_act", args=[report.pk, name])
        for name in ("review", "issue", "refresh", "nothing")
    }
    form = {"synthesis": "Relu.", "action_plan": "Suite."}

    def read() -> dict[str, str]:
        return {**form, "read": client.get(answer["Location"]).context["read"]}

    assert client.post(act["review"], read()).status_code == 302
    assert client.post(act["refresh"], read()).status_code == 302
    assert client.post(act["nothing"]).status_code == 404
    assert client.get(act["issue"]).status_code == 405
    assert client.post(act["issue"], {**read(), "confirmed": "on"}).status_code == 302
    report.refresh_from_db()
    assert report.is_issued
    assert report.document["synthesis"] == "Relu."
    assert client.post(act["issue"]).status_code == 409
    assert client.post(reverse("report_act", args=[report.pk, "correct"]), {}).status_code == 422


@pytest.mark.parametrize(
    "fields", [{}, {"month": "2026-05"}, {"contract": "x", "month": "mai"}, {"month": "2099-01"}]
)
def test_a_build_that_names_no_month_or_contract_is_said_beside_the_form(
    client: Browser, world: World, fields: dict[str, str]
) -> None:
    client.force_login(world.maud)
    answer = client.post(reverse("report_list"), fields)
    assert answer.status_code == 422
    assert not MonthlyReport.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_the_price_of_the_list(client: Browser, world: World, django_assert_num_queries, many: int) -> None:
    for back in range(many):
        month = Month.of(paris(AT) - timedelta(days=31 * (back + 1)))
        build_report(world.contract, month, by=world.maud, at=paris(AT))
    client.force_login(world.maud)
    client.get(reverse("report_list"))
    with django_assert_num_queries(5):  # session, person, number, page, the contracts to choose from
        client.get(reverse("report_list"))
