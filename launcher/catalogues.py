"""The catalogues of translations: written by gettext's tools, and complete or refused."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from launcher.places import PYTHON, ROOT
from launcher.problem import ProblemError, say
from launcher.processes import run_in_foreground

LANGUAGE = "fr"
# Source strings are English, so English needs no catalogue of its own.
DOMAINS = {"django": ["--extension", "html,txt,py"], "djangojs": ["--extension", "js"]}
# What msgcmp says of a string: it refuses the first three, and only mentions the last.
REPORTED = r"not defined|untranslated|needs to be reviewed|not used"
IGNORED = ("node_modules/*", ".venv/*", "var/*", "tests/*", "launcher/*")


def extraction(domain: str, *more: str) -> list[str]:
    """Return the command that gathers one domain's strings from the code."""
    ignored = [word for pattern in IGNORED for word in ("--ignore", pattern)]
    makemessages = [str(PYTHON), "manage.py", "makemessages", "--locale", LANGUAGE, "--domain", domain]
    return [*makemessages, *DOMAINS[domain], "--no-location", "--no-obsolete", "--no-wrap", *ignored, *more]


def kept_domains() -> list[str]:
    """Return the domains that have a catalogue in this project."""
    return [domain for domain in DOMAINS if catalogue(ROOT, domain).exists()]


def catalogue(root: Path, domain: str) -> Path:
    """Return the catalogue of one domain below a copy of the project."""
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def update() -> int:
    """Write the code's strings into the catalogues; what is new has no translation yet."""
    for domain in kept_domains() or ["django"]:
        if code := run_in_foreground(extraction(domain), dict(os.environ)):
            return code
    return 0


def copy_sources(destination: Path) -> None:
    """Copy what git keeps or would keep, so that nothing is written in the work tree."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        raise ProblemError(f"The catalogues are checked in a git work tree only: {listed.stderr.strip()}")
    for name in filter(None, listed.stdout.split("\0")):
        source = ROOT / name
        if source.suffix in {".py", ".html", ".txt", ".js", ".po"} and source.is_file():
            target = destination / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def complaints_of(command: list[str], pattern: str) -> list[str]:
    """Return the lines of a gettext tool's answer that report a string, in the tool's words."""
    plain = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=plain)
    lines = done.stderr.splitlines()
    found = [line for line in lines if re.search(pattern, line)]
    return found or (lines[-3:] if done.returncode else [])


def complaints(environment: dict[str, str]) -> list[str]:
    """Return one line per string that is missing, left over, untranslated, fuzzy or badly formatted."""
    found: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        copy_sources(copy)
        for domain in kept_domains() or ["django"]:
            command = extraction(domain, "--keep-pot")
            made = subprocess.run(
                command, cwd=copy, env=environment, capture_output=True, text=True, check=False
            )
            template = copy / "locale" / f"{domain}.pot"
            if made.returncode or not template.exists():
                return [*made.stderr.strip().splitlines()[-5:], f"makemessages gathered nothing for {domain}"]
            ours = str(catalogue(ROOT, domain))
            found += complaints_of(["msgcmp", ours, str(template)], REPORTED)
            found += complaints_of(["msgfmt", "--check", "--output-file", os.devnull, ours], r"error")
    return [line.replace(f"{ROOT}/", "") for line in found]


def check(environment: dict[str, str]) -> int:
    """Say what keeps the catalogues from being complete and up to date; return 0 when nothing does."""
    lines = complaints(environment)
    for line in lines[:40]:
        say(line)
    if lines:
        say(f"{len(lines)} complaints about the catalogues: make messages, then translate.")
    return 1 if lines else 0
