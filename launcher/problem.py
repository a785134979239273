"""The one way in which the launcher gives up: a sentence that says what to do."""

import contextlib
import sys
from pathlib import Path


class ProblemError(Exception):
    """What keeps the launcher from going on, in one line for the person at the terminal."""


def say(line: str) -> None:
    """Write one line on the terminal at once; a terminal that is gone must not keep us from stopping."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def last_lines(log: Path, count: int = 8) -> str:
    """Return the last lines of a log that say something, indented, or nothing when it has none.

    Of a traceback only the error itself is kept: the rest is for who reads the log.
    """
    if not log.exists():
        return ""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    for at in reversed(range(len(lines))):
        if lines[at].startswith("Traceback (most recent call last)"):
            lines = [line for line in lines[at + 1 :] if not line.startswith(" ")]
            break
    return "".join(f"\n    {line[:300]}" for line in lines[-count:])
