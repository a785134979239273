"""A real browser for the tests: Chromium, pages that refuse script errors, sign-in, axe in both themes."""

import os
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from accounts.models import User
from tests.browser.looking import WIDE

# Playwright's synchronous interface runs inside an event loop, where Django refuses the database by default.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# How long a page may take on a machine busy with something else; nothing waits longer than it must.
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def static_files_as_they_are(tmp_path_factory) -> Iterator[None]:
    """Link the static files where the live server looks for them: what was collected before may be older."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    root = str(tmp_path_factory.mktemp("static"))
    with override_settings(STATIC_ROOT=root, STORAGES={**settings.STORAGES, **plain}):
        call_command("collectstatic", interactive=False, verbosity=0, link=True)
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


def let_the_server_finish() -> None:
    """Wait until no request of a page that is closed still works: the tables are about to be emptied under it."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)


@pytest.fixture
def new_context(chromium: Browser, live_server) -> Iterator[Callable[..., BrowserContext]]:
    """A function that opens a fresh visitor (own cookies); none may meet a script error or a refused policy."""
    opened: list[BrowserContext] = []
    problems: list[str] = []

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            problems.append(f"{message.page.url if message.page else ''}: {message.text}")

    def open_context(**options: object) -> BrowserContext:
        context = chromium.new_context(
            **{
                "base_url": live_server.url,
                "locale": "fr-FR",
                "timezone_id": "Europe/Paris",
                "viewport": WIDE,
                "reduced_motion": "reduce",
                **options,
            }
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", note_console)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    let_the_server_finish()
    assert problems == [], "the browser complained"


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of a fresh visitor, wide, in French."""
    return new_context().new_page()


@pytest.fixture
def sign_in(live_server) -> Callable[[Page, User], None]:
    """A function that signs somebody in without the form (which has its own tests)."""

    def sign_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return sign_in
