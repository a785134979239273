"""The outcomes of each day summed up: for the whole of a period at once, and kept for the days that are over.

Everything is one statement: the measures of `MEASURES`, each counted on a day of its own. A sum of everybody's
days is kept in `DayFigures`; an act only notes which days it touched (`StaleDay`), and those are read from the
outcomes themselves until `sum_up` has made their sums again. No act ever waits for another's sums.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from tickets.models import Judged, StaleDay

LOCK = 6_060  # an advisory lock's number: one sweep at a time
PAGE = 60  # days summed up in one transaction


@dataclass(frozen=True, slots=True)
class Measure:
    """Something summed up: on which of an outcome's days it counts, and what it adds."""

    name: str
    day: str
    adds: str  # an expression over the columns of an outcome


def _count(name: str, day: str, condition: str) -> Measure:
    return Measure(name, day, f"count(*) FILTER (WHERE {condition})")


def _sum(name: str, day: str, column: str, condition: str = "is_rated") -> Measure:
    return Measure(name, day, f"coalesce(sum({column}) FILTER (WHERE {condition}), 0)")


# Those of owners and clients first: nothing else is kept of these.
RATES = (
    _count("acknowledge_met", "acknowledge_on", f"is_rated AND acknowledge_judged = {Judged.MET}"),
    _count("acknowledge_missed", "acknowledge_on", f"is_rated AND acknowledge_judged = {Judged.MISSED}"),
    _count("acknowledged", "acknowledged_on", "is_rated"),
    _sum("acknowledge_time", "acknowledged_on", "acknowledge_time"),
    _count("resolve_met", "resolve_on", f"is_rated AND resolve_judged = {Judged.MET}"),
    _count("resolve_missed", "resolve_on", f"is_rated AND resolve_judged = {Judged.MISSED}"),
    _count("resolved", "resolved_on", "is_rated"),
    _sum("resolve_gross", "resolved_on", "resolve_gross"),
    _sum("resolve_net", "resolved_on", "resolve_net"),
    _count("acknowledge_free", "acknowledged_on", f"is_rated AND acknowledge_judged = {Judged.FREE}"),
    _count("resolve_free", "resolved_on", f"is_rated AND resolve_judged = {Judged.FREE}"),
)
MEASURES = (
    *RATES,
    _sum("paused_question", "resolved_on", "paused_question"),
    _sum("paused_delivery", "resolved_on", "paused_delivery"),
    _sum("paused_out_of_scope", "resolved_on", "paused_out_of_scope"),
    _count("received", "received_on", "true"),
    _count("follow_up", "received_on", "is_follow_up"),
    _count("closed", "closed_on", "true"),
    _count("duplicate", "closed_on", "ground = 'duplicate'"),
    _count("withdrawn", "closed_on", "ground = 'withdrawn'"),
    _count("stopped", "closed_on", "is_stopped"),
    _count("out_of_scope", "classed_on", "true"),
    *(
        _sum(f"time_{state}", "closed_on", f"time_{state}", "true")
        for state in ("new", "in_progress", "waiting_client", "under_test", "accepted", "out_of_scope")
    ),
    *(_count(f"hour_{hour}", "received_on", f"received_hour = {hour}") for hour in range(24)),
)
NAMES = tuple(measure.name for measure in MEASURES)
POSITION = {name: position for position, name in enumerate(NAMES, 1)}  # in an array of SQL


class Grain(IntEnum):
    """By what a day's sums are kept, beside the severity."""

    SOLUTION = 1
    OWNER = 2
    CLIENT = 3


