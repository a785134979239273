"""Reviewing and signing a draft: what was read is what is signed, and nothing typed is lost."""

import re
from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Role
from sla.versions import compiled_calendar
from tests.tickets.monthly.reading import plain, text_of
from tests.tickets.monthly.telling import find_all
from tests.world import World, paris, person
from tickets.actions import vendor
from tickets.actions.breaches import find_breach
from tickets.actions.work import IllegalMove
from tickets.models import LedgerEntry, Mail, MonthlyReport, Ticket
from tickets.monthly.document import document_of
from tickets.monthly.files import write_pdf
from tickets.monthly.issuing import (
    Texts,
    build_report,
    correct_report,
    issue_report,
    refresh_report,
    review_report,
)
from tickets.monthly.reading import StaleReading, as_read
from tickets.monthly.synthesis import synthesis_of
from tickets.reports.months import Month
from tickets.words import Attribution, Promise

MAY = Month(2026, 5)
BUILT, AT = "2026-06-01 10:00", "2026-06-02 11:00"
pytestmark = pytest.mark.usefixtures("in_june")


@pytest.fixture
def draft(world: World, draft: MonthlyReport) -> MonthlyReport:
    """With its causes: nothing keeps it from being issued."""
    find_all(draft, world)
    return draft


@pytest.fixture
def other(world: World) -> object:
    return person("Odile Second", Role.MANAGER)


@pytest.fixture
def maud(client: Browser, world: World) -> Browser:
    client.force_login(world.maud)
    return client


def read_on(page: str) -> str:
    """Return what the form of a draft's page sends back of what was read."""
    return re.search(r'name="read" value="([^"]*)"', page)[1]


def post(browser: Browser, report: MonthlyReport, act: str, **fields: str) -> HttpResponse:
    return browser.post(reverse("report_act", args=[report.pk, act]), fields)


def opened(browser: Browser, report: MonthlyReport) -> str:
    return read_on(browser.get(reverse("report", args=[report.pk])).text)


def test_what_was_typed_and_not_kept_is_issued(maud: Browser, draft: MonthlyReport) -> None:
    read = opened(maud, draft)
    answer = post(
        maud, draft, "issue", read=read, synthesis="Mois calme.\r\n\r\nRien.", action_plan="Suivre."
    )
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.document["synthesis"] == "Mois calme.\n\nRien."
    assert draft.document["action_plan"] == "Suivre."


def test_what_is_read_depends_on_nothing_else_that_the_process_has_reckoned(
    maud: Browser, world: World, draft: MonthlyReport
) -> None:
    read = opened(maud, draft)
    version = world.contract.calendar.versions.get()
    compiled_calendar(version.pk).between(paris("2029-01-05 10:00"), paris("2030-06-01 10:00"))
    assert opened(maud, draft) == read
    assert document_of(draft) == document_of(draft)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("synthesis", "la synthèse"),
        ("plan", "le plan d’action"),
        ("cause", "leurs causes"),
        ("figures", "les chiffres"),
        ("recipient", "destinataires"),
    ],
)
def test_what_has_changed_since_it_was_read_is_not_signed(
    maud: Browser, world: World, draft: MonthlyReport, may: dict[str, Ticket], other, change: str, named: str
) -> None:
    read = opened(maud, draft)
    texts = {"synthesis": draft.synthesis, "action_plan": ""}
    if change == "synthesis":
        review_report(draft, by=other, at=paris(AT), **{**texts, "synthesis": "Autre."})
    elif change == "plan":
        review_report(draft, by=other, at=paris(AT), **{**texts, "action_plan": "Autre."})
    elif change == "cause":
        find_breach(
            may["breached"], Promise.RESOLVE, by=other, at=paris(AT), cause="Autre.",
            attribution=Attribution.CLIENT, corrective_action="Aucune.", comment="Vu.",
        )  # fmt: skip
    elif change == "figures":
        refresh_report(draft, by=other, at=paris(AT))
    else:
        person("Nina Second", Role.CLIENT_MANAGER, world.client)
    answer = post(maud, draft, "issue", read=read, synthesis="La mienne.", action_plan="Le mien.")
    assert answer.status_code == 409
    text = plain(answer.text)
    assert named in text
    assert "La mienne." in text
    assert "Le mien." in text
    assert not Mail.objects.filter(template="report_issued").exists()
    # What stands now was read with the refusal: sent again, it is signed.
    again = post(
        maud, draft, "issue", read=read_on(answer.text), synthesis="La mienne.", action_plan="Le mien."
    )
    assert again.status_code == 302


