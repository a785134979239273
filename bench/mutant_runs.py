"""A pytest plugin that runs tests of a switched tree: each as it is, or again and again with one removal made.

Loaded with `-p bench.mutant_runs` by `bench.mutants`, which says by MUTANT_PLAN what to do (a JSON file) and reads
the outcome, a JSON object a line. A re-run is a whole one: fixtures and transaction anew, but for those of the
module, which were made while nothing was removed.
"""

import contextlib
import json
import os
import signal
import time
from collections.abc import Generator, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from _pytest.runner import runtestprotocol
from django.urls import get_resolver

from bench import switch

PLAN = json.loads(Path(os.environ["MUTANT_PLAN"]).read_text())
OUTCOME = Path(PLAN["outcome"])
PART, PARTS = PLAN["part"], PLAN["parts"]
FROM_THE_START = switch.living  # a removal that is tried in a process of its own
ARE_WALLS_DOWN = PLAN["walls"] == "down"
MANY = 60  # a module with more tests than this is shared out
ARMED: list[bool] = []
LONGEST = 120.0  # seconds for one test as it is


class Late(Exception):
    """A re-run took several times what the test takes."""


class Ran(NamedTuple):
    """How one run of a test went."""

    passed: bool
    late: bool
    seconds: float
    reached: list[int]
    why: str


class SameModule:
    """Stands for the test after a re-run: another of the same module, whose fixtures are therefore kept."""

    def __init__(self, item: pytest.Item) -> None:
        self.chain: list[object] = [*item.listchain()[:-1], object()]

    def listchain(self) -> list[object]:
        """Return what it is in, as pytest asks it to know what to tear down."""
        return self.chain


@pytest.fixture(scope="session", autouse=True)
def walls(django_db_setup: None) -> None:
    """Take down the second wall, row-level security, where the first is to be tried alone."""
    force_walls(forced=not ARE_WALLS_DOWN)


