"""Measure the service-level engine beside other engines, on the same questions, checked for equal answers."""

import gc
import os
import platform
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.peers import Peer, peers
from sla.calendar import BusinessCalendar
from sla.clock import Event, EventKind, assess
from sla.intervals import MICROSECOND
from sla.policy import Policy, Severity
from sla.public_holidays import find_place, names_by_day
from sla.segments import acknowledge_segments, resolve_segments

SEED = 2024
QUESTIONS = 20_000
ROUNDS = 7
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
HOURS = 3_600_000_000
CALENDAR = {
    "timezone": "Europe/Paris",
    "weekly": {str(weekday): [["09:00", "18:00"]] for weekday in range(1, 6)},
    "holidays": {"country": "FR"},
}
POLICY = {
    "bloquante": {"acknowledge": {"hours": 2}, "resolve": {"hours": 24}},
    "majeure": {"acknowledge": {"hours": 4}, "resolve": {"days": 7}},
    "mineure": {"acknowledge": {"hours": 24}, "resolve": None},
}


@dataclass(frozen=True)
class Questions:
    """What every engine is asked: instants in UTC, amounts in business hours."""

    starts: list[datetime]
    hours: list[int]
    ends: list[datetime]


def questions(step: timedelta) -> Questions:
    """Draw instants of 2024–2032, whole multiples of `step`, amounts of 1 to 120 hours, spans of up to 60 days."""
    drawn = random.Random(SEED)
    steps, span = (LAST - FIRST) // step, timedelta(days=60) // step
    starts = [FIRST + drawn.randrange(steps) * step for _ in range(QUESTIONS)]
    hours = [drawn.randint(1, 120) for _ in range(QUESTIONS)]
    return Questions(starts, hours, [start + drawn.randrange(span) * step for start in starts])


def nanoseconds(work: Callable[[], int]) -> float:
    """Return the processor time of one operation; `work` tells how many it did.

    Processor time, not the clock's: what else the machine does meanwhile disturbs it less.
    """
    gc.collect()
    begun = time.process_time_ns()
    count = work()
    return (time.process_time_ns() - begun) / count


def loop(ask: Callable[[Any, Any], Any], pairs: Sequence[tuple[Any, Any]]) -> Callable[[], int]:
    """Return a round that puts each question in one call."""

    def round_of_questions() -> int:
        for first, second in pairs:
            ask(first, second)
        return len(pairs)

    return round_of_questions


def batch(
    ask: Callable[[list[Any], list[Any]], Iterable[Any]], pairs: Sequence[tuple[Any, Any]]
) -> Callable[[], int]:
    """Return a round that puts all questions in one call."""
    firsts, seconds = [first for first, _ in pairs], [second for _, second in pairs]

    def round_of_questions() -> int:
        ask(firsts, seconds)
        return len(pairs)

    return round_of_questions


def medians(rounds: dict[str, Callable[[], int]]) -> dict[str, float]:
    """Measure every engine once per round, in turn, so that a busy moment is shared; return the medians."""
    for work in rounds.values():
        work()
    measured: dict[str, list[float]] = {name: [] for name in rounds}
    for _ in range(ROUNDS):
        for name, work in rounds.items():
            measured[name].append(nanoseconds(work))
    return {name: statistics.median(times) for name, times in measured.items()}


def rounds_of(
    asked: Questions, calendar: BusinessCalendar, others: list[Peer], operation: str
) -> dict[str, Any]:
    """Return what to measure for one operation, by engine."""
    if operation == "add":
        ours = [(start, hours * HOURS) for start, hours in zip(asked.starts, asked.hours, strict=True)]
        rounds = {"ours": loop(calendar.add, ours)}
    else:
        rounds = {"ours": loop(calendar.between, list(zip(asked.starts, asked.ends, strict=True)))}
    for peer in others:
        one, many = (peer.add, peer.add_many) if operation == "add" else (peer.between, peer.between_many)
        pairs = in_its_form(peer, asked, operation)
        if one:
            rounds[peer.title] = loop(one, pairs)
        if many:
            rounds[f"{peer.title}, a whole list in one call"] = batch(many, pairs)
    return rounds


