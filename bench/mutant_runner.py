"""Copies the tree and runs tests of the copy in two processes: each test as it is, or again with removals made."""

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SUITE = [
    "tests/tickets", "tests/test_access.py", "tests/access", "tests/wall", "tests/accounts", "tests/sla",
    "tests/test_armour.py", "tests/test_errors.py",
]  # fmt: skip
# What asks nothing of permissions and takes long: whole lives, replays, servers of its own.
LEFT_OUT = [
    "tests/tickets/test_demo.py", "tests/tickets/test_demo_reset.py", "tests/tickets/test_random_lives.py",
    "tests/tickets/test_concurrency.py", "tests/tickets/test_import.py", "tests/tickets/api/test_fuzzing.py",
    "tests/sla/test_properties.py", "tests/sla/test_vectors.py", "tests/sla/test_quick_ways.py",
]  # fmt: skip
PARTS = 2
RESTARTS = 12


@dataclass
class Test:
    """A test as it runs with nothing removed."""

    name: str
    seconds: float
    reached: list[int]

    @property
    def patience(self) -> float:
        """Return how long a run of it may take, in seconds, before it counts as hanging."""
        return max(15.0, 6 * self.seconds)


class Runner:
    """Starts pytest on the switched copy, in two processes, and gathers what they tell."""

    def __init__(self, copy: Path, until: float) -> None:
        self.copy, self.until, self.count, self.walls = copy, until, 0, "up"

    def start(
        self,
        part: int,
        groups: list[tuple[str, list[int]]] | None,
        patience: dict[str, float],
        files: list[str],
        *,
        apart: int = 0,
    ) -> tuple[subprocess.Popen[bytes], Path, Path]:
        """Start one process on its part of the plan, or on all of it with one removal made from the start."""
        self.count += 1
        plan, outcome, log = (self.copy.parent / f"{kind}{self.count}" for kind in ("plan", "outcome", "log"))
        outcome.touch()
        plan.write_text(
            json.dumps({
                "part": part, "parts": 1 if apart else PARTS, "groups": groups, "outcome": str(outcome),
                "patience": patience, "walls": self.walls,
            })
        )  # fmt: skip
        command = [
            str(ROOT / ".venv/bin/python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "bench.mutant_runs",
            "-m", "not browser and not worker", *(f"--ignore={each}" for each in LEFT_OUT), *files,
        ]  # fmt: skip
        with log.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603  (our own words)
                command,
                cwd=self.copy,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, "MUTANT_PLAN": str(plan), "REMOVED": str(apart)},
            )
        return process, outcome, log

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the end of a process, or of the time allowed."""
        try:
            process.wait(timeout=max(1.0, self.until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()

    def note(self, files: list[str]) -> list[dict[str, Any]]:
        """Run every test of some files once, as it is."""
        started = [self.start(part, None, {}, files) for part in range(PARTS)]
        lines = []
        for process, outcome, log in started:
            self.wait(process)
            told = told_in(outcome)
            if process.returncode not in {0, 5}:
                raise SystemExit(log.read_text()[-3000:])
            lines += told
        return lines

    def try_groups(self, groups: dict[str, list[int]], tests: dict[str, Test]) -> list[dict[str, Any]]:
        """Run each test with each of its removals, shared out by what it costs; begin again after what spoils it."""
        waiting, lines = shared(groups, tests), []
        for _restart in range(RESTARTS):
            patience = {name: tests[name].patience for part in waiting for name, _numbers in part}
            started = [
                (part, self.start(part, mine, patience, files_of(mine)))
                for part, mine in enumerate(waiting)
                if mine
            ]
            for part, (process, outcome, _log) in started:
                self.wait(process)
                told = told_in(outcome)
                lines += told
                begun = {line["begun"] for line in told if "begun" in line}
                waiting[part] = [each for each in waiting[part] if each[0] not in begun] if begun else []
            if not any(waiting) or time.monotonic() > self.until:
                break
        return lines

    def apart(self, path: str, number: int, *also: str) -> list[dict[str, Any]]:
        """Run the tests of a file's own place, and some others, with a removal made from the start."""
        near = next(
            str(each.relative_to(self.copy))
            for each in [self.copy / "tests" / parent for parent in Path(path).parents]
            if each.is_dir()
        )
        process, outcome, _log = self.start(0, None, {}, [near, *also], apart=number)
        self.wait(process)
        return told_in(outcome)


def files_of(groups: list[tuple[str, list[int]]]) -> list[str]:
    """Return the files of tests."""
    return sorted({test.partition("::")[0] for test, _numbers in groups})


def told_in(outcome: Path) -> list[dict[str, Any]]:
    """Read the lines of an outcome; a last one that was cut short is left."""
    lines = []
    for line in outcome.read_text().splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            break
    return lines


def shared(groups: dict[str, list[int]], tests: dict[str, Test]) -> list[list[tuple[str, list[int]]]]:
    """Cut what there is to run into parts of like cost, each of them of neighbouring tests."""
    ordered = sorted(groups.items())
    total = sum(tests[name].seconds * len(numbers) for name, numbers in ordered)
    parts: list[list[tuple[str, list[int]]]] = [[] for _ in range(PARTS)]
    spent = 0.0
    for name, numbers in ordered:
        parts[min(PARTS - 1, int(PARTS * spent / total) if total else 0)].append((name, numbers))
        spent += tests[name].seconds * len(numbers)
    return parts


def copied(folder: str) -> Path:
    """Copy what git knows of the tree, with the installed packages beside."""
    copy = Path(folder) / "tree"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for name in (".venv", "node_modules"):
        (copy / name).symlink_to(ROOT / name)
    for catalogue in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
        shutil.copy2(catalogue, copy / catalogue.relative_to(ROOT))
    return copy
