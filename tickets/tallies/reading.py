"""The sums and the durations of a period: whole months as they are kept, the days at its edges, what waits as it is.

A month of which any day waits to be summed up (`StaleDay`) is read by its days, and such a day from the outcomes
themselves. The statement that reads says whether these were the days that waited: an act or a sweep in between is
wholly in the figures or not at all.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from sys import byteorder
from typing import Any, Self

from django.db import connection

from sla.compliance import InOrder, Times, times_in_order
from tickets.models import StaleDay
from tickets.tallies.measures import COLUMNS, MEASURES, POSITION, Grain, Measure, Scope
from tickets.tallies.raw import (
    DAYS,
    DURATIONS,
    by_day_column,
    counted,
    day_figures,
    grouped_by,
    in_order,
)

# Whether the days that wait to be summed up are those that a question took for granted, asked in its very statement.
_AS_TAKEN = """
SELECT taken.is_right, found.*
FROM (SELECT ARRAY(SELECT DISTINCT day FROM tickets_staleday WHERE day BETWEEN %s AND %s ORDER BY day) = %s::date[]
    AS is_right) AS taken
LEFT JOIN ({query}) AS found ON true
"""

# Up to so many day columns are counted each by its own index; beyond, a scope's outcomes are fetched once for all.
INDEX_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Division:
    """How each day of a period is read: in a whole month (given by its first day), by itself, from the outcomes."""

    months: list[date]
    days: list[date]
    stale: list[date]

    @classmethod
    def of(cls, spans: Iterable[tuple[date, date]], stale: list[date], *, by_month: bool = True) -> Self:
        """Divide the days from the first to the last of each span, both included."""
        waiting, months, days = set(stale), [], []
        unusable = {day.replace(day=1) for day in stale}
        for first, last in spans:
            for begin, end in months_between(first, last):
                is_whole = begin.day == 1 and (end + timedelta(days=1)).day == 1
                if by_month and is_whole and begin not in unusable:
                    months.append(begin)
                else:
                    every_day = (begin + timedelta(days=number) for number in range((end - begin).days + 1))
                    days += [day for day in every_day if day not in waiting]
        return cls(months, days, stale)


def months_between(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each month between two days, which cut the first and the last month."""
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        yield first, min(following - timedelta(days=1), last)
        first = following


@dataclass(frozen=True, slots=True)
class Question:
    """The sums of `names` over the days from `first` to `last`, included, by key.

    `by` are SQL expressions over `day`, `rank` and the grain's column, each a whole number or true or false (then 1
    or 0). A month's sums are read as its first day's, but for a month within which one of `cuts` begins a stretch of
    its own, and for none unless `by_month`.
    """

    first: date
    last: date
    names: Sequence[str]
    by: Sequence[str] = ()
    grain: Grain = Grain.SOLUTION
    cuts: Sequence[date] = ()
    by_month: bool = True

    @property
    def spans(self) -> list[tuple[date, date]]:
        """The days asked for, in several stretches where they are cut."""
        begins = [self.first, *sorted({cut for cut in self.cuts if self.first < cut <= self.last})]
        ends = [begin - timedelta(days=1) for begin in begins[1:]]
        return list(zip(begins, [*ends, self.last], strict=True))

    @property
    def wanted(self) -> list[Measure]:
        """The measures asked for."""
        return [measure for measure in MEASURES if measure.name in self.names]


Found = dict[tuple[Any, ...], dict[str, int]]


def summed(scope: Scope, *questions: Question) -> list[Found]:
    """Answer every question in one statement, in which the days that wait are read once for all; by key, in order."""
    parts = _parts_of(scope, questions)
    if scope.is_kept:
        first, last = min(each.first for each in questions), max(each.last for each in questions)
        rows = _asked_kept(first, last, partial(_ask_kept, scope, questions))
    else:
        with connection.cursor() as cursor:
            cursor.execute(*_ask_outcomes(scope, questions, parts))
            rows = cursor.fetchall()
    found: list[Found] = [{} for _question in questions]
    nothing = [dict.fromkeys((measure.name for measure in question.wanted), 0) for question in questions]
    for number, key, sums in rows:
        place, measures = parts[number]
        known = found[place].setdefault(tuple(key), nothing[place].copy())
        known.update(zip([measure.name for measure in measures], sums, strict=True))
    return found


def _parts_of(scope: Scope, questions: Sequence[Question]) -> list[tuple[int, list[Measure]]]:
    """Return what each part of the statement answers: a question, by its place, for all or some of its measures."""
    wanted = [question.wanted for question in questions]
    if scope.is_kept:
        return list(enumerate(wanted))
    return [(place, group) for place, each in enumerate(wanted) for group in by_day_column(each).values()]


def _asked_kept(
    first: date, last: date, ask: Callable[[list[date]], tuple[str, list[Any]]]
) -> list[tuple[Any, ...]]:
    """Return the rows of a query made for the days that wait; made again if these changed meanwhile."""
    waiting = StaleDay.objects.filter(day__range=(first, last)).order_by("day").values_list("day", flat=True)
    while True:
        stale = list(waiting.distinct())
        query, values = ask(stale)
        with connection.cursor() as cursor:
            cursor.execute(_AS_TAKEN.format(query=query), [first, last, stale, *values])
            rows = cursor.fetchall()
        if rows[0][0]:
            return [row[1:] for row in rows if row[1:] != (None,) * len(row[1:])]


