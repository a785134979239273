"""What a verification prints: each check, what it confirmed or what differs, then the verdict."""

from collections.abc import Callable
from pathlib import Path

from sla.vectors import VectorError, read_document
from sla.verification import BrokenStatement, notices, verify


def report(path: Path, write: Callable[[str], object]) -> int:
    """Verify a statement document and `write` a line for each check; return 0 if all is confirmed, else 1."""
    differing = 0
    try:
        document = read_document(path)
        for check in verify(document):
            if check.passed:
                write(f"{check.name}: confirmed ({check.confirmed})\n")
            else:
                differing += 1
                write(f"{check.name}: DIFFERS\n")
                for difference in check.differences:
                    write(f"  {difference}\n")
        for notice in notices(document):
            write(f"note: {notice}\n")
    except (BrokenStatement, VectorError) as error:
        write(f"{error}\nNot confirmed: this statement cannot be verified.\n")
        return 1
    write(f"NOT confirmed: {differing} checks differ.\n" if differing else "Confirmed.\n")
    return 1 if differing else 0
