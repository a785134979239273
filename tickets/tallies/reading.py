"""The sums and the durations of a period: whole months as they are kept, the days at its edges, what waits as it is.

A month of which any day waits to be summed up (`StaleDay`) is read by its days, and such a day from the outcomes
themselves. The statement that reads says whether these were the days that waited: an act or a sweep in between is
wholly in the figures or not at all.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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

# The durations that are read in order, by the day on which they count.
DURATIONS = {"acknowledged_on": ("acknowledge_time",), "resolved_on": ("resolve_gross", "resolve_net")}
DURATION_NAMES = tuple(name for names in DURATIONS.values() for name in names)


def days_summed(names: Sequence[str], keys: Sequence[str], days: str, where: str) -> str:
    """Return a query of the outcomes: each day column grouped by itself, with its own measures and zeros else.

    `days` is a condition with one `{day}`; its values are wanted once per day column, before those of `where`.
    """
    wanted = [measure for measure in MEASURES if measure.name in names]
    parts = []
    for day, group in groupby(sorted(wanted, key=lambda each: each.day), key=lambda each: each.day):
        own = {measure.name: measure.adds for measure in group}
        columns = ", ".join(f"{own.get(measure.name, '0')} AS {measure.name}" for measure in wanted)
        grouped = ", ".join(dict.fromkeys([day, *keys]))
        parts.append(
            f"SELECT {day} AS day{''.join(f', {key}' for key in keys)}, {columns} FROM tickets_outcome"  # noqa: S608
            f" WHERE {days.format(day=day)} AND {where} GROUP BY {grouped}"
        )
    return " UNION ALL ".join(parts)


def parts_of(names: Sequence[str]) -> int:
    """Return how many day columns the measures count on."""
    return len({measure.day for measure in MEASURES if measure.name in names})


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
        for first, last in spans:
            for begin, end in months_between(first, last):
                every_day = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
                is_whole = begin.day == 1 and (end + timedelta(days=1)).day == 1
                if is_whole and by_month and waiting.isdisjoint(every_day):
                    months.append(begin)
                else:
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
    keys = (COLUMNS[grain], "rank")
    where, values = scope.where()
    sums = ", ".join([*by, *(f"coalesce(sum({name}), 0)::bigint" for name in names)])
    grouped = f" GROUP BY {', '.join(by)}" if by else ""

    def ask(division: Division) -> tuple[str, list[Any]]:
        kept = ", ".join(f"sums[{POSITION[measure.name]}]" for measure in MEASURES if measure.name in names)
        parts = [
            f"SELECT day, {keys[0]}, rank, {kept} FROM tickets_dayfigures"  # noqa: S608
            f" WHERE {kind} AND grain = {int(grain)} AND day = ANY(%s) AND {where}"
            for kind in ("is_month", "NOT is_month")
        ]
        given = [division.months, *values, division.days, *values]
        if division.stale:
            parts.append(days_summed(names, keys, "{day} = ANY(%s)", where))
            given += [division.stale, *values] * parts_of(names)
        columns = ", ".join(["day", *keys, *(measure.name for measure in MEASURES if measure.name in names)])
        source = " UNION ALL ".join(parts)
        return f"SELECT {sums} FROM ({source}) AS days ({columns}){grouped}", given  # noqa: S608

    if scope.is_kept:
        rows = _asked_kept(_spans(first, last, cut), ask, by_month=by_month)
    else:
        source = days_summed(names, keys, "{day} BETWEEN %s AND %s", where)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {sums} FROM ({source}) AS days{grouped}",  # noqa: S608
                [first, last, *values] * parts_of(names),
            )
            rows = cursor.fetchall()
    return {tuple(row[: len(by)]): dict(zip(names, row[len(by) :], strict=True)) for row in rows}


def _spans(first: date, last: date, cut: date | None) -> list[tuple[date, date]]:
    if cut is None or not first < cut <= last:
        return [(first, last)]
    return [(first, cut - timedelta(days=1)), (cut, last)]


def in_order(name: str) -> str:
    """Return the SQL aggregate of a duration's values in order, eight bytes each, the highest first."""
    return f"string_agg(int8send({name}), ''::bytea ORDER BY {name})"


def times(scope: Scope, first: date, last: date) -> dict[tuple[str, int | None], Times]:
    """Summarise the durations counted on the days from `first` to `last`, by name and rank; None for every rank."""
    runs: dict[tuple[str, int | None], list[Sequence[int]]] = {}
    for rank, name, run in _runs(scope, first, last):
        for key in ((name, rank), (name, None)):
            runs.setdefault(key, []).append(run)
    found = {key: times_in_order(InOrder(known)) for key, known in runs.items()}
    return {key: each for key, each in found.items() if each}


def _runs(scope: Scope, first: date, last: date) -> Iterator[tuple[int, str, Sequence[int]]]:
    where, values = scope.where()

    def ask(days: str, given: list[Any]) -> tuple[str, list[Any]]:
        parts = [
            f"SELECT rank, {', '.join(in_order(name) if name in names else 'NULL' for name in DURATION_NAMES)}"  # noqa: S608
            f" FROM tickets_outcome WHERE is_rated AND {day} {days} AND {where} GROUP BY rank"
            for day, names in DURATIONS.items()
        ]
        return " UNION ALL ".join(parts), [*given, *values] * len(parts)

    def ask_kept(division: Division) -> tuple[str, list[Any]]:
        kept = f"SELECT rank, {', '.join(DURATION_NAMES)} FROM tickets_monthtimes WHERE month = ANY(%s) AND {where}"  # noqa: S608
        query, given = ask("= ANY(%s)", [division.days + division.stale])
        return f"{kept} UNION ALL {query}", [division.months, *values, *given]

    if scope.is_kept:
        rows = _asked_kept([(first, last)], ask_kept)
    else:
        with connection.cursor() as cursor:
            cursor.execute(*ask("BETWEEN %s AND %s", [first, last]))
            rows = cursor.fetchall()
    for rank, *columns in rows:
        for name, content in zip(DURATION_NAMES, columns, strict=True):
            if content:
                yield rank, name, _read(content)


def _read(content: bytes) -> Sequence[int]:
    run = array("q", bytes(content))
    if byteorder == "little":
        run.byteswap()
    return run
