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
from itertools import groupby
from sys import byteorder
from typing import Any, Self

from django.db import connection

from sla.compliance import InOrder, Times, times_in_order
from tickets.models import StaleDay
from tickets.tallies.measures import COLUMNS, MEASURES, POSITION, Grain, Scope

# Whether the days that wait to be summed up are those that a question took for granted, asked in its very statement.
_AS_TAKEN = """
SELECT taken.is_right, found.*
FROM (SELECT ARRAY(SELECT DISTINCT day FROM tickets_staleday WHERE day BETWEEN %s AND %s ORDER BY day) = %s::date[]
    AS is_right) AS taken
LEFT JOIN ({query}) AS found ON true
"""

# The durations that are read in order, and the day on which each counts.
DURATIONS = {
    "acknowledge_time": "acknowledged_on",
    "resolve_gross": "resolved_on",
    "resolve_net": "resolved_on",
}
# Up to so many day columns are counted each by its own index; beyond, a scope's outcomes are fetched once for all.
INDEX_ENOUGH = 2


def counted(names: Sequence[str], by: Sequence[str], days: str, source: str = "tickets_outcome") -> str:
    """Return a query of outcomes: each day column by itself, with its own measures, zeros else, and the keys `by`.

    `by` are SQL expressions over `day` and the columns of outcomes; `days` is a condition on `day` and them, whose
    values are wanted once per day column. A key may come in several rows.
    """
    wanted = [measure for measure in MEASURES if measure.name in names]
    grouped = f" GROUP BY {', '.join(str(place) for place in range(1, len(by) + 1))}" if by else ""
    parts = []
    for day, group in groupby(sorted(wanted, key=lambda each: each.day), key=lambda each: each.day):
        counts = list(group)
        own = {measure.name: measure.adds for measure in counts}
        # Said of the rows too, as the indexes of the days of acknowledgements and resolutions ask.
        rated = " AND is_rated" if all(measure.is_of_rated for measure in counts) else ""
        columns = ", ".join([*by, *(f"{own.get(measure.name, '0')} AS {measure.name}" for measure in wanted)])
        parts.append(
            f"SELECT {columns} FROM (SELECT {day} AS day, {source}.* FROM {source}) AS outcome"  # noqa: S608
            f" WHERE {days}{rated}{grouped}"
        )
    return " UNION ALL ".join(parts)


def days_of(names: Sequence[str]) -> list[str]:
    """Return the day columns on which the measures count."""
    return sorted({measure.day for measure in MEASURES if measure.name in names})


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


def _asked_kept(
    spans: Sequence[tuple[date, date]],
    ask: Callable[[Division], tuple[str, list[Any]]],
    *,
    by_month: bool = True,
) -> list[tuple[Any, ...]]:
    """Return the rows of a question asked of a division; asked again if the days that wait changed meanwhile."""
    first, last = spans[0][0], spans[-1][1]
    waiting = StaleDay.objects.filter(day__range=(first, last)).order_by("day").values_list("day", flat=True)
    while True:
        stale = list(waiting.distinct())
        query, values = ask(Division.of(spans, stale, by_month=by_month))
        with connection.cursor() as cursor:
            cursor.execute(_AS_TAKEN.format(query=query), [first, last, stale, *values])
            rows = cursor.fetchall()
        if rows[0][0]:
            return [row[1:] for row in rows if row[1:] != (None,) * len(row[1:])]


def summed(
    scope: Scope,
    first: date,
    last: date,
    names: Sequence[str],
    by: Sequence[str],
    grain: Grain = Grain.SOLUTION,
    *,
    cut: date | None = None,
    by_month: bool = True,
) -> dict[tuple[Any, ...], dict[str, int]]:
    """Return the sums of `names` over the days from `first` to `last`, included, by key.

    `by` are SQL expressions over `day`, `rank` and the grain's column. A month's sums are read as its first day's,
    but for a month in which `cut` falls, and for none unless `by_month`.
    """
    if scope.is_kept:
        rows = _asked_kept(
            _spans(first, last, cut), partial(_ask_kept, scope, names, by, grain), by_month=by_month
        )
    else:
        with connection.cursor() as cursor:
            cursor.execute(*_ask_outcomes(scope, first, last, names, by))
            rows = cursor.fetchall()
    return {tuple(row[: len(by)]): dict(zip(names, row[len(by) :], strict=True)) for row in rows}


