"""The small world written once and kept while test after test needs it, each in a savepoint that undoes what it did.

So is a month told in it (`SCENES`), for the tests that ask for its fixture. A test that commits (a transactional one:
a thread, a live server, a worker) and one that wants an empty database find none of it: it is undone before them, and
written again after them.
"""

import copy
from collections.abc import Callable
from contextlib import ExitStack

import pytest
import time_machine
from django.db import connection, transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.scope import worker_scope
from tests.tickets.monthly.steering_month import live_a_steering_month
from tests.tickets.reports.month_of_may import live_through_may
from tests.world import QUICK_HASHERS, World, build_world, paris
from tickets.models import Ticket

Told = dict[str, Ticket]
# What is told in the world, by the name of the fixture that asks for it; both months are over by then.
SCENES: dict[str, Callable[[World], Told]] = {
    "may": live_through_may,
    "steering_month": live_a_steering_month,
}
TOLD_AT = "2026-06-02 11:00"


def commits(item: pytest.Item) -> bool:
    """Tell whether a test's writings are seen by other connections: they can be in no transaction of ours."""
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    return asked or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


def may_share(item: pytest.Item) -> bool:
    """Tell whether a test wants the world and can have the kept one."""
    return "world" in item.fixturenames and not commits(item)


def tell(scene: str, world: World) -> Told:
    """Tell a scene, as if it were some days after it."""
    with time_machine.travel(paris(TOLD_AT), tick=False):
        return SCENES[scene](world)


class KeptWorld:
    """The world in a transaction under way, and a scene in one within it; or the world alone, or none."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self.blocker = blocker
        self.under_way, self.scene_under_way = ExitStack(), ExitStack()
        self.written: World | None = None
        self.told: tuple[str, Told] | None = None

    def turn_to(self, item: pytest.Item) -> None:
        """Have the world there, and its scene, for the test about to run, or gone."""
        if (
            connection.closed_in_transaction
        ):  # as the end of a request does to a transaction that it did not begin
            self.undo()
        wanted = next((scene for scene in SCENES if scene in item.fixturenames), None)
        if self.told and (self.told[0] != wanted or not may_share(item)):
            self.undo_scene()
        if not may_share(item):
            self.undo()
            return
        if self.written is None:
            self.write()
        if wanted and self.told is None:
            self.write_scene(wanted)

    def write(self) -> None:
        """Write the world, in a transaction that stays open."""
        with self._opening() as opening:
            with override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
                self.written = build_world()
            self.under_way = opening.pop_all()

    def write_scene(self, scene: str) -> None:
        """Tell a scene in it, in a savepoint that stays open."""
        with self._opening() as opening:
            self.told = scene, tell(scene, self.world())
            self.scene_under_way = opening.pop_all()

    def _opening(self) -> ExitStack:
        opening = ExitStack()
        opening.enter_context(self.blocker.unblock())
        opening.enter_context(worker_scope())
        opening.enter_context(transaction.atomic())
        return opening

    def undo(self) -> None:
        """Leave no trace of the world, nor of its scene."""
        self.undo_scene()
        if self.written is not None:
            transaction.set_rollback(True)
            self.under_way.close()
            self.written = None

    def undo_scene(self) -> None:
        """Leave no trace of the scene."""
        if self.told is not None:
            transaction.set_rollback(True)
            self.scene_under_way.close()
            self.told = None

    def world(self) -> World:
        """Return its people and papers as just read: what a test changes of them is its own."""
        return copy.deepcopy(self.written) if self.written is not None else build_world()

    def scene(self, scene: str, world: World) -> Told:
        """Return a scene's tickets as just told; where none is kept, tell it in this `world`."""
        return copy.deepcopy(self.told[1]) if self.told is not None else tell(scene, world)
