"""The sums kept by day and by month, and the durations kept in order by month, made again where acts came in."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from tickets.models import StaleDay
from tickets.tallies.measures import COLUMNS, NAMES, RATES, Grain
from tickets.tallies.raw import DAYS, DURATIONS, day_figures, in_order

LOCK = 6_060  # an advisory lock's number: one sweep at a time
PAGE = 60  # days summed up in one transaction


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
        # The marks read now are those taken away: an act that is not committed yet leaves its own, and a month of
        # which any mark is left is read by nobody.
        marks = list(StaleDay.objects.order_by("day").values_list("id", "day")[: size * 500])
        days = sorted({day for _id, day in marks})[:size]
        if not days:
            return 0
        _write_days(cursor, days)
        months = sorted({day.replace(day=1) for day in days})
        _write_months(cursor, months)
        _write_times(cursor, days, months)
        StaleDay.objects.filter(pk__in=[number for number, day in marks if day in set(days)]).delete()
        return len(days)


def _names_of(grain: Grain) -> Sequence[str]:
    return NAMES if grain == Grain.SOLUTION else [measure.name for measure in RATES]


def _write_days(cursor: Any, days: list[date]) -> None:
    """Sum up some days, their outcomes read once for every grain."""
    cursor.execute("DELETE FROM tickets_dayfigures WHERE NOT is_month AND day = ANY(%s)", [days])
    writes = [
        f"INSERT INTO tickets_dayfigures (day, is_month, grain, rank, {column}, sums)"  # noqa: S608
        f" SELECT day, false, {int(grain)}, rank, {column}, ARRAY[{_sums_of(grain)}] FROM figures"
        f" WHERE grain = {int(grain)} GROUP BY day, rank, {column}"
        for grain, column in COLUMNS.items()
    ]
    first, second, last = writes
    cursor.execute(
        f"WITH figures AS MATERIALIZED ({day_figures('day = ANY(%s)')}),"
        f" by_solution AS ({first}), by_owner AS ({second}) {last}",
        [days] * len(DAYS),
    )


def _sums_of(grain: Grain) -> str:
    return ", ".join(f"sum(sums[{place}])::bigint" for place in range(1, len(_names_of(grain)) + 1))


def _write_months(cursor: Any, months: list[date]) -> None:
    """Add up the days of each month, given by its first."""
    cursor.execute("DELETE FROM tickets_dayfigures WHERE is_month AND day = ANY(%s)", [months])
    for grain, column in COLUMNS.items():
        cursor.execute(
            f"INSERT INTO tickets_dayfigures (day, is_month, grain, rank, {column}, sums)"  # noqa: S608
            f" SELECT month, true, {int(grain)}, rank, {column}, ARRAY[{_sums_of(grain)}]"
            " FROM unnest(%s::date[]) AS month JOIN tickets_dayfigures"
            f" ON NOT is_month AND grain = {int(grain)} AND day >= month AND day < month + interval '1 month'"
            f" GROUP BY month, rank, {column}",
            [months],
        )


def _write_times(cursor: Any, days: list[date], months: list[date]) -> None:
    """Put the durations of each day in order, and those of each month, given by its first."""
    for is_month, kept, source, keys, condition in (
        (False, days, "", "day", "day = ANY(%s)"),
        (
            True,
            months,
            " JOIN unnest(%s::date[]) AS month ON day >= month AND day < month + interval '1 month'",
            "month",
            "true",
        ),
    ):
        cursor.execute("DELETE FROM tickets_daytimes WHERE is_month = %s AND day = ANY(%s)", [is_month, kept])
        query = in_order(source, [str(is_month).lower(), keys], condition)
        cursor.execute(
            f"INSERT INTO tickets_daytimes (is_month, day, rank, name, total, durations) {query}",
            [kept] * len(DURATIONS),
        )
