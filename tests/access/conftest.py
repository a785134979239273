"""The crowd, written once for a module and put back after each cell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from accounts.scope import worker_scope
from tests.access.cells import Table, Writings
from tests.access.crowd import Crowd, build_crowd, digests
from tests.wall.catalogue import tables_of_clients


def files_in(folder: Path) -> dict[str, object]:
    """Return the settings that keep files there."""
    return {
        "MEDIA_ROOT": str(folder),
        "STORAGES": {
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(folder)},
            },
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    }


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Crowd]:
    """Write the crowd once; leave no trace of it."""
    folder = tmp_path_factory.mktemp("media")
    plain = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"], **files_in(folder)}
    with django_db_blocker.unblock(), worker_scope(), transaction.atomic():
        with override_settings(**plain):
            crowd = build_crowd(str(folder))
            crowd.before = digests(tables_of_clients())
        yield crowd
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def its_files(crowd: Crowd, settings) -> None:
    """Find the crowd's files in a test that otherwise keeps its own."""
    for name, value in files_in(Path(crowd.media)).items():
        setattr(settings, name, value)


@pytest.fixture
def table(crowd: Crowd, record_property) -> Iterator[Table]:
    """What asks, and counts the cells."""
    table = Table(crowd, Writings())
    yield table
    record_property("cells", table.cells)
    record_property("letters", table.letters)
