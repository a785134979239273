"""What is kept by day and by month says what the outcomes say, whatever waits to be summed up."""

import random
import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.scope import scoped, worker_scope
from sla.policy import Severity
from tests.tickets.reports.random_lives import copied
from tests.world import World, paris
from tickets.actions.filing import Filing, file_ticket
from tickets.models import DayFigures, DayTimes, Judged, Outcome, StaleDay, Ticket
from tickets.reports.dashboard import Dashboard
from tickets.reports.days import Days
from tickets.reports.page import dashboard_context
from tickets.tallies.measures import NAMES, RATES, Grain, Scope
from tickets.tallies.raw import DAYS, DURATIONS
from tickets.tallies.reading import Division, Question, summed, times
from tickets.tallies.sweep import sum_up

FIRST, LAST = date(2025, 11, 20), date(2026, 4, 10)
OF_RATES = tuple(measure.name for measure in RATES)
MONTH = "extract(year FROM day) * 12 + extract(month FROM day)"
RAGGED = "ragged at both ends"
SPANS = {
    RAGGED: (date(2025, 11, 27), date(2026, 3, 14)),
    "whole months": (date(2025, 12, 1), date(2026, 2, 28)),
    "one month": (date(2026, 1, 1), date(2026, 1, 31)),
    "inside a month": (date(2026, 1, 5), date(2026, 1, 20)),
    "one day": (date(2026, 2, 28), date(2026, 2, 28)),
    "over the turn of a month": (date(2026, 1, 31), date(2026, 2, 1)),
    "more than there is": (date(2024, 2, 29), date(2027, 12, 31)),
    "before everything": (date(2020, 1, 1), date(2021, 1, 1)),
}


def scatter(world: World, number: int, seed: int = 1) -> None:
    """Write so many tickets with outcomes at random, of two clients, two solutions and three owners or nobody."""
    chance = random.Random(seed)
    filing = Filing("Export", "Vide.", Severity.MAJEURE)
    models = [
        world.file(),
        file_ticket(world.other_contract, filing, by=world.olivia, at=paris("2026-04-28 10:30")),
    ]
    Outcome.objects.all().delete()
    tickets = Ticket.objects.bulk_create([copied(chance.choice(models)) for _ticket in range(number)])

    def some_day() -> date | None:
        day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
        return None if chance.random() < 0.2 else day

    def duration(day: date | None) -> int | None:
        return (
            None
            if day is None
            else chance.choice([0, 1, 7, chance.randrange(10), chance.randrange(4 * 10**11)])
        )

    for ticket in tickets:
        acknowledged, resolved = some_day(), some_day()
        Outcome(
            ticket_id=ticket.pk,
            client_id=ticket.client_id,
            contract_id=ticket.contract_id,
            solution=chance.choice([world.solution, world.other_solution]),
            owner=chance.choice([None, world.agnes, world.bruno]),
            rank=chance.randrange(3),
            is_rated=chance.random() < 0.9,
            is_follow_up=chance.random() < 0.1,
            ground=chance.choice(["", "duplicate", "withdrawn"]),
            received_on=some_day() or FIRST,
            received_hour=chance.randrange(24),
            acknowledge_judged=chance.choice([Judged.MET, Judged.MISSED, Judged.FREE]),
            acknowledge_on=some_day(),
            acknowledged_on=acknowledged,
            acknowledge_time=duration(acknowledged),
            resolve_judged=chance.choice([Judged.MET, Judged.MISSED, Judged.FREE]),
            resolve_on=some_day(),
            resolved_on=resolved,
            resolve_gross=duration(resolved),
            resolve_net=duration(resolved),
            paused_question=chance.randrange(1000),
            classed_on=some_day(),
            closed_on=some_day(),
            is_stopped=chance.random() < 0.1,
            time_new=chance.randrange(1000),
        ).save(force_insert=True)


def quantiles_of_outcomes(first: date, last: date, scope: Scope) -> dict:
    """Ask PostgreSQL itself for every mean, median, 90th percentile and worst."""
    found = {}
    where, values = scope.where()
    for name, day in DURATIONS.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rank, count({name}), avg({name}),"
                f" percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {name}), max({name}) FROM tickets_outcome"
                f" WHERE is_rated AND {day} BETWEEN %s AND %s AND {where}"
                " GROUP BY GROUPING SETS ((rank), ()) HAVING count(*) > 0",
                [first, last, *values],
            )
            for rank, count, mean, (median, ninetieth), worst in cursor.fetchall():
                found[name, rank] = (count, round(mean), round(median), round(ninetieth), worst)
    return found