def _ask_kept(scope: Scope, questions: Sequence[Question], stale: list[date]) -> tuple[str, list[Any]]:
    where, values = scope.where()
    beginning, parts, given = "", [], []
    if stale:
        beginning = f"WITH waiting AS MATERIALIZED ({day_figures(f'day = ANY(%s) AND {where}')}) "
        given += [stale, *values] * len(DAYS)
    for place, question in enumerate(questions):
        division = Division.of(question.spans, stale, by_month=question.by_month)
        column, grain = COLUMNS[question.grain], int(question.grain)
        sources = [
            f"SELECT day, {column}, rank, sums FROM tickets_dayfigures"  # noqa: S608
            f" WHERE {kind} AND grain = {grain} AND day = ANY(%s) AND {where}"
            for kind in ("is_month", "NOT is_month")
        ]
        given += [division.months, *values, division.days, *values]
        if stale:
            sources.append(
                f"SELECT day, {column}, rank, sums FROM waiting WHERE grain = {grain} AND day BETWEEN %s AND %s"  # noqa: S608
            )
            given += [question.first, question.last]
        key, grouped = grouped_by(question.by)
        sums = ", ".join(f"coalesce(sum(sums[{POSITION[each.name]}]), 0)" for each in question.wanted)
        parts.append(
            f"SELECT {place}, {key}, ARRAY[{sums}]::bigint[] FROM ({' UNION ALL '.join(sources)}) AS days{grouped}"  # noqa: S608
        )
    return beginning + " UNION ALL ".join(parts), given


def _ask_outcomes(
    scope: Scope, questions: Sequence[Question], parts: Sequence[tuple[int, list[Measure]]]
) -> tuple[str, list[Any]]:
    """Return a query of the outcomes of a scope, which are fetched once for all questions of many days' columns."""
    where, values = scope.where()
    columns = Counter(place for place, _measures in parts)
    many = [questions[place] for place, number in columns.items() if number > INDEX_ENOUGH]
    beginning, given, first, last = "", [], date.max, date.min
    days = sorted({measure.day for question in many for measure in question.wanted})
    if many:
        first, last = min(each.first for each in many), max(each.last for each in many)
        any_day = " OR ".join(f"{day} BETWEEN %s AND %s" for day in days)
        beginning = f"WITH own AS MATERIALIZED (SELECT * FROM tickets_outcome WHERE {where} AND ({any_day})) "  # noqa: S608
        given += [*values, *[first, last] * len(days)]
    queries = []
    for number, (place, measures) in enumerate(parts):
        question = questions[place]
        given += [question.first, question.last]
        if measures[0].day in days and first <= question.first and question.last <= last:
            queries.append(counted(number, measures, question.by, "day BETWEEN %s AND %s", "own"))
        else:
            narrowed = f"day BETWEEN %s AND %s AND {where}"
            queries.append(counted(number, measures, question.by, narrowed, "tickets_outcome"))
            given += values
    return beginning + " UNION ALL ".join(queries), given


def times(scope: Scope, first: date, last: date) -> dict[tuple[str, int | None], Times]:
    """Summarise the durations counted on the days from `first` to `last`, by name and rank; None for every rank."""
    runs: dict[tuple[str, int | None], list[Sequence[int]]] = {}
    totals: Counter[tuple[str, int | None]] = Counter()
    days: dict[tuple[str, int], array[int]] = {}
    for is_month, rank, name, total, content in _kept_in_order(scope, first, last):
        for key in ((name, rank), (name, None)):
            totals[key] += total
            if is_month:
                runs.setdefault(key, []).append(_read(content))
        if not is_month:
            days.setdefault((name, rank), array("q")).extend(_read(content))
    # Few by the side of months: put in order once rather than looked up day by day.
    for (name, rank), known in days.items():
        run = array("q", sorted(known))
        for key in ((name, rank), (name, None)):
            runs.setdefault(key, []).append(run)
    return {key: times_in_order(InOrder(known), totals[key]) for key, known in runs.items()}


def _kept_in_order(scope: Scope, first: date, last: date) -> list[tuple[Any, ...]]:
    where, values = scope.where()

    def ask(stale: list[date]) -> tuple[str, list[Any]]:
        division = Division.of([(first, last)], stale)
        parts = [
            f"SELECT is_month, rank, name, total, durations FROM tickets_daytimes"  # noqa: S608
            f" WHERE {kind} AND day = ANY(%s) AND {where}"
            for kind in ("is_month", "NOT is_month")
        ]
        given = [division.months, *values, division.days, *values]
        if division.stale:
            parts.append(in_order("", ["false"], f"day = ANY(%s) AND {where}"))
            given += [division.stale, *values] * len(DURATIONS)
        return " UNION ALL ".join(parts), given

    if scope.is_kept:
        return _asked_kept(first, last, ask)
    with connection.cursor() as cursor:
        cursor.execute(
            in_order("", ["false"], f"day BETWEEN %s AND %s AND {where}"),
            [first, last, *values] * len(DURATIONS),
        )
        return cursor.fetchall()


def _read(content: bytes) -> "array[int]":
    run = array("q", bytes(content))
    if byteorder == "little":
        run.byteswap()
    return run
