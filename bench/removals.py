"""Finds what lets somebody in or keeps somebody out, and writes a tree in which each of these can be switched off.

Found by syntax: filters by owner, conditions that refuse, guards called for their refusal, answers of permissions,
required sign-ins and methods. What is written asks `bench.switch` only where the removal would make a difference (the
condition holds, the guard raises, the answer is no), so that a test is tried again only where it could fail.
"""

import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

APPS = ("accounts", "sla", "tickets", "helpdesk")
# `vectors.py` checks a file of examples, and refuses nobody.
APART = ("migrations", "demo", "management", "templatetags", "vectors.py")
REFUSALS = {
    "PermissionDenied", "Http404", "IllegalMove", "StaleForm", "NotFound", "BadRequest", "Forbidden", "Refused",
    "AuthenticationFailed", "OutboundRefused",
}  # fmt: skip
GUARD = re.compile(r"^_?(check|require|refuse|keeper_only|own_client|.*_only$)")
OWNERS = {"client", "client_id", "is_internal", "person", "user", "people", "author", "recipient__client"}
PERMISSIONS = re.compile(r"(^|/)permissions\.py$")
ANSWERS = re.compile(r"^(may_\w+|test_func|has_\w*permission|check_token)$")
DECORATORS = {"login_required", "require_POST", "require_safe"}
Function = TypeVar("Function", ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Removal:
    """One removal: its number, where it is, and what stands there."""

    number: int
    path: str
    line: int
    where: str
    what: str
    is_filter: bool = False

    @property
    def key(self) -> str:
        """Say which one it is in words that outlive a change of lines."""
        return f"{self.path} {self.where}: {self.what}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.where}: {self.what}"


class Switcher(ast.NodeTransformer):
    """Puts a switch on each removal of one file."""

    def __init__(self, path: str, first: int) -> None:
        self.path, self.first = path, first
        self.found: list[Removal] = []
        self.names: list[str] = []
        self.is_permissions = bool(PERMISSIONS.search(path))

    def add(self, node: ast.expr | ast.stmt, what: str, *, is_filter: bool = False) -> int:
        """Keep a removal; return its number."""
        number, place = self.first + len(self.found), ".".join(self.names) or "module"
        self.found.append(Removal(number, self.path, node.lineno, place, what, is_filter))
        return number

    @property
    def answers(self) -> bool:
        """Tell whether the function around answers whether somebody may."""
        return self.is_permissions or bool(self.names and ANSWERS.match(self.names[-1]))

    def visit_If(self, node: ast.If) -> ast.AST:
        """Switch a condition that refuses, or that answers nothing in a permission."""
        if refuses(node) or (self.answers and isinstance(node.body[-1], ast.Return)):
            number = self.add(node, f"if {text(node.test)}")
            self.generic_visit(node)
            node.test = parsed(f"(TEST) and not _switch.removed({number})", TEST=node.test)
            return node
        return self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """Switch a permission's answer."""
        if node.value is not None and self.answers and is_answer(node.value, self.names):
            number = self.add(node, f"return {text(node.value)}")
            self.generic_visit(node)
            node.value = parsed(f"(VALUE) or _switch.removed({number})", VALUE=node.value)
            return node
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Switch a guard that is called for its refusal."""
        if not (isinstance(node.value, ast.Call) and GUARD.match(name_of(node.value.func))):
            return self.generic_visit(node)
        number = self.add(node, text(node))
        self.generic_visit(node)
        # What refuses keeps its reason for later; what checks raises at once.
        notes = "refuse" in name_of(node.value.func)
        words = (
            f"if not _switch.removed({number}): pass"
            if notes
            else f"try: pass\nexcept Exception:\n  if not _switch.removed({number}): raise"
        )
        [around] = ast.parse(words).body
        assert isinstance(around, (ast.If, ast.Try))  # noqa: S101  (parsed just above)
        around.body = [node]
        return around

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Switch a filter by who asks, or by whose rows they are."""
        without = unfiltered(node)
        if without is None:
            return self.generic_visit(node)
        number = self.add(node, text(node), is_filter=True)
        self.generic_visit(node)
        # Made anew, so that what stands inside keeps its own switch in both.
        return parsed(
            f"(WITHOUT) if _switch.removed({number}) else (WITH)", WITHOUT=unfiltered(node), WITH=node
        )

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Switch a page that is for who is signed in, and the permissions of an address of the API."""
        self.names.append(node.name)
        for place, base in enumerate(node.bases):
            if name_of(base) == "LoginRequiredMixin" and len(node.bases) > 1:
                number = self.add(node, f"({name_of(base)})")
                node.bases[place] = parsed(f"_switch.signed_in({number}, BASE)", BASE=base)
        for each in node.body:
            if isinstance(each, ast.Assign) and name_of(each.targets[0]) == "permission_classes":
                self.switch_permissions(each)
        self.generic_visit(node)
        self.names.pop()
        return node

    def switch_permissions(self, node: ast.Assign) -> None:
        """Switch each of the classes that an address of the API asks."""
        if isinstance(node.value, ast.List):
            for place, each in enumerate(node.value.elts):
                if name_of(each) != "AllowAny":
                    number = self.add(node, f"permission {text(each)}")
                    node.value.elts[place] = parsed(f"_switch.permission({number}, EACH)", EACH=each)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Switch what a function is decorated with: for who is signed in, for one method."""
        self.names.append(node.name)
        for place, decorator in enumerate(node.decorator_list):
            name = name_of(decorator)
            if name in DECORATORS:
                number = self.add(node, f"@{name}")
                node.decorator_list[place] = parsed(
                    f"_switch.decorated({number}, DECORATOR, {name!r})", DECORATOR=decorator
                )
        self.generic_visit(node)
        self.names.pop()
        return node


def parsed(words: str, **nodes: ast.expr | None) -> ast.expr:
    """Parse an expression, in which names in capitals stand for other ones."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return deepcopy(nodes.get(node.id)) or node

    return Fill().visit(ast.parse(words, mode="eval").body)


def unfiltered(node: ast.Call) -> ast.expr | None:
    """Return what asks for everybody's rows where a call asks for somebody's; None for any other call."""
    name = name_of(node.func)
    if name == "visible_to" and isinstance(node.func, ast.Attribute):
        return parsed("ROWS.all()", ROWS=node.func.value)
    if name not in {"filter", "exclude", "get", "get_object_or_404"}:
        return None
    owned = [each for each in node.keywords if each.arg and each.arg.split("__")[0] in OWNERS]
    if owned and len(node.args) + len(node.keywords) > len(owned):
        return deepcopy(ast.Call(node.func, node.args, [each for each in node.keywords if each not in owned]))
    if owned and isinstance(node.func, ast.Attribute) and name != "get":
        return parsed("ROWS.all()", ROWS=node.func.value)
    return None


def is_answer(value: ast.expr, names: list[str]) -> bool:
    """Tell whether what is returned says yes or no."""
    if isinstance(value, ast.Constant):
        return value.value is False and bool(names) and names[-1].startswith("has_")
    is_may = bool(names) and bool(ANSWERS.match(names[-1]))
    return isinstance(value, (ast.BoolOp, ast.Compare)) or (is_may and isinstance(value, ast.Call))


def text(node: ast.AST) -> str:
    """Return a node's own words, on one line."""
    return " ".join(ast.unparse(node).split())[:90]


def name_of(node: ast.AST) -> str:
    """Return the last name of what is called or inherited from."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def refuses(node: ast.If) -> bool:
    """Tell whether a condition's only purpose is to refuse: by what it raises, or by the status that it answers."""
    last = node.body[-1]
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Call):
        status = [each.value for each in last.value.keywords if each.arg == "status"]
        return any(isinstance(each, ast.Constant) and str(each.value)[:1] == "4" for each in status)
    if not isinstance(last, ast.Raise) or last.exc is None:
        return False
    return name_of(last.exc.func if isinstance(last.exc, ast.Call) else last.exc) in REFUSALS