def _ask_kept(
    scope: Scope, names: Sequence[str], by: Sequence[str], grain: Grain, division: Division
) -> tuple[str, list[Any]]:
    keys = ("day", COLUMNS[grain], "rank")
    where, values = scope.where()
    wanted = [measure.name for measure in MEASURES if measure.name in names]
    kept = ", ".join([*keys, *(f"sums[{POSITION[name]}]" for name in wanted)])
    parts = [
        f"SELECT {kept} FROM tickets_dayfigures WHERE {kind} AND grain = {int(grain)} AND day = ANY(%s) AND {where}"  # noqa: S608
        for kind in ("is_month", "NOT is_month")
    ]
    given = [division.months, *values, division.days, *values]
    if division.stale:
        parts.append(counted(names, keys, f"day = ANY(%s) AND {where}"))
        given += [division.stale, *values] * len(days_of(names))
    source = f"({' UNION ALL '.join(parts)}) AS days ({', '.join([*keys, *wanted])})"
    grouped = f" GROUP BY {', '.join(by)}" if by else ""
    return f"SELECT {_added_up(names, by)} FROM {source}{grouped}", given  # noqa: S608


def _ask_outcomes(
    scope: Scope, first: date, last: date, names: Sequence[str], by: Sequence[str]
) -> tuple[str, list[Any]]:
    keys = [f"key_{place}" for place in range(len(by))]
    days = days_of(names)
    where, values = scope.where()
    beginning, source, given = "", "tickets_outcome", [first, last, *values] * len(days)
    if len(days) > INDEX_ENOUGH:
        any_day = " OR ".join(f"{day} BETWEEN %s AND %s" for day in days)
        beginning = f"WITH own AS MATERIALIZED (SELECT * FROM tickets_outcome WHERE {where} AND ({any_day})) "  # noqa: S608
        source, given = "own", [*values, *[first, last] * len(days), *given]
    parts = counted(
        names,
        [f"{expression} AS {key}" for expression, key in zip(by, keys, strict=True)],
        f"day BETWEEN %s AND %s AND {where}",
        source,
    )
    grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
    return f"{beginning}SELECT {_added_up(names, keys)} FROM ({parts}) AS part{grouped}", given  # noqa: S608


def _added_up(names: Sequence[str], keys: Sequence[str]) -> str:
    return ", ".join([*keys, *(f"coalesce(sum({name}), 0)::bigint" for name in names)])


def _spans(first: date, last: date, cut: date | None) -> list[tuple[date, date]]:
    if cut is None or not first < cut <= last:
        return [(first, last)]
    return [(first, cut - timedelta(days=1)), (cut, last)]


def in_order(source: str, keys: Sequence[str], days: str) -> str:
    """Return a query of the outcomes' durations by keys over `day`: rank, name, sum, and the values in order.

    Values are eight bytes each, the highest first. The values of the condition `days` are wanted once per duration.
    """
    grouped = ", ".join(str(place) for place in range(1, len(keys) + 2))
    parts = []
    for name, day in DURATIONS.items():
        values = f"string_agg(int8send({name}), ''::bytea ORDER BY {name})"
        parts.append(
            f"SELECT {', '.join([*keys, 'rank'])}, '{name}', sum({name})::bigint, {values}"  # noqa: S608
            f" FROM (SELECT {day} AS day, tickets_outcome.* FROM tickets_outcome) AS outcome{source}"
            f" WHERE is_rated AND {days} GROUP BY {grouped}"
        )
    return " UNION ALL ".join(parts)


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

    def ask(division: Division) -> tuple[str, list[Any]]:
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
        return _asked_kept([(first, last)], ask)
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
