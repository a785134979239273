"""Calendars, policies and recomputes in a browser: both themes, wide and narrow, with and without a script."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sla.models import CalendarVersion, Closure, PolicyVersion
from sla.publication import next_draft, publish
from tests.browser.looking import look_at
from tests.world import World
from tickets.actions.filing import Filing, file_ticket

pytestmark = pytest.mark.browser
YEAR = timezone.localdate().year + 1


@pytest.fixture
def published(world: World) -> CalendarVersion:
    """A second version, with a half-day, holidays at the office, a Saturday opened, Whit Monday worked."""
    draft = next_draft(CalendarVersion.objects.get(), by=world.maud)
    saturday = next(day for day in (date(YEAR, 6, each) for each in range(1, 8)) if day.isoweekday() == 6)
    for first, last, windows, motive in (
        (date(YEAR, 12, 24), date(YEAR, 12, 24), [["09:00", "12:00"]], "Veille de Noël, matin seulement"),
        (date(YEAR, 8, 2), date(YEAR, 8, 6), [], "Congés annuels"),
        (saturday, saturday, [["09:00", "13:00"]], "Mise à jour nationale"),
    ):
        Closure.objects.create(version=draft, first_day=first, last_day=last, windows=windows, motive=motive)
    draft.holidays_worked = ["Lundi de Pentecôte"]
    draft.motive = f"Fermetures de {YEAR}, journée de solidarité travaillée."
    draft.save()
    return publish(draft, by=world.maud, at=timezone.now())


def test_the_year_is_read_in_both_themes_wide_and_narrow(
    page: Page, sign_in, world: World, published: CalendarVersion
) -> None:
    sign_in(page, world.claire)
    page.goto("/calendars/")
    look_at(page, "calendars")
    page.goto(f"/calendars/{published.calendar_id}/?year={YEAR}")
    expect(page.locator("td.day")).to_have_count(366 if YEAR % 4 == 0 else 365)
    look_at(page, "calendar-year")
    page.locator(".feed-renew button").click()
    expect(page.locator("#feed-address")).to_have_value(
        re.compile(r"/calendars/feeds/[\w-]{43}/support\.ics$")
    )
    look_at(page, "calendar-subscribed")


def test_a_draft_is_edited_previewed_and_published(
    page: Page, sign_in, world: World, published: CalendarVersion
) -> None:
    sign_in(page, world.maud)
    page.goto(f"/calendars/{published.calendar_id}/")
    page.locator(f"form[action='/calendars/versions/{published.pk}/next/'] button").click()
    expect(page.locator("#id_motive")).to_be_visible()
    page.wait_for_load_state()
    rows = page.locator(".closure-table tbody tr")
    last = rows.count()
    page.locator("#id_day_5").fill("09:00-12:00, 11:00-18:00")
    page.locator("button[name=add]").click()
    expect(rows).to_have_count(last + 1)
    expect(page.locator("#id_day_5")).to_have_value("09:00-12:00, 11:00-18:00")
    page.locator(f"#id_closures-{last}-first_day").fill(f"{YEAR}-05-07")
    page.locator(f"#id_closures-{last}-motive").fill("Pont de l'Ascension")
    page.locator("#draft .btn-primary").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    look_at(page, "calendar-draft-refused")
    page.locator("#id_day_5").fill("09:00-12:00, 13:00-17:00")
    page.locator("#draft .btn-primary").click()
    expect(page.locator(".change-list li")).to_have_count(2)
    look_at(page, "calendar-draft")
    page.locator(".page-head-actions .btn-primary").click()
    page.locator("#id_motive").fill("Pont accordé")
    look_at(page, "calendar-publish")
    page.locator("form.card .btn-primary").click()
    expect(page.get_by_text("Pont accordé")).to_be_visible()
    page.goto(f"/calendars/{published.calendar_id}/changes/")
    look_at(page, "calendar-changes")


def test_a_policy_is_edited_as_a_table(page: Page, sign_in, world: World) -> None:
    sign_in(page, world.maud)
    draft = next_draft(PolicyVersion.objects.get(), by=world.maud)
    page.goto(f"/policies/drafts/{draft.pk}/")
    page.locator("[name=majeure_resolve_amount]").fill("0")
    page.locator("#id_motive").fill("Négociation annuelle")
    page.locator("form.stack .form-actions .btn-primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page, "policy-draft-refused")
    page.locator("[name=majeure_resolve_amount]").fill("5")
    page.locator("form.stack .form-actions .btn-primary").click()
    expect(page.locator(".change-list li")).to_have_count(1)
    look_at(page, "policy-draft")
    page.goto("/policies/")
    look_at(page, "policies")
    page.goto(f"/policies/{draft.policy_id}/")
    look_at(page, "policy")


def test_a_recompute_is_previewed_then_applied_without_a_script(
    new_context, page: Page, sign_in, world: World
) -> None:
    at = timezone.now()
    for days, severity in ((0, "majeure"), (0, "bloquante"), (20, "majeure"), (0, "mineure")):
        filing = Filing(f"L'export comptable s'arrête ({severity})", "Vide.", severity=severity)
        file_ticket(world.contract, filing, by=world.claire, at=at - timedelta(days=days))
    draft = next_draft(CalendarVersion.objects.get(), by=world.maud)
    day = timezone.localdate()
    Closure.objects.create(
        version=draft, first_day=day + timedelta(days=1), last_day=day + timedelta(days=9), motive="Congés"
    )
    sign_in(page, world.maud)
    page.goto(f"/recompute/drafts/{draft.pk}/")
    look_at(page, "recompute-trial")
    draft.motive = "Congés"
    draft.save()
    version = publish(draft, by=world.maud, at=timezone.now())
    plain = new_context(java_script_enabled=False).new_page()
    sign_in(plain, world.maud)
    plain.goto("/recompute/")
    plain.locator("#id_calendar_version").select_option(str(version.pk))
    plain.locator("form[method=get] .btn-primary").click()
    page.goto(plain.url)
    look_at(page, "recompute-preview")
    plain.locator(".preview-apply .btn-primary").click()
    expect(plain.locator("#id_motive:invalid")).to_have_count(1)
    plain.locator("#id_motive").fill("Congés accordés")
    plain.locator(".preview-apply .btn-primary").click()
    expect(plain.locator(".change-list li")).to_have_count(4)
    look_at_applied(page, sign_in, world)


def look_at_applied(page: Page, sign_in, world: World) -> None:
    sign_in(page, world.claire)
    page.goto("/portal/")
    page.locator("#tickets tbody tr a").first.click()
    expect(page.get_by_text("Congés accordés").first).to_be_visible()
    look_at(page, "recompute-told")
