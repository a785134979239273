"""Which tickets the demonstration tells: how many, when, how each one goes (a deck dealt from a seed)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from sla.calendar import BusinessCalendar
from sla.intervals import HOUR
from sla.policy import Severity
from tickets.words import OutOfScopeGround

MONTHS = 14
LATE_ACKNOWLEDGEMENTS = 0.08
LATE_RESOLUTIONS = 0.13
OUT_OF_HOURS = 0.07

# How a ticket of the past goes, and how often in a hundred.
WEIGHTS = {
    "production": 29,
    "tacit": 13,
    "accepted_in_silence": 8,
    "refused_once": 8,
    "refused_twice": 2,
    "replaced": 2,
    "workaround_definitive": 4,
    "workaround_provisional": 4,
    "workaround_in_silence": 2,
    "question_in_silence": 2,
    "lowered": 4,
    "lowered_contested_upheld": 1,
    "lowered_contested_denied": 2,
    "raised": 2,
    "out_of_scope": 4,
    "out_of_scope_upheld": 1,
    "out_of_scope_denied": 1,
    "back_in_scope": 1,
    "longer_delay": 2,
    "longer_delay_refused": 1,
    "verdict_asked_again": 2,
    "deadline_contested": 1,
    "corrected": 1,
    "withdrawn": 2,
    "duplicated": 2,
    "followed_up": 2,
    "not_reproducible": 2,
    "agreed": 1,
}

# How the tickets of the last days stand at the end: story → (business hours since filing, severity).
STILL_OPEN = (
    ("new", 0.4, "majeure"),
    ("waiting", 11.0, "majeure"),
    ("under_test", 20.0, "majeure"),
    ("new", 3.5, "bloquante"),
    ("in_progress", 22.6, "bloquante"),
    ("workaround_under_test", 24.0, "majeure"),
    ("quote_awaited", 40.0, "mineure"),
    ("accepted", 30.0, "majeure"),
    ("severity_contested", 14.0, "bloquante"),
    ("scope_contested", 21.0, "majeure"),
    ("out_of_scope_for_now", 16.0, "mineure"),
    ("deadline_contested_for_now", 75.0, "majeure"),
    ("time_requested", 26.0, "majeure"),
    ("answered_under_test", 28.0, "majeure"),
    ("in_progress", 61.0, "majeure"),
    ("in_progress", 84.0, "majeure"),
    ("in_progress", 30.0, "bloquante"),
    ("warned", 40.0, "mineure"),
    ("new", 1.1, "mineure"),
    ("new", 5.2, "majeure"),
    ("in_progress", 6.0, "bloquante"),
    ("waiting", 32.0, "mineure"),
    ("in_progress", 48.0, "mineure"),
    ("under_test", 33.0, "bloquante"),
    ("in_progress", 13.0, "majeure"),
    ("new", 0.2, "bloquante"),
    ("in_progress", 120.0, "mineure"),
    ("waiting", 52.0, "majeure"),
    ("accepted", 34.0, "mineure"),
    ("in_progress", 37.0, "majeure"),
    ("under_test", 29.0, "mineure"),
    ("in_progress", 9.0, "mineure"),
    ("waiting", 18.0, "bloquante"),
    ("in_progress", 57.0, "majeure"),
    ("under_test", 24.0, "majeure"),
    ("quote_awaited", 44.0, "majeure"),
    ("in_progress", 70.0, "mineure"),
    ("workaround_under_test", 38.0, "bloquante"),
    ("waiting", 44.0, "mineure"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One ticket to live: when it is filed, how it goes, its number (and source of chance)."""

    filed_at: datetime
    story: str
    severity: Severity | None = None
    ground: OutOfScopeGround | None = None
    acknowledged_late: bool = False
    resolved_late: bool = False
    number: int = 0
    client: str = ""  # whose it is, by code; nothing: left to chance


# The client whose manager, one of the accounts shown, finds a quote to answer.
SIGNING = "brasserie-nord-lys"

# One more ticket comes out of each of these.
SPAWNING = frozenset({"duplicated", "followed_up"})


def deal(count: int, begins_at: datetime, now: datetime, hours: BusinessCalendar, rng: Random) -> list[Part]:
    """Return the parts of `count` tickets, in the order of filing; those that others bring about are counted in."""
    still_open = STILL_OPEN if count >= 240 else STILL_OPEN[: max(count // 4, 1)]
    parts = [*_past(count - len(still_open), begins_at, now, hours, rng), *_recent(still_open, now, hours)]
    parts.sort(key=lambda part: part.filed_at)
    return [replace(part, number=number) for number, part in enumerate(parts, start=1)]


def _past(
    count: int, begins_at: datetime, now: datetime, hours: BusinessCalendar, rng: Random
) -> Iterator[Part]:
    stories = _stories(count, rng)
    total = hours.between(begins_at, now)
    # A little more each month: the vendor's clients grow used to the tool.
    shares = sorted(rng.random() ** 0.85 for _ in stories)
    grounds = cycle(OutOfScopeGround)
    for share, story in zip(shares, stories, strict=True):
        filed_at = hours.add(begins_at, max(int(share * total), 1))
        if rng.random() < OUT_OF_HOURS:
            filed_at += timedelta(hours=rng.uniform(10, 12))
        yield Part(
            filed_at=min(filed_at, now).replace(microsecond=0),
            story=story,
            ground=next(grounds) if "scope" in story else None,
            acknowledged_late=rng.random() < LATE_ACKNOWLEDGEMENTS,
            resolved_late=rng.random() < LATE_RESOLUTIONS,
        )


def _recent(
    still_open: tuple[tuple[str, float, str], ...], now: datetime, hours: BusinessCalendar
) -> Iterator[Part]:
    for story, age, severity in still_open:
        filed_at = hours.subtract(now, int(age * HOUR)).replace(microsecond=0)
        client = SIGNING if story == "quote_awaited" else ""
        yield Part(filed_at, story, Severity(severity), OutOfScopeGround.CONFIGURATION, client=client)


def _stories(count: int, rng: Random) -> list[str]:
    """Return how each ticket goes, in the order of filing: every story is told, early enough to end."""
    # Six plainly out of scope and three more: each of the nine grounds.
    stories = [*WEIGHTS, *["out_of_scope"] * 5]
    ranks = [rng.random() * 0.75 for _ in stories]
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    while _tickets_of(stories) < count:
        story = rng.choices(names, weights)[0]
        if _tickets_of([*stories, story]) <= count:
            stories.append(story)
            ranks.append(rng.random())
    early = [rank * 0.6 if story in SPAWNING else rank for rank, story in zip(ranks, stories, strict=True)]
    return [story for _, story in sorted(zip(early, stories, strict=True))]


def _tickets_of(stories: list[str]) -> int:
    return len(stories) + sum(story in SPAWNING for story in stories)
