"""The versions of each solution over time: what a client uses on a day, and what corrects it."""

from datetime import datetime
from random import Random

from tickets.demo.parties import SOLUTIONS

FIRST = {part.code: part.first_release for part in SOLUTIONS}
EPOCH_YEAR = 2025


def release_at(code: str, at: datetime, rng: Random) -> dict[str, list[str]]:
    """Return slots: the version in use, the one before it, the one that will correct it."""
    major, minor = FIRST[code]
    quarters = (at.year - EPOCH_YEAR) * 4 + (at.month - 1) // 3
    minor += max(quarters, 0)
    patch = (at.month - 1) % 3 * 2 + rng.randint(0, 1)
    following = patch + rng.randint(1, 3)
    return {
        "version": [f"{major}.{minor}.{patch}"],
        "former_version": [f"{major}.{max(minor - 1, 0)}.{rng.randint(3, 6)}"],
        "next_version": [f"{major}.{minor}.{following}"],
        "delivered_version": [f"{major}.{minor}.{following}"],
        "later_version": [f"{major}.{minor}.{following + rng.randint(1, 2)}"],
    }
