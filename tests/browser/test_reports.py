"""The dashboard, the breach file, the monthly reports and the exports in a browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.looking import look_at
from tests.tickets.monthly.steering_month import live_a_steering_month
from tests.tickets.monthly.telling import find_all
from tests.world import World, paris
from tickets.list_exports.jobs import ask_export, make_exports
from tickets.models import ExportFormat, ExportSource, MonthlyReport
from tickets.monthly.issuing import build_report, issue_report
from tickets.reports.months import Month

pytestmark = pytest.mark.browser

MAY = Month(2026, 5)


@pytest.fixture
def month(world: World) -> World:
    """The steering committee's month of May."""
    live_a_steering_month(world)
    return world


@pytest.fixture
def draft(month: World) -> MonthlyReport:
    return build_report(month.contract, MAY, by=None, at=paris("2026-06-01 10:00"))


def test_the_dashboard_is_read_in_both_themes_and_its_figures_open_their_tickets(
    page: Page, sign_in, month: World
) -> None:
    sign_in(page, month.maud)
    page.goto("/figures/?month=2026-05")
    expect(page.locator("canvas")).to_have_count(5)
    look_at(page, "dashboard")
    missed = page.get_by_role("link", name="3", exact=True).first
    missed.focus()
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)
    look_at(page, "dashboard-tickets")
    page.locator(".page-head-kicker a").click()
    expect(page).to_have_url(re.compile("from=2026-05-01&to=2026-05-31"))


def test_a_click_on_a_chart_opens_the_tickets(page: Page, sign_in, month: World) -> None:
    sign_in(page, month.marc)
    page.goto("/figures/?month=2026-05")
    flow = page.locator("figure[data-chart=bar] canvas")
    expect(flow).to_be_visible()
    place = flow.evaluate(
        """canvas => {
            const bar = Chart.getChart(canvas).getDatasetMeta(0).data.at(-1);
            return {x: bar.x, y: (bar.y + bar.base) / 2};
        }"""
    )
    flow.click(position=place)
    expect(page).to_have_url(re.compile("figure=received"))
    expect(page.locator(".page-head-lead")).to_contain_text("25 tickets")


def test_a_period_that_is_wrong_is_said(page: Page, sign_in, month: World) -> None:
    sign_in(page, month.marc)
    page.goto("/figures/?from=2026-05-31&to=2026-05-01")
    expect(page.get_by_role("alert")).to_contain_text("finit avant de commencer")
    look_at(page, "dashboard-refused")


def test_the_breach_file_is_read_and_written(page: Page, sign_in, draft: MonthlyReport, month: World) -> None:
    sign_in(page, month.maud)
    page.goto("/figures/breaches/?month=2026-05")
    expect(page.locator("tbody tr")).to_have_count(5)
    look_at(page, "breaches")
    page.locator("tbody tr a").first.click()
    page.get_by_label("Cause", exact=False).first.fill("Deux incidents le même jour.")
    page.get_by_label("Imputé à").select_option("excluded")
    page.locator("[name=comment]").fill("Le client était prévenu.")
    page.locator("[name=corrective_action]").fill("Astreinte renforcée dès le 15 juin.")
    page.get_by_role("button", name="Enregistrer le constat").click()
    expect(page.locator("[name=clause][aria-invalid=true]")).to_be_visible()
    look_at(page, "breach-refused")
    page.locator("[name=clause]").select_option("force_majeure")
    page.get_by_role("button", name="Enregistrer le constat").click()
    expect(page.locator(".finding")).to_have_count(1)
    look_at(page, "breach")


def test_a_report_is_reviewed_issued_and_read_by_the_client(
    page: Page, sign_in, draft: MonthlyReport, month: World
) -> None:
    sign_in(page, month.maud)
    page.goto("/reports/")
    look_at(page, "reports")
    page.goto(f"/reports/{draft.pk}/")
    look_at(page, "report-draft")
    page.get_by_role("button", name="Signer et émettre").click()
    expect(page.get_by_role("alert")).to_contain_text("n’ont pas de cause ou de commentaire")
    look_at(page, "report-draft-refused")
    find_all(draft, month)
    page.goto(f"/reports/{draft.pk}/")
    page.locator("[name=action_plan]").fill("1. Renforcer l'astreinte (M. Bernard, 15 juin).")
    page.locator("[name=synthesis]").fill("Un mois difficile.")
    page.get_by_role("button", name="Enregistrer les textes").click()
    page.get_by_role("button", name="Les recalculer").click()
    page.get_by_label("J’ai relu la synthèse").check()
    look_at(page, "report-draft-older")
    page.get_by_role("button", name="Signer et émettre").click()
    expect(page.get_by_text("Émis, n°").first).to_be_visible()
    sign_in(page, month.marc)
    page.goto("/reports/")
    page.locator("tbody a").click()
    expect(page.locator(".report-sheet")).to_contain_text("Un mois difficile.")
    look_at(page, "report")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == "rapport-C-brasserie-2026-05-1.pdf"


def test_an_erratum_is_begun_from_the_report(page: Page, sign_in, draft: MonthlyReport, month: World) -> None:
    find_all(draft, month)
    issued = issue_report(draft, by=month.maud, at=paris("2026-06-02 11:00"))
    sign_in(page, month.maud)
    page.goto(f"/reports/{issued.pk}/")
    page.locator("[name=correction]").fill("Le motif du ticket 3 était faux.")
    page.get_by_role("button", name="Rédiger un erratum").click()
    expect(page.get_by_text("Ce document rectifie le rapport")).to_be_visible()
    look_at(page, "report-erratum")


def test_exports_are_read_and_scheduled(page: Page, sign_in, month: World) -> None:
    ask_export(month.maud, ExportSource.QUEUE, "", ExportFormat.XLSX, at=timezone.now())
    make_exports(timezone.now())
    ask_export(month.maud, ExportSource.QUEUE, "state=all", ExportFormat.CSV, at=timezone.now())
    sign_in(page, month.maud)
    page.goto("/queue/")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert download.value.suggested_filename == "tickets-queue.xlsx"
    page.get_by_role("link", name="L’envoyer par courriel").click()
    page.get_by_label("Nom", exact=False).first.fill("La file du lundi")
    look_at(page, "schedule")
    page.get_by_role("button", name="Programmer l’envoi").click()
    expect(page.get_by_text("La file du lundi").first).to_be_visible()
    look_at(page, "list_exports")
    make_exports(timezone.now())
    expect(page.locator("#export-files").get_by_role("link")).to_have_count(2, timeout=15_000)
