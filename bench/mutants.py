"""Would the suite notice? Removes each permission and each filter in turn, and says which removals no test meets.

Run by `make mutants` (SAMPLE=40 for so many at random, MINUTES=30 for no longer, ONLY=tickets/desk for one place).
Nothing is removed here: it is done in a copy of the tree, one line at a time, which vanishes at the end.
"""

import argparse
import ast
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "sla", "tickets", "helpdesk")
APART = ("migrations", "demo", "management", "templatetags")
REFUSALS = {"PermissionDenied", "Http404", "IllegalMove", "StaleForm", "NotFound", "BadRequest", "Forbidden"}
GUARD = re.compile(r"^_?(check|require|refuse|keeper_only|own_client|.*_only$)")
OWNERS = {"client", "client_id", "is_internal", "person", "user", "people", "author", "recipient__client"}
PERMISSIONS = re.compile(r"(^|/)permissions\.py$")
# After a place's own tests: what asks everything.
EVERYTHING = [
    "tests/access",
    "tests/test_access.py",
    "tests/wall",
    "tests/tickets/test_rules.py",
    "tests/tickets/api",
]
SOON = ["tests/test_access.py", "tests/tickets/test_rules.py", "tests/access/test_tasks_and_feeds.py"]
PATIENCE = 900  # seconds for one lot of tests; no answer by then is no proof


@dataclass(frozen=True)
class Mutant:
    """One removal: where, what stood there, and what stands there instead."""

    path: str
    line: int
    start: int
    end: int
    instead: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.what}"


class Finder(ast.NodeVisitor):
    """Finds what lets somebody in or keeps somebody out."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.source = path, source
        self.found: list[Mutant] = []
        self.is_permissions = bool(PERMISSIONS.search(path))
        self.starts = [0]
        for line in source.encode().splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def add(self, first: ast.AST, last: ast.AST, instead: str, what: str) -> None:
        """Keep a removal from the beginning of one node to the end of another, in bytes."""
        start = self.starts[first.lineno - 1] + first.col_offset  # type: ignore[attr-defined]
        end = self.starts[last.end_lineno - 1] + last.end_col_offset  # type: ignore[attr-defined]
        self.found.append(Mutant(self.path, first.lineno, start, end, instead, what))  # type: ignore[attr-defined]

    def text(self, node: ast.AST) -> str:
        """Return a node's own words, on one line."""
        return " ".join((ast.get_source_segment(self.source, node) or "").split())[:90]

    def visit_If(self, node: ast.If) -> None:
        """A condition that refuses, or that answers nothing in a permission."""
        if refuses(node) or (self.is_permissions and isinstance(node.body[-1], ast.Return)):
            self.add(node.test, node.test, "False", f"if {self.text(node.test)}")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        """A permission's answer."""
        if self.is_permissions and isinstance(node.value, (ast.BoolOp, ast.Compare)):
            self.add(node.value, node.value, "True", f"return {self.text(node.value)}")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A guard that is called for its refusal."""
        if isinstance(node.value, ast.Call) and GUARD.match(name_of(node.value.func)):
            self.add(node, node, "pass", self.text(node))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """A filter by who asks, or by whose rows they are."""
        name = name_of(node.func)
        if name == "visible_to" and isinstance(node.func, ast.Attribute):
            self.add(
                node, node, f"{ast.get_source_segment(self.source, node.func.value)}.all()", self.text(node)
            )
        elif name in {"filter", "exclude", "get_object_or_404"}:
            owned = [each for each in node.keywords if (each.arg or "").split("__")[0] in OWNERS and each.arg]
            if owned and len(node.args) + len(node.keywords) > len(owned):
                fewer = ast.Call(node.func, node.args, [each for each in node.keywords if each not in owned])
                self.add(node, node, ast.unparse(fewer), self.text(node))
            elif owned and isinstance(node.func, ast.Attribute):
                self.add(node, node, f"{ast.unparse(node.func.value)}.all()", self.text(node))
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A page that is for who is signed in."""
        for base in node.bases:
            if name_of(base) == "LoginRequiredMixin" and len(node.bases) > 1:
                self.add(
                    base,
                    base,
                    "*()",
                    f"class {node.name}({name_of(base)})",
                )
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A function that is for who is signed in."""
        for decorator in node.decorator_list:
            if name_of(decorator) in {"login_required", "require_POST"}:
                self.add(decorator, decorator, "(lambda view: view)", f"@{name_of(decorator)} {node.name}")
        self.generic_visit(node)


def name_of(node: ast.AST) -> str:
    """Return the last name of what is called or inherited from."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def refuses(node: ast.If) -> bool:
    """Tell whether a condition's only purpose is to refuse."""
    last = node.body[-1]
    if not isinstance(last, ast.Raise) or last.exc is None:
        return False
    return name_of(last.exc.func if isinstance(last.exc, ast.Call) else last.exc) in REFUSALS