COLUMNS = {Grain.SOLUTION: "solution_id", Grain.OWNER: "owner_id", Grain.CLIENT: "client_id"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What narrows figures: clients, a solution, a severity's rank, a contract; None: whatever it is."""

    client: int | None = None
    solution: int | None = None
    rank: int | None = None
    contract: int | None = None

    def where(self) -> tuple[str, list[Any]]:
        """Return the condition on outcomes and its values."""
        wanted = [
            (f"{column} = %s", value)
            for column, value in (
                ("client_id", self.client),
                ("solution_id", self.solution),
                ("rank", self.rank),
                ("contract_id", self.contract),
            )
            if value is not None
        ]
        return " AND ".join(["true", *(each for each, _value in wanted)]), [value for _each, value in wanted]

    @property
    def is_kept(self) -> bool:
        """Tell whether the sums kept by day answer: they are everybody's."""
        return self.client is None and self.contract is None and self.solution is None


def _days_summed(names: Sequence[str], keys: Sequence[str], days: str, where: str) -> str:
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


def _parts(names: Sequence[str]) -> int:
    return len({measure.day for measure in MEASURES if measure.name in names})


def summed(
    scope: Scope,
    first: date,
    last: date,
    names: Sequence[str],
    by: Sequence[str],
    grain: Grain = Grain.SOLUTION,
) -> dict[tuple[Any, ...], dict[str, int]]:
    """Return the sums of `names` over the days from `first` to `last`, included, by key.

    `by` are SQL expressions over `day`, `rank` and the grain's column; one query, or two for everybody's.
    """
    keys = (COLUMNS[grain], "rank")
    where, values = scope.where()
    if scope.is_kept:
        stale = list(
            StaleDay.objects.filter(day__range=(first, last)).values_list("day", flat=True).distinct()
        )
        kept = ", ".join(f"sums[{POSITION[name]}] AS {name}" for name in names)
        source = (
            f"SELECT day, {keys[0]}, rank, {kept} FROM tickets_dayfigures"  # noqa: S608
            f" WHERE grain = %s AND day BETWEEN %s AND %s AND NOT (day = ANY(%s)) AND {where}"
        )
        given: list[Any] = [int(grain), first, last, stale, *values]
        if stale:
            ordered = [measure.name for measure in MEASURES if measure.name in names]
            source = (
                f"SELECT day, {keys[0]}, rank, {', '.join(ordered)} FROM ({source}) AS kept UNION ALL "  # noqa: S608
                + _days_summed(names, keys, "{day} = ANY(%s)", where)
            )
            given += [stale, *values] * _parts(names)
    else:
        source = _days_summed(names, keys, "{day} BETWEEN %s AND %s", where)
        given = [first, last, *values] * _parts(names)
    sums = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in names)
    grouped = ", ".join(by)
    query = (
        f"SELECT {grouped + ', ' if by else ''}{sums} FROM ({source}) AS days"  # noqa: S608
        + (f" GROUP BY {grouped}" if by else "")
    )
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return {
            tuple(row[: len(by)]): dict(zip(names, row[len(by) :], strict=True)) for row in cursor.fetchall()
        }


def sum_up(limit: int = 400) -> int:
    """Make the sums of the days that wait for it again; return how many days, `limit` of them at most."""
    done = 0
    while done < limit:
        days = _sum_up_page(min(PAGE, limit - done))
        if not days:
            break
        done += days
    return done


def _sum_up_page(size: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        # The marks read now are those taken away: an act that is not committed yet leaves its own.
        marks = list(StaleDay.objects.order_by("day").values_list("id", "day")[: size * 500])
        days = sorted({day for _id, day in marks})[:size]
        if not days:
            return 0
        _write_days(cursor, days)
        StaleDay.objects.filter(pk__in=[number for number, day in marks if day in set(days)]).delete()
        return len(days)


def _write_days(cursor: Any, days: Iterable[date]) -> None:
    wanted = list(days)
    cursor.execute("DELETE FROM tickets_dayfigures WHERE day = ANY(%s)", [wanted])
    for grain, column in COLUMNS.items():
        names = NAMES if grain == Grain.SOLUTION else tuple(measure.name for measure in RATES)
        source = _days_summed(names, (column, "rank"), "{day} = ANY(%s)", "true")
        sums = ", ".join(f"sum({name})::bigint" for name in names)
        cursor.execute(
            f"INSERT INTO tickets_dayfigures (day, grain, rank, {column}, sums)"  # noqa: S608
            f" SELECT day, {int(grain)}, rank, {column}, ARRAY[{sums}] FROM ({source}) AS days"
            f" GROUP BY day, rank, {column}",
            [wanted] * _parts(names),
        )


__all__ = ["MEASURES", "NAMES", "Grain", "Scope", "sum_up", "summed"]
