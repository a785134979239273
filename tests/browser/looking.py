"""Looking at a page as its readers do: both themes, wide and narrow, and through axe's eyes."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 375, "height": 812}
THEMES = ("light", "dark")
# WCAG's rules and axe's best practices. Without preloading: it writes a style into the page, which the policy refuses.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
# What a theme changes: the rest of axe's rules read the same document.
OF_COLOURS = {**AXE_OPTIONS, "runOnly": ["color-contrast", "link-in-text-block"]}


def set_theme(page: Page, theme: str) -> None:
    """Show the page in a theme, as the switch of every page does, without reloading."""
    page.evaluate(
        """theme => {
            document.documentElement.dataset.themeChoice = theme;
            document.documentElement.dispatchEvent(new Event("themechosen"));
        }""",
        theme,
    )


def axe_clean(page: Page, options: dict[str, object] = AXE_OPTIONS) -> None:
    """Fail with what axe finds wrong with the page as it stands, and where."""
    if not page.evaluate("'axe' in window"):  # half a megabyte of script: once a document
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    said = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n      "
        + "\n      ".join(
            f"{node['html'][:160]} — {node['failureSummary'][:220]!r}" for node in violation["nodes"][:5]
        )
        for violation in found
    ]
    assert not said, f"axe on {page.url}:\n  " + "\n  ".join(said)


def fits(page: Page) -> None:
    """Fail when the page must be scrolled sideways."""
    excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert excess <= 0, f"{page.url} is {excess} px too wide for the window"


def look_at(page: Page, name: str) -> None:
    """Inspect the page wide and narrow, its colours in both themes; with SHOTS=directory, keep its pictures there."""
    page.wait_for_load_state()
    before = page.viewport_size
    for width, size in (("wide", WIDE), ("narrow", NARROW)):
        page.set_viewport_size(size)
        for theme in THEMES:
            set_theme(page, theme)
            if "SHOTS" in os.environ:
                folder = Path(os.environ["SHOTS"])
                folder.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=True)
            fits(page)
            axe_clean(page, AXE_OPTIONS if theme == THEMES[0] else OF_COLOURS)
    set_theme(page, "light")
    page.set_viewport_size(before)
