"""Issuing a monthly report: what is refused, what is frozen, who reads it, what an erratum is, how it is checked."""

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from sla.models import Contract, PolicyVersion
from tests.tickets.monthly.reading import formulas_in, plain, sheets_of, text_of
from tests.tickets.monthly.telling import find_all
from tests.tickets.reports.month_of_may import Life, live_through_may
from tests.world import World, paris, person
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.actions.breaches import find_breach
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
from tickets.words import Attribution, OutOfScopeGround, Promise

APRIL, MAY, JUNE = Month(2026, 4), Month(2026, 5), Month(2026, 6)
AT = "2026-06-02 11:00"


@pytest.fixture(autouse=True)
def in_june() -> Iterator[None]:
    with time_machine.travel(paris(AT), tick=False):
        yield


@pytest.fixture
def may(world: World) -> dict[str, Ticket]:
    return live_through_may(world)


@pytest.fixture
def draft(world: World, may: dict[str, Ticket]) -> MonthlyReport:
    return build_report(world.contract, MAY, by=None, at=paris("2026-06-01 10:00"))


@pytest.fixture
def issued(world: World, draft: MonthlyReport) -> MonthlyReport:
    find_all(draft, world)
    return issue_report(draft, by=world.maud, at=paris(AT))


def verify(document: object, tmp_path: Path) -> str:
    path, out = tmp_path / "report.json", io.StringIO()
    path.write_text(json.dumps(document, ensure_ascii=False, default=str), encoding="utf-8")
    call_command("report_verify", str(path), stdout=out)
    return out.getvalue()


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
        lambda: review_report(draft, by=by, synthesis="", action_plan=""),
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
        lambda: review_report(issued, by=world.maud, synthesis="", action_plan=""),
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
        review_report(erratum, by=world.maud, synthesis="", action_plan="", correction=" ")
    assert list(refused.value.message_dict) == ["correction"]
    discard_report(erratum, by=world.maud)
    assert not issued.errata.exists()
    running = build_report(world.contract, JUNE, by=world.maud, at=paris(AT))
    with pytest.raises(IllegalMove):
        discard_report(running, by=world.maud)


# --- texts -------------------------------------------------------------------------------
def test_the_synthesis_is_the_rules_until_a_person_writes_one(world: World, draft: MonthlyReport) -> None:
    assert draft.synthesis == synthesis_of(draft)
    written = review_report(draft, by=world.maud, synthesis="Un mois difficile.", action_plan="Recruter.")
    again = refresh_report(written, by=world.maud, at=paris(AT))
    assert (again.synthesis, again.action_plan) == ("Un mois difficile.", "Recruter.")
    back = review_report(again, by=world.maud, synthesis="  ", action_plan="")
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
    assert "2 sur 5, 40 %" in text
    assert "mis à part 1 dépassement(s) exclu(s) (K-11) : 2 sur 4." in text
    assert "Forcemajeure(C-OUT-2),parMaudBernard" in text.replace(" ", "")


# --- bad input ---------------------------------------------------------------------------
def test_a_client_without_tickets_has_a_report_with_dashes(world: World, tmp_path: Path) -> None:
    report = build_report(world.other_contract, MAY, by=world.maud, at=paris(AT))
    issued = issue_report(report, by=world.maud, at=paris(AT))
    text = text_of(write_pdf(issued.document))
    assert "aucun ticket n’a été reçu" in text
    assert "100 %" not in text
    assert write_xlsx(issued.document)
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


def test_names_with_formulas_right_to_left_text_and_very_long_titles_do_no_harm(world: World) -> None:
    titles = [
        '=HYPERLINK("http://x";"clic")',
        "+1+1",
        "מערכת התמיכה לא עובדת",
        "x" * 200,
        "@SOMME(A1)",
    ]
    for minute, title in enumerate(titles):
        world.file(f"2026-05-04 10:{minute:02d}", title=title)
    world.client.name = "=cmd|' /C calc'!A0"
    world.client.save()
    report = build_report(world.contract, MAY, by=world.maud, at=paris(AT))
    document = document_of(report)
    lines = write_csv(document).decode("utf-8-sig").split("\r\n")
    assert not [cell for line in lines for cell in line.split(";") if cell[:1] in {"=", "+", "-", "@"}]
    book = write_xlsx(document)
    cells = [str(cell) for rows in sheets_of(book).values() for row in rows for cell in row]
    assert any('=HYPERLINK("http://x";"clic")' in cell for cell in cells)
    assert formulas_in(book) == 0
    assert "xxxxxxxx" in text_of(write_pdf(document))


def test_a_plan_that_looks_like_markup_stays_a_text_in_the_workbook(draft: MonthlyReport) -> None:
    book = write_xlsx({**document_of(draft), "action_plan": "<r>a</r>"})
    assert "<r>a</r>" in [cell for rows in sheets_of(book).values() for row in rows for cell in row]


def test_a_ticket_registered_after_the_figures_is_in_the_erratum_alone(
    world: World, draft: MonthlyReport
) -> None:
    late = Life(world, "05-28 10:00").ticket
    find_all(draft, world)
    before = {line["number"] for line in draft.body["tickets"]}
    assert late.pk not in before


# --- checked again -----------------------------------------------------------------------
def test_report_verify_confirms_an_issued_report(issued: MonthlyReport, tmp_path: Path) -> None:
    said = verify(issued.document, tmp_path)
    assert "digest: confirmed" in said
    assert "issued under its number: confirmed" in said
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


# --- pages -------------------------------------------------------------------------------
def test_a_manager_goes_from_the_list_to_the_issue_by_pages_alone(client: Browser, world: World, may) -> None:
    client.force_login(world.maud)
    answer = client.post(reverse("report_list"), {"contract": world.contract.pk, "month": "2026-05"})
    report = MonthlyReport.objects.get()
    assert answer["Location"] == reverse("report", args=[report.pk])
    page = plain(client.get(answer["Location"]).text)
    assert "délais dépassés sont encore sans cause" in page
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
    assert client.post(act["review"], {"synthesis": "Relu.", "action_plan": "Suite."}).status_code == 302
    assert client.post(act["refresh"]).status_code == 302
    assert client.post(act["nothing"]).status_code == 404
    assert client.get(act["issue"]).status_code == 405
    assert client.post(act["issue"]).status_code == 302
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
