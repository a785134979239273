"""The system's own packages: what must be there, and how it comes there or is asked for."""

import ctypes.util
import importlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from launcher.places import private_directory, var_directory
from launcher.problem import ProblemError, last_lines, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@dataclass(frozen=True)
class SystemPackage:
    """Something that no Python or npm package brings, under its Debian name."""

    name: str
    purpose: str
    is_there: Callable[[], bool]


def browser() -> str | None:
    """Return the browser that drives the tests: CHROMIUM, or the system's."""
    given = os.environ.get("CHROMIUM")
    return given or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def has_venv() -> bool:
    """Tell whether this Python can create virtual environments (Debian packages that apart)."""
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


FOR_THE_ENVIRONMENT = (SystemPackage("python3-venv", "virtual environments", has_venv),)
FOR_RUNNING = (
    SystemPackage("gettext", "the French catalogue", lambda: bool(shutil.which("msgfmt"))),
    SystemPackage(
        "libmagic1", "the types of attached files", lambda: bool(ctypes.util.find_library("magic"))
    ),
    SystemPackage(
        "libpangoft2-1.0-0", "the printed documents", lambda: bool(ctypes.util.find_library("pangoft2-1.0"))
    ),
)
FOR_TESTING = (SystemPackage("chromium", "the tests in a browser", lambda: bool(browser())),)


def as_one_line(packages: list[SystemPackage]) -> str:
    """Say what is missing and the command that brings it."""
    what = ", ".join(f"{package.name} ({package.purpose})" for package in packages)
    names = " ".join(package.name for package in packages)
    return f"Missing on this system: {what}. Install with: apt-get install {names}"


def require(packages: tuple[SystemPackage, ...]) -> None:
    """Make sure that these are there: installed for root on Debian, asked for in one line otherwise."""
    missing = [package for package in packages if not package.is_there()]
    if not missing:
        return
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        raise ProblemError(as_one_line(missing))
    names = [package.name for package in missing]
    say(f"Installing system packages: {', '.join(names)}")
    log = private_directory(private_directory(var_directory()) / "log") / "apt.log"
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *names]):
        apt_get(apt, words, log)
    if still := [package for package in missing if not package.is_there()]:
        raise ProblemError(as_one_line(still))


def apt_get(apt: str, words: list[str], log: Path) -> None:
    """Run apt-get without a question; raise a problem with its last words when it fails."""
    with log.open("ab") as output:
        done = subprocess.run(
            [apt, "-q", *words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            check=False,
        )
    if done.returncode:
        raise ProblemError(f"apt-get {words[0]} failed; the end of {log}:{last_lines(log)}")