def said(first: date, last: date, scope: Scope) -> dict:
    found = times(scope, first, last)
    return {
        key: (each.count, each.mean, each.median, each.ninetieth, each.worst) for key, each in found.items()
    }


def compare(monkeypatch: pytest.MonkeyPatch, *spans: str) -> None:
    """Compare what is kept with the outcomes over some spans, or all: each measure, by each key, and each quantile."""
    for first, last in [SPANS[name] for name in spans or SPANS]:
        middle, later = first + (last - first) / 2, first + (last - first) * 2 / 3
        for scope in (Scope(), Scope(rank=1)):
            assert said(first, last, scope) == quantiles_of_outcomes(first, last, scope), (first, last)
            for names, grain, column in (
                (NAMES, Grain.SOLUTION, "solution_id"),
                (OF_RATES, Grain.OWNER, "owner_id"),
                (OF_RATES, Grain.CLIENT, "client_id"),
            ):
                for by, cuts, by_month in (
                    ([], (), True),
                    (["rank", column, MONTH], (), True),
                    ([column, f"day >= '{middle}'"], (middle,), True),
                    ([f"day BETWEEN '{middle}' AND '{later}'"], (middle, later + timedelta(days=1)), True),
                    (["extract(isodow FROM day)"], (), False),
                ):
                    [kept] = summed(scope, Question(first, last, names, by, grain, cuts, by_month))
                    with monkeypatch.context() as patched:
                        patched.setattr(Scope, "is_kept", property(lambda _scope: False))
                        [raw] = summed(scope, Question(first, last, names, by, grain))
                    # A day on which other measures count has a row of zeros, which says nothing.
                    assert {key: sums for key, sums in kept.items() if any(sums.values())} == {
                        key: sums for key, sums in raw.items() if any(sums.values())
                    }, (first, last, by)


def change_some(seed: int, number: int) -> None:
    """Change some outcomes as acts do: their days, severity, owner and durations."""
    chance = random.Random(seed)
    for outcome in chance.sample(list(Outcome.objects.order_by("pk")), number):
        outcome.rank = chance.randrange(3)
        outcome.received_on += timedelta(days=chance.randrange(-20, 20))
        outcome.resolved_on = FIRST + timedelta(days=chance.randrange(120))
        outcome.resolve_gross = outcome.resolve_net = chance.randrange(10**10)
        outcome.acknowledge_on = outcome.resolved_on
        outcome.save()


