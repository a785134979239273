"""Figures over random lives equal a slow recomputation from the ledgers, however the sums of days are kept."""

import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from django.utils import timezone

from sla.policy import SEVERITIES as BY_RANK
from tests.tickets.reports.month_of_may import live_through_may
from tests.tickets.reports.random_lives import live_at_random, tell_again
from tests.tickets.reports.slow_figures import Slow, lives_at
from tests.world import World, paris
from tickets.indexing import counted, replayed
from tickets.ledger import facts_of
from tickets.models import DayFigures, Outcome, StaleDay, Ticket
from tickets.monthly.figures import body_of
from tickets.notifications.quiet import telling_nobody
from tickets.outcomes import OUTCOME
from tickets.reports.counting import OF_OTHER_ROWS, Figure, condition_of, counts
from tickets.reports.dashboard import Dashboard
from tickets.reports.days import Days
from tickets.reports.months import Month
from tickets.tallies.measures import Scope
from tickets.tallies.sweep import sum_up

SEEDS = (1, 2, 3, 4)
LIVES = -(-int(os.environ.get("FIGURES_LIVES", "200")) // len(SEEDS))  # of each seed
TOLD_AGAIN = 4  # of five lives, one is acted through the workflow, and told four times more at other moments


def slowly(at: datetime) -> Callable[[Days], Slow]:
    """Return what recomputes the figures of days from the ledgers, judged at an instant."""
    lives = lives_at(at)

    @cache
    def recompute(days: Days) -> Slow:
        return Slow(days.first, days.last, at, lives)

    return recompute


def compare(days: Days, at: datetime, recompute: Callable[[Days], Slow]) -> None:
    """Compare every figure of the dashboard with the slow recomputation."""
    board, slow = Dashboard(days, Scope(), at, {}), recompute(days)
    for line in (*board.severities, board.all):
        severity = None if line.key is None else str(BY_RANK[line.key])
        for clock, kept in (("acknowledge", line.acknowledge), ("resolve", line.resolve)):
            assert (kept.rate.met, kept.rate.missed, kept.free.number) == kept_slowly(slow, clock, severity)
        for name, times in (
            ("acknowledge_gross", line.acknowledge_times), ("resolve_gross", line.gross), ("resolve_net", line.net),
        ):  # fmt: skip
            assert times == slow.summary(name, severity), (name, severity)
    for count, name in zip(board.flow, ("received", "follow_up", "closed", "refused", "open"), strict=True):
        assert count.number == slow.all(name), name
    apart = (*board.apart, board.left_out)
    for count, name in zip(apart, APART, strict=True):
        assert count.number == slow.all(name), name
    for figure, time, _url in (*board.pauses, *board.times_by_state):
        assert time == slow.all(figure.value), figure
    for month, line, received, closed in board.trend:
        past = recompute(Days.of_month(month))
        assert (received.number, closed.number) == (past.all("received"), past.all("closed")), month
        for clock, kept in (("acknowledge", line.acknowledge), ("resolve", line.resolve)):
            assert (kept.rate.met, kept.rate.missed, kept.free.number) == kept_slowly(past, clock), month
        net = past.summary("resolve_net")
        assert line.mean_net == (net and net.mean), month
    assert sum(count.number for counts in board.arrivals.values() for count in counts) == slow.all("received")


def kept_slowly(slow: Slow, clock: str, severity: str | None = None) -> tuple[int, int, int]:
    """Return how many promises were met, missed, and kept without a commitment."""
    met, missed, free = (slow.all(f"{clock}_{name}", severity) for name in ("met", "missed", "free"))
    return met, missed, free


def compare_report(body: dict[str, Any], month: Month, recompute: Callable[[Days], Slow]) -> None:
    """Compare every figure of a monthly report with the slow recomputation."""
    days = Days.of_month(month)
    figures, slow, eve = body["figures"], recompute(days), days.first - timedelta(days=1)
    flow = figures["flow"]
    assert flow["open_before"] == recompute(Days(eve, eve)).all("open")
    assert flow["open_after"] == slow.all("open")
    for name in ("received", "follow_up", "closed", "refused"):
        assert flow[name] == slow.all(name), name
    for line in flow["by_severity"]:
        ages = [slow.all(f"age_{index}", line["severity"]) for index in range(4)]
        expected = [slow.all(name, line["severity"]) for name in ("received", "closed")]
        assert [line["received"], line["closed"], *line["ages"]] == [*expected, *ages], line
    totals = [{"severity": None, "promise": clock, **kept} for clock, kept in figures["totals"].items()]
    assert len(figures["commitments"]) == 6, "of one version of the service levels"
    for line in (*figures["commitments"], *totals):
        clock, severity = line["promise"], line["severity"]
        assert (line["met"], line["missed"], line["free"]) == kept_slowly(slow, clock, severity), line
        for kind in ("gross", "net"):
            times = slow.summary(f"{clock}_{kind}", severity)
            assert line[kind] == (times and asdict(times)), line
    assert figures["apart"] == {name: slow.all(name) for name in APART}
    assert figures["pauses"] == {name: slow.all(name) for name in figures["pauses"]}
    assert len(body["breaches"]) == slow.all("acknowledge_missed") + slow.all("resolve_missed")
    for line in figures["trend"]:
        past = recompute(Days.of_month(Month.from_text(line["month"])))
        assert (line["received"], line["closed"]) == (past.all("received"), past.all("closed")), line
        for clock in ("acknowledge", "resolve"):
            assert (line[clock]["met"], line[clock]["missed"]) == kept_slowly(past, clock)[:2], line


APART = ("duplicate", "withdrawn", "out_of_scope", "stopped", "left_out")
PERIODS = [
    Days.of_month(Month(2026, 4)),
    Days.of_month(Month(2026, 5)),
    Days(date(2026, 5, 5), date(2026, 5, 19)),
    Days(date(2025, 7, 1), date(2026, 6, 30)),
]


@pytest.mark.parametrize("seed", SEEDS)
def test_figures_are_those_of_the_ledgers(world: World, seed: int) -> None:
    with telling_nobody():
        lived = live_at_random(world, -(-LIVES // (1 + TOLD_AGAIN)), seed)
    last = max(lived, tell_again(TOLD_AGAIN, seed))
    assert Ticket.objects.count() >= LIVES
    instants = {at: slowly(at) for at in (last, last + timedelta(days=60))}
    for kept in (False, True):
        if kept:
            assert sum_up() > 0
            assert not StaleDay.objects.exists()
            assert DayFigures.objects.exists()
        for days in PERIODS:
            for at, recompute in instants.items():
                compare(days, at, recompute)
    # Once everything has both happened and been recorded.
    known_at = max(last, timezone.now()) + timedelta(days=60)
    recompute = slowly(known_at)
    for month in (Month(2026, 4), Month(2026, 5), Month(2026, 6)):
        compare_report(body_of(world.contract, month, known_at), month, recompute)


def test_an_act_after_the_sums_were_made_is_in_the_figures_at_once(world: World) -> None:
    live_through_may(world)
    sum_up()
    world.file("2026-05-28 09:00", "bloquante")
    assert StaleDay.objects.exists()
    at = paris("2026-06-03 12:00")
    compare(PERIODS[1], at, slowly(at))
    sum_up()
    compare(PERIODS[1], at, slowly(at))


def test_everything_kept_by_day_is_what_the_outcomes_say_for_each_client_severity_and_solution(
    world: World,
) -> None:
    live_through_may(world)
    sum_up()
    at = paris("2026-06-03 12:00")
    everybody = Dashboard(PERIODS[1], Scope(), at, {})
    own = Dashboard(PERIODS[1], Scope(client=world.client.pk), at, {})
    by_solution = Dashboard(PERIODS[1], Scope(solution=world.solution.pk), at, {})
    for other in (own, by_solution):
        assert [line.acknowledge.rate for line in other.severities] == [
            line.acknowledge.rate for line in everybody.severities
        ]
        assert [count.number for count in other.flow] == [count.number for count in everybody.flow]
        assert other.pauses[0][1] == everybody.pauses[0][1]
    for rank, line in enumerate(reversed(everybody.severities)):
        one = Dashboard(PERIODS[1], Scope(rank=rank), at, {})
        assert one.all.resolve.rate == line.resolve.rate
        assert one.all.net == line.net
    assert [line.resolve.rate for line in everybody.clients] == [everybody.all.resolve.rate]
    owners = [line.acknowledge.rate for line in everybody.owners]
    assert sum(rate.total for rate in owners) == everybody.all.acknowledge.rate.total


def test_a_definition_counts_the_same_in_memory_and_in_the_database(world: World) -> None:
    live_through_may(world)
    rows = {row["ticket_id"]: row for row in Outcome.objects.values("ticket_id", *OUTCOME)}
    for days in PERIODS:
        for at in (paris("2026-06-03 12:00"), paris("2026-06-10 12:00")):
            for figure in set(Figure) - OF_OTHER_ROWS:
                behind = set(
                    Outcome.objects.filter(condition_of(figure, days, at)).values_list("pk", flat=True)
                )
                assert behind == {pk for pk, row in rows.items() if counts(figure, row, days, at)}, figure


def test_an_outcome_is_the_replay_of_the_ledger(world: World) -> None:
    live_at_random(world, 12, 7)
    for ticket in Ticket.objects.all():
        expected = counted(ticket, replayed(ticket, facts_of(ticket)))
        assert {name: getattr(ticket.outcome, name) for name in OUTCOME} == expected
