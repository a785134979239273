"""Figures over random lives equal a slow recomputation from the ledgers, however the sums of days are kept."""

import os
from datetime import date, datetime, timedelta

import pytest

from sla.policy import SEVERITIES as BY_RANK
from tests.tickets.reports.month_of_may import live_through_may
from tests.tickets.reports.random_lives import live_at_random, tell_again
from tests.tickets.reports.slow_figures import Lived, Slow, lives_at
from tests.world import World, paris
from tickets.indexing import counted, replayed
from tickets.ledger import facts_of
from tickets.models import DayFigures, Outcome, StaleDay, Ticket
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


def compare(days: Days, at: datetime, lives: list[Lived] | None = None) -> None:
    """Compare every figure of the dashboard with the slow recomputation."""
    board, slow = Dashboard(days, Scope(), at, {}), Slow(days.first, days.last, at, lives)
    for line in board.severities:
        severity = str(BY_RANK[line.key])
        for clock, kept in (("acknowledge", line.acknowledge), ("resolve", line.resolve)):
            assert (kept.rate.met, kept.rate.missed, kept.free.number) == (
                slow.counts[f"{clock}_met", severity],
                slow.counts[f"{clock}_missed", severity],
                slow.counts[f"{clock}_free", severity],
            ), (clock, severity)
        for name, times in (
            ("acknowledge_gross", line.acknowledge_times), ("resolve_gross", line.gross), ("resolve_net", line.net),
        ):  # fmt: skip
            assert times == slow.summary(name, severity), (name, severity)
    everything = board.all
    for name, times in (
        ("acknowledge_gross", everything.acknowledge_times), ("resolve_gross", everything.gross),
        ("resolve_net", everything.net),
    ):  # fmt: skip
        assert times == slow.summary(name), name
    received, _follow_ups, closed, refused, still_open = (count.number for count in board.flow)
    assert (received, closed, refused, still_open) == tuple(
        slow.all(name) for name in ("received", "closed", "refused", "open")
    )
    duplicates, withdrawn, *_rest = (count.number for count in board.apart)
    assert (duplicates, withdrawn) == (slow.all("duplicate"), slow.all("withdrawn"))
    assert board.left_out.number == slow.all("left_out")
    assert sum(time for _figure, time, _url in board.pauses) == slow.all("paused")
    assert sum(time for _figure, time, _url in board.times_by_state) == slow.all("lived")
    assert sum(count.number for counts in board.arrivals.values() for count in counts) == received


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
    instants = {at: lives_at(at) for at in (last, last + timedelta(days=60))}
    for kept in (False, True):
        if kept:
            assert sum_up() > 0
            assert not StaleDay.objects.exists()
            assert DayFigures.objects.exists()
        for days in PERIODS:
            for at, lives in instants.items():
                compare(days, at, lives)


def test_an_act_after_the_sums_were_made_is_in_the_figures_at_once(world: World) -> None:
    live_through_may(world)
    sum_up()
    world.file("2026-05-28 09:00", "bloquante")
    assert StaleDay.objects.exists()
    compare(PERIODS[1], paris("2026-06-03 12:00"))
    sum_up()
    compare(PERIODS[1], paris("2026-06-03 12:00"))


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