def in_its_form(peer: Peer, asked: Questions, operation: str) -> list[tuple[Any, Any]]:
    """Return the questions as the peer takes them."""
    starts = [peer.instant(start) for start in asked.starts[:: peer.share]]
    seconds: Iterable[Any] = (
        (peer.hours(hours) for hours in asked.hours[:: peer.share])
        if operation == "add"
        else (peer.instant(end) for end in asked.ends[:: peer.share])
    )
    return list(zip(starts, seconds, strict=True))


@dataclass
class Agreement:
    """How a peer's answers compare with ours, to the microsecond."""

    asked: int = 0
    same: int = 0
    # The same business instant said otherwise: the next opening where we say the closing.
    other_side: int = 0
    failed: int = 0
    example: str = ""

    @property
    def different(self) -> int:
        """The answers that are another instant or amount."""
        return self.asked - self.same - self.other_side - self.failed

    def __str__(self) -> str:
        words = [f"{self.same} of {self.asked} equal"]
        words += [f"{self.other_side} at the next opening instead of the closing"] if self.other_side else []
        words += [f"{self.different} different"] if self.different else []
        words += [f"{self.failed} refused"] if self.failed else []
        return ", ".join(words) + (f" ({self.example})" if self.example else "")


def agreement(peer: Peer, calendar: BusinessCalendar, asked: Questions, operation: str) -> Agreement:
    """Put the questions once more and compare every answer."""
    found = Agreement()
    ours = zip(asked.starts, asked.hours if operation == "add" else asked.ends, strict=True)
    pairs = in_its_form(peer, asked, operation)
    for (first, second), (start, amount) in zip(pairs, list(ours)[:: peer.share], strict=True):
        found.asked += 1
        try:
            if operation == "add" and peer.add:
                expected: Any = calendar.add(start, int(str(amount)) * HOURS)
                answer: Any = peer.add(first, second).astimezone(UTC)
            elif peer.between:
                expected = calendar.between(start, amount)  # type: ignore[arg-type]
                answer = peer.microseconds(peer.between(first, second))
        except (ValueError, TypeError, ArithmeticError, RuntimeError) as refusal:
            found.failed += 1
            found.example = found.example or f"{start:%F %T}: {type(refusal).__name__}"
            continue
        if answer == expected:
            found.same += 1
        elif operation == "add" and answer == calendar.next_open(expected):
            found.other_side += 1
        elif not found.example:
            found.example = f"for example {start.isoformat()}, {amount}: it says {answer}, we say {expected}"
    return found


def a_life() -> tuple[list[Event], datetime]:
    """Return the twenty events of an eventful ticket, and the instant of its statement."""
    kinds: list[tuple[EventKind, dict[str, Any]]] = [
        (EventKind.RECEIVED, {"severity": Severity.MAJEURE}),
        (EventKind.ACKNOWLEDGED, {}),
        (EventKind.QUESTION, {}),
        (EventKind.ANSWER, {}),
        (EventKind.SEVERITY, {"severity": Severity.BLOQUANTE}),
        (EventKind.QUESTION, {}),
        (EventKind.ANSWER, {}),
        (EventKind.DELIVERED, {"what": "workaround"}),
        (EventKind.ACCEPTED, {"lasting": False}),
        (EventKind.SEVERITY, {"severity": Severity.MAJEURE}),
        (EventKind.QUESTION, {}),
        (EventKind.ANSWER, {}),
        (EventKind.OUT_OF_SCOPE, {}),
        (EventKind.IN_SCOPE, {}),
        (EventKind.DELIVERED, {"what": "fix"}),
        (EventKind.REJECTED, {}),
        (EventKind.QUESTION, {}),
        (EventKind.ANSWER, {}),
        (EventKind.DELIVERED, {"what": "fix"}),
        (EventKind.ACCEPTED, {}),
    ]
    received = datetime(2026, 4, 28, 7, 12, 30, tzinfo=UTC)
    events = [
        Event(kind, received + number * timedelta(hours=5, minutes=7), **data)
        for number, (kind, data) in enumerate(kinds)
    ]
    return events, events[-1].at + timedelta(days=1)