def pytest_configure(config: pytest.Config) -> None:
    """Use a database of one's own, as the workers of pytest-xdist do."""
    config.workerinput = {"workerid": f"gw{PART}"}  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep this process's part."""
    if PLAN["groups"] is not None:
        wanted = {test for test, _numbers in PLAN["groups"]}
        items[:] = [item for item in items if item.nodeid in wanted]
        return
    modules: dict[object, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.listchain()[-2], []).append(item)
    kept: set[pytest.Item] = set()
    for place, each in enumerate(modules.values()):
        mine = each[PART::PARTS] if len(each) > MANY else each if place % PARTS == PART else []
        kept.update(mine)
    items[:] = [item for item in items if item in kept]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Do what the plan says instead of running each test once."""
    signal.signal(signal.SIGALRM, ring)
    get_resolver().url_patterns  # noqa: B018  (loads what pages are made of)
    tell({"at_import": sorted(switch.reached)})
    if PLAN["groups"] is None:
        note_all(session.items)
    else:
        numbers = dict(PLAN["groups"])
        try_all([(item, numbers[item.nodeid]) for item in session.items])
    return True


def ring(_signal: int, _frame: object) -> None:
    """Interrupt the test under way, never the report that is made of it."""
    if ARMED:
        raise Late


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Let fixtures be interrupted."""
    with armed():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Let the test be interrupted."""
    with armed():
        return (yield)


@contextlib.contextmanager
def armed() -> Iterator[None]:
    """Let what runs inside be interrupted by the alarm."""
    ARMED.append(True)
    try:
        yield
    finally:
        ARMED.clear()


def tell(line: dict[str, Any]) -> None:
    """Add a line to the outcome."""
    with OUTCOME.open("a") as file:
        file.write(json.dumps(line) + "\n")


def fresh_cache() -> Iterator[None]:
    """Give what comes next a cache in which nothing is kept, and no other process looks."""
    from django.conf import settings
    from django.core.cache import caches

    number = 0
    while True:
        number += 1
        prefix = f"mutant-{os.getpid()}-{number}"
        settings.CACHES["default"]["KEY_PREFIX"] = prefix
        caches["default"].key_prefix = prefix
        yield


FRESH = fresh_cache()


def run(item: pytest.Item, following: object, patience: float, living: int = 0) -> Ran:
    """Run a test once, with one removal made or none."""
    next(FRESH)
    switch.reached.clear()
    switch.living = living or FROM_THE_START
    is_late, begun, reports = False, time.monotonic(), []
    # Again and again, because what is interrupted may take it for a failure of its own.
    signal.setitimer(signal.ITIMER_REAL, patience, 2.0)
    try:
        reports = runtestprotocol(item, log=False, nextitem=following)  # type: ignore[arg-type]
    except Late:
        is_late = True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        switch.living = FROM_THE_START
    seconds = time.monotonic() - begun
    failed = [report for report in reports if report.failed]
    why = str(failed[0].longrepr)[-300:] if failed else ""
    is_late = is_late or seconds >= patience
    return Ran(bool(reports) and not failed, is_late, seconds, sorted(switch.reached), why)


def note_all(items: list[pytest.Item]) -> None:
    """Run each test as it is; tell how long it takes and which removals it would meet."""
    for item, following in zip_longest(items, items[1:]):
        if any(True for _mark in item.iter_markers("skip")):
            continue
        ran = run(item, following, LONGEST)
        tell({
            "test": item.nodeid, "passed": ran.passed, "seconds": ran.seconds, "reached": ran.reached, "why": ran.why,
        })  # fmt: skip


def try_all(groups: list[tuple[pytest.Item, list[int]]]) -> None:
    """Run each test with each of its removals; stop at a test that no longer passes without any.

    The first test of a module is run as it is before, so that the module's fixtures are made with nothing removed;
    any test is run as it is after a failure, so that the failure is known to be the removal's.
    """
    module: object = None
    dead: set[int] = set()
    for (item, numbers), after in zip_longest(groups, [each for each, _ in groups[1:]]):
        tell({"begun": item.nodeid})
        alive = [number for number in numbers if number not in dead]
        if alive and module is not item.listchain()[-2]:
            module = item.listchain()[-2]
            if not (usual := run(item, SameModule(item), LONGEST)).passed:
                # With the second wall down, that is a test of this very wall.
                tell({"broken": item.nodeid, "why": usual.why})
                if not ARE_WALLS_DOWN:
                    return
                module = None
                item.session._setupstate.teardown_exact(after)  # noqa: SLF001
                continue
        runs = {number: retried(item, number) for number in alive}
        failed = [number for number, ran in runs.items() if not ran.passed and not ran.late]
        if any(not ran.passed for ran in runs.values()):
            if not (usual := run(item, after, LONGEST)).passed:
                tell({"doubtful": failed, "by": item.nodeid, "why": usual.why})
                if not ARE_WALLS_DOWN:
                    return
                failed = []
        else:
            item.session._setupstate.teardown_exact(after)  # noqa: SLF001  (there is no other way to say it)
        dead.update(failed)


def retried(item: pytest.Item, number: int) -> Ran:
    """Run a test with one removal made, and tell how it went."""
    ran = run(item, SameModule(item), PLAN["patience"][item.nodeid], number)
    tell({
        "tried": number, "by": item.nodeid, "seconds": ran.seconds, "late": ran.late, "failed": not ran.passed,
        "why": ran.why,
    })  # fmt: skip
    if ran.late:
        unwind()
    return ran


def force_walls(*, forced: bool) -> None:
    """Force row-level security on the owner of every table that has it, or let the owner through."""
    from django.db import connection

    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as database:
        found = database.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity AND relkind = 'r'"
        )
        for (table,) in found.fetchall():
            database.execute(f"ALTER TABLE {table} {'' if forced else 'NO '}FORCE ROW LEVEL SECURITY")


def unwind() -> None:
    """Leave no statement running that an interrupted test began."""
    from django.db import connections

    with contextlib.suppress(Exception):
        for each in connections.all():
            if not each.in_atomic_block:
                each.close()
