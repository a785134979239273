"""Every check of the code that is not a test, all of them run even when one fails."""

import time
from collections.abc import Callable

from launcher import catalogues
from launcher.places import ENVIRONMENT, PYTHON
from launcher.problem import say
from launcher.processes import run_in_foreground

PROGRAMS = ENVIRONMENT / "bin"
COMMANDS = {
    "ruff check": [str(PROGRAMS / "ruff"), "check", "."],
    "ruff format": [str(PROGRAMS / "ruff"), "format", "--check", "."],
    "mypy": [str(PROGRAMS / "mypy"), "."],
    "bandit": [str(PROGRAMS / "bandit"), "-q", "-c", "pyproject.toml", "-r", "."],
    # Linted, not reformatted: its formatter adds white space inside sentences.
    "djlint": [str(PROGRAMS / "djlint"), "templates", "--lint"],
    "migrations": [str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"],
    "system checks": [str(PYTHON), "manage.py", "check", "--fail-level", "WARNING"],
}


def run_all(environment: dict[str, str]) -> int:
    """Run the checks in turn, say which failed, and return 0 only when none did."""

    def command_check(command: list[str]) -> Callable[[], int]:
        return lambda: run_in_foreground(command, environment)

    checks: dict[str, Callable[[], int]] = {
        name: command_check(command) for name, command in COMMANDS.items()
    }
    checks["catalogues"] = lambda: catalogues.check(environment)
    failed = []
    for name, check in checks.items():
        begun = time.monotonic()
        say(f"── {name}")
        if check():
            failed.append(name)
        say(f"── {name}: {'FAILED' if name in failed else 'passed'} in {time.monotonic() - begun:.1f} s")
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0