@pytest.mark.parametrize("act", ["review", "refresh"])
def test_of_two_reviewers_the_second_is_told_and_loses_nothing(
    maud: Browser, draft: MonthlyReport, other, act: str
) -> None:
    read = opened(maud, draft)
    review_report(draft, by=other, at=paris(AT), synthesis="La première.", action_plan="")
    answer = post(maud, draft, act, read=read, synthesis="La seconde.", action_plan="Plan.")
    assert answer.status_code == 409
    assert "La seconde." in answer.text
    draft.refresh_from_db()
    assert draft.synthesis == "La première."
    assert (
        post(maud, draft, act, read=read_on(answer.text), synthesis="La seconde.", action_plan="").status_code
        == 302
    )
    draft.refresh_from_db()
    assert draft.synthesis == "La seconde."


def test_a_text_refused_for_itself_hides_no_change_of_another(
    maud: Browser, draft: MonthlyReport, other
) -> None:
    read = opened(maud, draft)
    review_report(draft, by=other, at=paris(AT), synthesis="La première.", action_plan="")
    refused = post(maud, draft, "review", read=read, synthesis="x" * 6001, action_plan="")
    assert refused.status_code == 422
    again = post(maud, draft, "review", read=read_on(refused.text), synthesis="La seconde.", action_plan="")
    assert again.status_code == 409


def test_new_figures_or_causes_keep_nobody_from_writing(maud: Browser, draft: MonthlyReport, other) -> None:
    review_report(draft, by=other, at=paris(AT), synthesis="Une synthèse.", action_plan="")
    read = opened(maud, draft)
    refresh_report(draft, by=other, at=paris(AT))
    assert post(maud, draft, "review", read=read, synthesis="La mienne.", action_plan="").status_code == 302


def test_working_out_again_keeps_what_was_typed(maud: Browser, draft: MonthlyReport) -> None:
    answer = post(maud, draft, "refresh", read=opened(maud, draft), synthesis="Typée.", action_plan="Typé.")
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.synthesis, draft.action_plan, draft.figures_at) == ("Typée.", "Typé.", paris(AT))


@pytest.mark.parametrize("act", ["issue", "review", "refresh"])
@pytest.mark.parametrize("read", ["", "x", "." * 5, "0" * 64])
def test_a_form_that_says_nothing_readable_of_what_was_read_does_nothing(
    maud: Browser, draft: MonthlyReport, act: str, read: str
) -> None:
    before = MonthlyReport.objects.values().get()
    assert post(maud, draft, act, read=read, synthesis="X", action_plan="Y").status_code == 409
    assert MonthlyReport.objects.values().get() == before


def test_a_refused_issue_shows_again_what_was_typed(maud: Browser, world: World, may) -> None:
    draft = build_report(world.contract, MAY, by=None, at=paris(BUILT))
    answer = post(maud, draft, "issue", read=opened(maud, draft), synthesis="Typée.", action_plan="Typé.")
    assert answer.status_code == 409
    assert "pas encore expliqué" in answer.text
    assert "Typée." in answer.text
    assert "Typé." in answer.text


def test_what_was_typed_for_a_report_issued_meanwhile_is_shown(
    maud: Browser, draft: MonthlyReport, other
) -> None:
    read = opened(maud, draft)
    issue_report(draft, by=other, at=paris(AT))
    answer = post(maud, draft, "review", read=read, synthesis="Ma synthèse perdue ?", action_plan="")
    assert answer.status_code == 409
    assert "Ma synthèse perdue ?" in answer.text


def test_the_rules_synthesis_sent_back_by_a_browser_stays_the_rules(
    maud: Browser, draft: MonthlyReport
) -> None:
    sent = draft.synthesis.replace("\n", "\r\n")
    assert post(maud, draft, "review", read=opened(maud, draft), synthesis=sent).status_code == 302
    draft.refresh_from_db()
    assert not draft.synthesis_is_written
    assert draft.synthesis == synthesis_of(draft)


# --- the figures at the issue ------------------------------------------------------------
def test_figures_that_a_late_record_has_moved_are_not_issued(
    world: World, draft: MonthlyReport, may: dict[str, Ticket]
) -> None:
    vendor.deliver(
        may["breached"], by=world.agnes, at=paris("2026-06-01 09:19"), what="fix", content="4.2",
        how_to_test="Essayer.",
    )  # fmt: skip
    assert LedgerEntry.objects.filter(kind="delivered", recorded_at__lte=draft.figures_at).exists()
    with pytest.raises(IllegalMove, match="recalculez"):
        issue_report(draft, by=world.maud, at=paris(AT))
    refresh_report(draft, by=world.maud, at=paris(AT))
    assert issue_report(draft, by=world.maud, at=paris(AT)).number == 1


