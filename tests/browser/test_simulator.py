"""The simulator in a real browser: it answers as one chooses, and with no script at all."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.looking import look_at
from tests.world import World

pytestmark = pytest.mark.browser


def fill_pause(page: Page, number: int, cause: str, start: str, end: str) -> None:
    page.locator(f"[name=pause-{number}-cause]").select_option(cause)
    page.locator(f"[name=pause-{number}-start]").fill(start)
    page.locator(f"[name=pause-{number}-end]").fill(end)


def test_the_deadlines_follow_what_one_chooses(page: Page, sign_in, world: World) -> None:
    sign_in(page, world.claire)
    page.goto("/")
    page.locator('nav a[href="/simulator/"]').click()
    page.locator("[name=at]").fill("2026-04-28T10:30")
    answer = page.locator("#simulation")
    expect(answer).to_contain_text("11 mai 2026")
    page.locator("[name=severity]").select_option("bloquante")
    expect(answer).to_contain_text("30 avril 2026, 16")
    page.locator("button[name=add]").click()
    expect(page.locator(".simulator-pause")).to_have_count(2)
    fill_pause(page, 0, "question", "2026-04-28T14:00", "2026-04-28T16:00")
    fill_pause(page, 1, "delivery", "2026-04-29T17:00", "2026-04-30T10:00")
    expect(answer).to_contain_text("4 h 00")
    look_at(page, "simulator")


def test_what_is_chosen_before_the_scripts_arrive_is_heard(page: Page, sign_in, world: World) -> None:
    sign_in(page, world.claire)
    held: list[Route] = []
    page.route("**/js/app.js", lambda route: held.append(route))
    page.goto("/simulator/", wait_until="commit")
    page.locator("[name=at]").fill("2026-04-28T10:30")
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#simulation")).to_contain_text("11 mai 2026")


def test_what_is_wrong_is_said_instead_of_the_deadlines(page: Page, sign_in, world: World) -> None:
    sign_in(page, world.maud)
    page.goto(
        "/simulator/?at=2026-04-28T10:30&pause-0-cause=question&pause-0-start=2026-04-27T09:00&pause-0-end=2026-04-28T09:00"
    )
    expect(page.locator("#simulation .error")).to_have_count(1)
    expect(page.locator(".simulator-pause .error")).to_have_count(1)
    look_at(page, "simulator-refusal")


def test_it_works_without_scripts(new_context, sign_in, world: World) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, world.claire)
    page.goto("/simulator/?at=2026-04-28T10:30")
    page.locator("[name=severity]").select_option("bloquante")
    page.locator("button[name=add]").click()
    expect(page.locator(".simulator-pause")).to_have_count(2)
    fill_pause(page, 1, "question", "2026-04-28T14:00", "2026-04-28T16:00")
    page.locator(".simulator-buttons [type=submit]").first.click()
    expect(page.locator("#simulation")).to_contain_text("2 h 00")
