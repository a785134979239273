"""The small world written once and kept while test after test needs it, each in a savepoint that undoes what it did.

A test that commits (a transactional one: a thread, a live server, a worker) and one that wants an empty database find
none of it: it is undone before them, and written again after them.
"""

import copy
from contextlib import ExitStack

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.scope import worker_scope
from tests.world import QUICK_HASHERS, World, build_world


def commits(item: pytest.Item) -> bool:
    """Tell whether a test's writings are seen by other connections: they can be in no transaction of ours."""
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    return asked or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


def may_share(item: pytest.Item) -> bool:
    """Tell whether a test wants the world and can have the kept one."""
    return "world" in item.fixturenames and not commits(item)


class KeptWorld:
    """The world in a transaction under way, or none."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self.blocker = blocker
        self.under_way = ExitStack()
        self.written: World | None = None

    def turn_to(self, item: pytest.Item) -> None:
        """Have the world there for the test about to run, or gone."""
        if not may_share(item):
            self.undo()
        elif self.written is None:
            self.write()

    def write(self) -> None:
        """Write it, in a transaction that stays open."""
        with ExitStack() as opening:
            opening.enter_context(self.blocker.unblock())
            opening.enter_context(worker_scope())
            opening.enter_context(transaction.atomic())
            with override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
                self.written = build_world()
            self.under_way = opening.pop_all()

    def undo(self) -> None:
        """Leave no trace of it."""
        if self.written is not None:
            transaction.set_rollback(True)
            self.under_way.close()
            self.written = None

    def copy(self) -> World:
        """Return its people and papers as just read: what a test changes of them is its own."""
        return copy.deepcopy(self.written) if self.written is not None else build_world()