def print_peers(calendar: BusinessCalendar, others: list[Peer]) -> None:
    """Measure and check both operations beside the peers."""
    asked, finer = questions(timedelta(minutes=1)), questions(MICROSECOND)
    for operation, what in (
        ("add", "One deadline: add 1 to 120 business hours"),
        ("between", "Count business time between two instants"),
    ):
        print(f"\n{what}; datetime in and out\n")
        times = medians(rounds_of(asked, calendar, others, operation))
        for name, each in sorted(times.items(), key=lambda item: item[1]):
            print(f"  {name:<46}{each:>12,.0f} ns  {each / times['ours']:>9,.1f} ×")
        for peer in others:
            if (peer.add if operation == "add" else peer.between) is None:
                print(f"  {peer.title:<46}{'—':>12}     cannot ({peer.remark})")
        print("\n  Answers, on whole minutes and then on microseconds:")
        for peer in others:
            if peer.add if operation == "add" else peer.between:
                print(f"  {peer.title}: {agreement(peer, calendar, asked, operation)}")
                print(f"  {'':<{len(peer.title)}}  {agreement(peer, calendar, finer, operation)}")


def print_ours(calendar: BusinessCalendar) -> None:
    """Measure what no peer has."""
    finer = questions(MICROSECOND)
    amounts = random.Random(SEED)
    unseen = [(start, amounts.randrange(1, 120 * HOURS)) for start in finer.starts]
    twice = BusinessCalendar.from_document(
        {
            **CALENDAR,
            "weekly": {str(weekday): [["08:30", "12:15"], ["13:45", "18:00"]] for weekday in range(1, 7)},
        }
    )
    events, at = a_life()
    policy = Policy.from_document(POLICY)

    def whole_statement(_first: object, _second: object) -> None:
        statement = assess(events, policy, calendar, at)
        acknowledge_segments(events, statement, calendar)
        resolve_segments(events, statement, calendar)

    thousand = [(None, None)] * 1_000
    times = medians(
        {
            "add, amounts to the microsecond, none seen before": loop(calendar.add, unseen),
            "add, two openings a day, six days a week": loop(
                twice.add,
                [(start, hours * HOURS) for start, hours in zip(finer.starts, finer.hours, strict=True)],
            ),
            "between, two openings a day, six days a week": loop(
                twice.between, list(zip(finer.starts, finer.ends, strict=True))
            ),
            "clocks of a ticket with 20 events (assess)": loop(
                lambda _a, _b: assess(events, policy, calendar, at), thousand
            ),
            "clocks and every line of the statement": loop(whole_statement, thousand[:200]),
        }
    )
    print("\nOurs alone\n")
    for name, each in times.items():
        print(f"  {name:<60}{each:>12,.0f} ns")
    cold, known = (
        statistics.median(map(build_time, [True] * ROUNDS)),
        statistics.median(map(build_time, [False] * ROUNDS)),
    )
    built, learnt = memory()
    print(f"  {'ten years built, holidays looked up as well':<60}{cold:>12.1f} ms")
    print(f"  {'ten years built, holidays known to the process':<60}{known:>12.1f} ms")
    print(f"  {'memory of ten years, built':<60}{built:>12.2f} MB")
    print(f"  {'memory of ten years, every day asked for':<60}{learnt:>12.2f} MB")


def ten_years() -> BusinessCalendar:
    """Build a calendar and the openings of ten years."""
    calendar = BusinessCalendar.from_document(CALENDAR)
    calendar.between(FIRST, datetime(2033, 12, 31, tzinfo=UTC))
    return calendar


def build_time(forget_holidays: bool) -> float:
    """Return how many milliseconds of processor time ten years take."""
    if forget_holidays:
        names_by_day.cache_clear()
        find_place.cache_clear()
    gc.collect()
    begun = time.process_time()
    ten_years()
    return (time.process_time() - begun) * 1_000


def memory() -> tuple[float, float]:
    """Return the megabytes that a calendar of ten years holds, built and then asked for each of its days."""
    ten_years()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    calendar = ten_years()
    gc.collect()
    built = tracemalloc.get_traced_memory()[0] - before
    for day in range(3_653):
        calendar.between(FIRST, FIRST + timedelta(days=day))
    gc.collect()
    learnt = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return built / 2**20, learnt / 2**20


def main() -> int:
    """Print every table; the exit code says nothing of speed."""
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f};"
        f" processor time, median of {ROUNDS} rounds of {QUESTIONS:,} questions (fewer for the slow)"
    )
    calendar = ten_years()
    print_peers(calendar, peers())
    print_ours(calendar)
    print(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
