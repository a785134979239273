"""The house rules, read off the source itself: imports go one way, modules stay small and say what they are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["accounts", "sla", "tickets", "helpdesk"]  # each may import itself and those before it
MAX_LINES = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc"}

# Inside tickets, from the ground up: a module imports its own floor or those below.
FLOORS = [
    {"words", "life", "paid_work", "acts", "transitions", "workflow", "workflow_of_paid_work", "money", "place",
     "markup", "files", "uploads", "apps", "sealing", "cells", "sheets", "images", "scanner", "plain_sheet", "seen",
     "validity"},
    {"models", "ledger", "clocks", "recomputation", "recomputation_words",
     "timetable", "indexing", "phrases", "attachments", "promises", "drafts",
     "similar", "search", "templatetags", "history", "chains", "file_door", "scanning", "discarding", "outcomes",
     "tallies", "quote_document", "rereading"},
    {"permissions", "notifications"},
    {"actions"},
    {"api", "effects", "demo", "seeding", "lists", "anomalies", "canned", "portal", "desk", "record", "recomputing",
     "reports", "breachfile", "monthly", "list_exports", "simulator", "statements", "views", "tasks", "admin", "urls",
     "management", "trainings", "privacy", "exports", "quotes", "prices"},
]  # fmt: skip

PURE = ["sla/" + name for name in (
    "acknowledgement", "calendar", "calendar_document", "clock", "deadlines", "intervals", "opening_table", "policy",
    "public_holidays", "resolution", "breaches", "statement", "vectors", "compliance",
)]  # fmt: skip


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


ALL = list(sources(*APPS))


def test_who_works_on_tickets_is_said_in_one_place() -> None:
    said = {"Role.AGENT, Role.MANAGER", "Role.MANAGER, Role.AGENT"}
    telling = [path for path in ALL if any(each in path.read_text(encoding="utf-8") for each in said)]
    assert [str(path.relative_to(ROOT)) for path in telling] == ["accounts/models.py"]


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_keeps_the_house_rules(path: Path) -> None:
    tree, name = parsed(path), path.relative_to(ROOT)
    app = name.parts[0]
    above = APPS[APPS.index(app) + 1 :]
    assert not [found for found in imported(tree) if found.split(".")[0] in above], "imports an app above it"
    assert path.stem not in FORBIDDEN_NAMES, "has a name that says nothing"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES, "is too long: split it by subject"
    if path.read_text(encoding="utf-8").strip():
        assert ast.get_docstring(tree), "does not say its purpose"


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_hides_nothing(path: Path) -> None:
    tree = parsed(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = [each for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom)]
            assert not inside, f"{node.name} imports inside itself"
        if isinstance(node, ast.ClassDef):
            methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
            bases = {ast.unparse(base) for base in node.bases}
            if any("Model" in base and "Form" not in base and "Admin" not in base for base in bases):
                assert "save" not in methods, f"{node.name} overrides save()"
    assert "django.db.models.signals" not in set(imported(tree)), "listens to signals"


@pytest.mark.parametrize("name", PURE)
def test_the_engine_is_pure(name: str) -> None:
    path = ROOT / f"{name}.py"
    tree = parsed(path)
    known = [found for found in imported(tree) if found.split(".")[0] == "django"]
    # Words for a person may be translated; nothing else of the framework belongs here.
    assert not [found for found in known if not found.startswith("django.utils.translation")], known
    wall_clock = {"now", "utcnow", "today", "time_ns"}
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & wall_clock
    assert not calls, f"reads the wall clock: {calls}"


def floor_of(module: str) -> int | None:
    return next((rank for rank, names in enumerate(FLOORS) if module in names), None)


@pytest.mark.parametrize("path", list(sources("tickets")), ids=lambda path: str(path.relative_to(ROOT)))
def test_tickets_imports_go_down(path: Path) -> None:
    parts = path.relative_to(ROOT / "tickets").with_suffix("").parts
    if parts == ("__init__",):
        return
    own = floor_of(parts[0])
    assert own is not None, f"tickets/{parts[0]} has no floor: give it one"
    for found in imported(parsed(path)):
        pieces = found.split(".")
        if pieces[0] == "tickets" and len(pieces) > 1:
            floor = floor_of(pieces[1])
            assert floor is None or floor <= own, f"imports {found}, a floor above"


def test_views_are_short() -> None:
    long = []
    for path in ALL:
        if "views" not in path.stem:
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                if length > 20:
                    long.append(f"{path.relative_to(ROOT)}:{node.name} ({length} lines)")
    assert not long


@pytest.mark.parametrize("path", list(sources(*APPS)), ids=str)
def test_translation_goes_by_names_that_the_catalogues_gather(path: Path) -> None:
    aliases = {
        alias.asname
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    assert aliases <= {None, "_"}, "makemessages gathers the functions' own names and _ alone"