# --- the synthesis and its figures -------------------------------------------------------
def test_a_synthesis_of_former_figures_is_said_so_and_signed_only_once_confirmed(
    maud: Browser, world: World, draft: MonthlyReport
) -> None:
    review_report(draft, by=world.maud, at=paris(AT), synthesis="Tout va bien.", action_plan="")
    assert 'name="confirmed"' not in maud.get(reverse("report", args=[draft.pk])).text
    refresh_report(draft, by=world.maud, at=paris(AT))
    page = maud.get(reverse("report", args=[draft.pk])).text
    assert "ont été recalculés depuis" in plain(page)
    sent = {"read": read_on(page), "synthesis": "Tout va bien.", "action_plan": ""}
    refused = post(maud, draft, "issue", **sent)
    assert refused.status_code == 422
    assert "Relisez la synthèse" in plain(refused.text)
    with pytest.raises(ValidationError):
        issue_report(draft, by=world.maud, at=paris(AT))
    assert post(maud, draft, "issue", **sent, confirmed="on").status_code == 302


@pytest.mark.parametrize("synthesis", ["Une autre, relue.", ""])
def test_a_synthesis_written_anew_needs_no_confirmation(
    world: World, draft: MonthlyReport, synthesis: str
) -> None:
    review_report(draft, by=world.maud, at=paris(AT), synthesis="Tout va bien.", action_plan="")
    again = refresh_report(draft, by=world.maud, at=paris(AT))
    assert again.synthesis_is_older
    assert issue_report(again, by=world.maud, at=paris(AT), texts=Texts(synthesis, "")).is_issued


# --- the review --------------------------------------------------------------------------
def test_who_reviewed_it_and_when_is_kept_and_printed(
    maud: Browser, world: World, draft: MonthlyReport, other
) -> None:
    review_report(draft, by=other, at=paris("2026-06-02 09:05"), synthesis="", action_plan="Suivre.")
    assert "Relu par Odile Second" in plain(maud.get(reverse("report", args=[draft.pk])).text)
    issued = issue_report(draft, by=world.maud, at=paris(AT))
    assert (issued.document["reviewed_by"], issued.document["issued_by"]) == (str(other), str(world.maud))
    assert datetime.fromisoformat(issued.document["reviewed_at"]) == paris("2026-06-02 09:05")
    text = text_of(write_pdf(issued.document))
    assert "Relu par Odile Second" in text
    assert "9 h 05" in text


def test_a_review_is_of_the_figures_that_it_was_made_beside(
    world: World, draft: MonthlyReport, other
) -> None:
    review_report(draft, by=other, at=paris(AT), synthesis="", action_plan="Suivre.")
    assert refresh_report(draft, by=other, at=paris(AT)).reviewed_by is None
    issued = issue_report(draft, by=world.maud, at=paris(AT))
    assert issued.document["reviewed_by"] == str(world.maud), "who signs what nobody reviewed has reviewed it"


def test_a_report_that_nobody_receives_is_said_so(maud: Browser, world: World) -> None:
    draft = build_report(world.other_contract, MAY, by=None, at=paris(BUILT))
    page = maud.get(reverse("report", args=[draft.pk]))
    assert "n’est envoyé à personne" in plain(page.text)
    sent = {"read": read_on(page.text), "synthesis": "", "action_plan": ""}
    answer = maud.post(reverse("report_act", args=[draft.pk, "issue"]), sent, follow=True)
    assert "n’a été envoyé à personne" in plain(answer.text)
    assert not Mail.objects.filter(template="report_issued").exists()


def test_an_erratum_says_what_has_changed_of_its_correction(
    world: World, draft: MonthlyReport, other
) -> None:
    issued = issue_report(draft, by=world.maud, at=paris(AT))
    erratum = correct_report(issued, by=world.maud, at=paris(AT), correction="Faux.")
    read = as_read(document_of(erratum))
    review_report(erratum, by=other, at=paris(AT), synthesis="", action_plan="", correction="Tout.")
    with pytest.raises(StaleReading) as refused:
        issue_report(erratum, by=world.maud, at=paris(AT), texts=Texts("", "", "Faux."), read=read)
    assert refused.value.parts == ["correction"]
