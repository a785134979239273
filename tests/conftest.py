"""Fixtures shared by the whole suite."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import override_settings

from accounts.scope import worker_scope
from tests.world import World, build_world


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cells of the access table were asked (tests/access)."""
    ends = [each for each in terminalreporter.stats.get("", []) if getattr(each, "when", "") == "teardown"]
    cells, letters = (
        sum(value for report in ends for name, value in report.user_properties if name == counted)
        for counted in ("cells", "letters")
    )
    if cells:
        terminalreporter.write_line(f"The access table: {cells:,} cells; {letters:,} mails read.")


@pytest.fixture(scope="session", autouse=True)
def static_files_from_their_sources() -> Iterator[None]:
    """Serve static files where they lie: nothing is collected for a test (a live server reads this once)."""
    with override_settings(WHITENOISE_AUTOREFRESH=True, WHITENOISE_USE_FINDERS=True):
        yield


@pytest.fixture(autouse=True)
def every_row_at_hand() -> Iterator[None]:
    """Let a test's own code read and write every client's rows; what it requests is in the requester's scope.

    A thread that a test starts has no scope: it enters one itself, as tasks and commands do.
    """
    with worker_scope():
        yield


@pytest.fixture(autouse=True)
def plain_surroundings(settings, tmp_path) -> None:
    """Keep files, mail and cache of a test to itself; hashing need not be slow here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}}
    settings.REPLY_HOLD_SECONDS = 0  # the tests of holding a reply set it
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.MAIL_DIR = str(tmp_path / "mail")
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def world(db) -> World:
    """Return the small world, written anew for each test."""
    return build_world()