def mutants(only: str) -> Iterator[Mutant]:
    """Find every removal under a path, in the order of the files."""
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            path = file.relative_to(ROOT)
            if str(path).startswith(only) and not set(path.parts) & set(APART):
                source = file.read_text()
                finder = Finder(str(path), source)
                finder.visit(ast.parse(source))
                yield from finder.found


def lots_of(path: str) -> list[list[str]]:
    """Return the tests to run against a removal, the nearest first: those that mirror its place, then all that ask."""
    place, near = Path("tests") / Path(path).parent, []
    while place != Path("tests"):
        if (ROOT / place).is_dir():
            near.append(str(place))
            break
        place = place.parent
    words = Path(path).stem.removesuffix("s")
    named = [str(each.relative_to(ROOT)) for each in (ROOT / "tests").rglob(f"test_{words}*.py")]
    first = sorted({*near, *named} - {"tests/accounts", "tests/tickets", "tests/sla"})
    return [lot for lot in (first, SOON, EVERYTHING) if lot]


def noticed(copy: Path, tests: list[str]) -> bool:
    """Tell whether a lot of tests fails in the copy."""
    command = [
        str(ROOT / ".venv/bin/python"), "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider",
        "-m", "not browser and not worker", "-n2", "--dist", "loadgroup", *tests,
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603  (our own words)
            command, cwd=copy, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode not in {0, 1, 2}:
        raise SystemExit(done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
    return done.returncode != 0


def tried(mutant: Mutant, copy: Path) -> bool:
    """Remove, run, put back; tell whether a test noticed."""
    file = copy / mutant.path
    source = file.read_bytes()
    file.write_bytes(source[: mutant.start] + mutant.instead.encode() + source[mutant.end :])
    try:
        return any(noticed(copy, tests) for tests in lots_of(mutant.path))
    finally:
        file.write_bytes(source)


def copied(folder: str) -> Path:
    """Copy what git knows of the tree, with the installed packages beside."""
    copy = Path(folder) / "tree"
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for name in (".venv", "node_modules"):
        (copy / name).symlink_to(ROOT / name)
    return copy


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="so many at random (0: all)")
    parser.add_argument("--minutes", type=float, default=240, help="begin no other after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="the beginning of a path")
    parser.add_argument("--list", action="store_true", help="say them, run nothing")
    return parser.parse_args()


def main() -> int:
    """Try the removals; return 0 when 95 % of those tried were noticed."""
    options = asked()
    found = list(mutants(options.only))
    print(f"{len(found)} permissions and filters found.")
    if options.list:
        print("\n".join(map(str, found)))
        return 0
    if options.sample:
        found = random.Random(options.seed).sample(found, min(options.sample, len(found)))
    until, outcomes, survivors = time.monotonic() + 60 * options.minutes, Counter[bool](), []
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(folder)
        if noticed(copy, ["tests/tickets/test_rules.py"]):
            raise SystemExit("The suite fails before anything is removed.")
        for mutant in found:
            if time.monotonic() > until:
                break
            killed = tried(mutant, copy)
            outcomes[killed] += 1
            if not killed:
                survivors.append(mutant)
            print(f"{'noticed ' if killed else 'SURVIVES'}  {mutant}", flush=True)
    total = outcomes.total()
    print(
        f"\n{outcomes[True]} of {total} removals noticed ({len(found) - total} not tried for want of time)."
    )
    print("\n".join(f"  survives: {each}" for each in survivors))
    return 0 if total and outcomes[True] >= 0.95 * total else 1


if __name__ == "__main__":
    sys.exit(main())