def test_what_is_kept_is_what_the_outcomes_say_before_during_and_after_the_sweep(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scatter(world, 150)
    compare(monkeypatch, RAGGED)  # nothing is kept yet
    assert sum_up(limit=40) == 40  # some days are, and no month of theirs that still waits
    assert StaleDay.objects.exists()
    compare(monkeypatch, RAGGED)
    sum_up()
    assert not StaleDay.objects.exists()
    assert DayFigures.objects.filter(is_month=True).exists()
    assert DayTimes.objects.filter(is_month=True).exists()
    compare(monkeypatch)
    change_some(1, 4)  # their months wait partly
    assert StaleDay.objects.exists()
    compare(monkeypatch)
    Outcome.objects.filter(rank=1).delete()  # as a purge does
    compare(monkeypatch, RAGGED)
    sum_up()
    compare(monkeypatch, RAGGED)


def test_without_any_ticket_everything_is_empty(db, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum_up() == 0
    compare(monkeypatch)
    assert times(Scope(), FIRST, LAST) == {}
    assert summed(Scope(), Question(FIRST, LAST, ["received"])) == [{(): {"received": 0}}]


def test_one_ticket_is_its_own_median(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scatter(world, 1)
    Outcome.objects.update(
        is_rated=True, rank=2, resolved_on=date(2026, 1, 10), resolve_gross=9, resolve_net=4
    )
    sum_up()
    compare(monkeypatch)
    assert said(*SPANS["one month"], Scope())["resolve_net", None] == (1, 4, 4, 4, 4)


def test_nothing_is_left_of_what_is_gone(world: World) -> None:
    scatter(world, 20)
    sum_up()
    Outcome.objects.all().delete()
    sum_up()
    assert not DayFigures.objects.exists()
    assert not DayTimes.objects.exists()


def test_a_whole_fresh_month_is_read_as_one_and_a_month_that_waits_by_its_days() -> None:
    waiting = date(2026, 2, 10)
    division = Division.of([(date(2026, 1, 1), date(2026, 3, 2))], [waiting])
    assert division.months == [date(2026, 1, 1)]
    assert division.days == [
        day for day in (date(2026, 2, 1) + timedelta(days=number) for number in range(30)) if day != waiting
    ]
    assert division.stale == [waiting]


@pytest.mark.parametrize("is_swept", [False, True])
def test_an_act_between_the_question_and_its_answer_is_wholly_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch, is_swept: bool
) -> None:
    scatter(world, 60)
    sum_up()
    first, last = SPANS[RAGGED]
    divide, acted = Division.of, []

    def divide_then_act(*asked, **how) -> Division:
        division = divide(*asked, **how)
        if not acted:
            acted.append(True)
            change_some(3, 10)
            if is_swept:
                sum_up(limit=2)
        return division

    monkeypatch.setattr(Division, "of", divide_then_act)
    found = said(first, last, Scope())
    assert acted
    assert found == quantiles_of_outcomes(first, last, Scope())
    monkeypatch.undo()
    compare(monkeypatch, RAGGED)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_commits_during_the_sweep_waits_for_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scatter(world, 30)
    sum_up()
    changed, swept = threading.Event(), threading.Event()

    def act() -> None:
        with worker_scope(), transaction.atomic():
            change_some(5, 5)
            changed.set()
            assert swept.wait(20)
        connection.close()

    acting = threading.Thread(target=act)
    acting.start()
    assert changed.wait(20)
    StaleDay.objects.create(day=date(2026, 1, 10))
    assert sum_up() == 1  # without waiting, and without the days of the act
    swept.set()
    acting.join()
    assert StaleDay.objects.exists()
    compare(monkeypatch, RAGGED)
    sum_up()
    compare(monkeypatch, RAGGED)


def test_no_client_reads_or_writes_what_is_kept_of_everybodys_durations(world: World) -> None:
    scatter(world, 20)
    sum_up()
    assert DayTimes.objects.exists()
    with scoped(str(world.client.pk)):
        assert not DayTimes.objects.exists()
        assert not DayFigures.objects.exists()
        assert DayTimes.objects.all().delete()[0] == 0
    with scoped(""):
        assert not DayTimes.objects.exists()


def test_days_that_wait_are_read_from_the_outcomes_once_for_every_sum_of_the_page(world: World) -> None:
    scatter(world, 60)
    sum_up()
    change_some(7, 10)
    assert StaleDay.objects.values("day").distinct().count() > 3
    board = Dashboard(Days(*SPANS[RAGGED]), Scope(), paris("2026-05-04 10:00"), {})
    with CaptureQueriesContext(connection) as captured:
        dashboard_context(board, world.maud)
        assert board.flow
        assert board.trend
    asked = [query["sql"] for query in captured.captured_queries if "tickets_dayfigures" in query["sql"]]
    assert len(asked) == 1
    assert asked[0].count("FROM tickets_outcome)") == len(DAYS) == 7
    waiting = [
        query["sql"] for query in captured.captured_queries if 'FROM "tickets_staleday"' in query["sql"]
    ]
    assert len(waiting) == 2  # for the sums, for the times


def test_one_clients_outcomes_are_fetched_once_for_every_sum_of_the_page(world: World) -> None:
    scatter(world, 20)
    board = Dashboard(Days(*SPANS[RAGGED]), Scope(client=world.client.pk), paris("2026-05-04 10:00"), {})
    with CaptureQueriesContext(connection) as captured:
        dashboard_context(board, world.maud)
        assert board.flow
        assert board.trend
    asked = [query["sql"] for query in captured.captured_queries if "FROM own" in query["sql"]]
    assert len(asked) == 1
    assert asked[0].count("MATERIALIZED") == 1


def test_several_questions_are_answered_as_each_alone(world: World) -> None:
    scatter(world, 60)
    sum_up(limit=60)
    first, last = SPANS[RAGGED]
    questions = [
        Question(first, last, NAMES, ["rank", MONTH], cuts=(first + timedelta(days=40),)),
        Question(date(2024, 1, 1), last, ("received", "closed")),
        Question(first + timedelta(days=9), last - timedelta(days=9), OF_RATES, ["owner_id"], Grain.OWNER),
    ]
    for scope in (Scope(), Scope(client=world.client.pk)):
        assert summed(scope, *questions) == [summed(scope, each)[0] for each in questions]
