"""What a computation was made with: the versions of the engine and of the data that it reads."""

import importlib.metadata
import zoneinfo
from functools import cache
from pathlib import Path

# Raised when the same events, policy and calendar would be judged otherwise.
ENGINE_VERSION = "1.0"


@cache
def timezone_data() -> str:
    """Return the release of the time zone data in use, such as “2026a”; “unknown” where none is written."""
    for folder in zoneinfo.TZPATH:
        listing = Path(folder) / "tzdata.zi"
        if listing.is_file():
            with listing.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()
    return _installed("tzdata")


@cache
def holidays_package() -> str:
    """Return the version of the package that knows the public holidays."""
    return _installed("holidays")


def _installed(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