def switched(source: str, path: str, first: int) -> tuple[str, list[Removal]]:
    """Return a file with switches, and its removals, numbered from `first`."""
    tree, switcher = ast.parse(source), Switcher(path, first)
    switcher.visit(tree)
    if not switcher.found:
        return source, []
    place = 0
    for place, each in enumerate(tree.body):  # noqa: B007
        is_docstring = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        if not (is_docstring or (isinstance(each, ast.ImportFrom) and each.module == "__future__")):
            break
    tree.body[place:place] = ast.parse("from bench import switch as _switch").body
    return ast.unparse(ast.fix_missing_locations(tree)), switcher.found


def switch_tree(root: Path) -> Iterator[Removal]:
    """Rewrite a copy of the tree with its switches; return every removal, in the order of the files."""
    number = 1
    for app in APPS:
        for file in sorted((root / app).rglob("*.py")):
            path = file.relative_to(root)
            if not set(path.parts) & set(APART):
                written, found = switched(file.read_text(), str(path), number)
                if found:
                    file.write_text(written)
                number += len(found)
                yield from found


def removals_of(root: Path) -> list[Removal]:
    """Find every removal of the tree, and change nothing."""
    found: list[Removal] = []
    for app in APPS:
        for file in sorted((root / app).rglob("*.py")):
            path = file.relative_to(root)
            if not set(path.parts) & set(APART):
                found += switched(file.read_text(), str(path), len(found) + 1)[1]
    return found
