"""Fixtures shared by the whole suite."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import override_settings

from accounts.scope import worker_scope
from tests.kept_world import KeptWorld
from tests.world import QUICK_HASHERS, World

KEPT: pytest.StashKey[KeptWorld] = pytest.StashKey()
ABOUT_TO_RUN: pytest.StashKey[pytest.Item] = pytest.StashKey()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Have the kept world there, or gone, before the test's own transaction begins."""
    item.config.stash[ABOUT_TO_RUN] = item
    if KEPT in item.config.stash:
        item.config.stash[KEPT].turn_to(item)


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
    settings.PASSWORD_HASHERS = QUICK_HASHERS
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


@pytest.fixture(scope="session")
def kept_world(request, django_db_setup, django_db_blocker) -> Iterator[KeptWorld]:
    """What keeps the small world between tests; the first that asks for it finds it there, as those after it do."""
    kept = request.config.stash[KEPT] = KeptWorld(django_db_blocker)
    kept.turn_to(request.config.stash[ABOUT_TO_RUN])
    yield kept
    kept.undo()
    del request.config.stash[KEPT]


@pytest.fixture
def world(kept_world: KeptWorld, db) -> World:
    """Return the small world as it was written, whatever the tests before did to it."""
    return kept_world.world()
