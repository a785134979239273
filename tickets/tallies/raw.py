"""The outcomes of some days, as they are: summed up in the shape of what is kept, their durations put in order."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from tickets.tallies.measures import MEASURES, RATES, Grain, Measure

# The durations that are read in order, and the day on which each counts.
DURATIONS = {
    "acknowledge_time": "acknowledged_on",
    "resolve_gross": "resolved_on",
    "resolve_net": "resolved_on",
}
DAYS = sorted({measure.day for measure in MEASURES})
_DAYS_OF_RATES = {measure.day for measure in RATES}
# Which grain a row of grouping sets is of, by the columns that are added up in it.
_GRAIN = (
    f"CASE grouping(solution_id, owner_id, client_id) WHEN 3 THEN {int(Grain.SOLUTION)}"
    f" WHEN 5 THEN {int(Grain.OWNER)} ELSE {int(Grain.CLIENT)} END"
)
_SETS = "GROUPING SETS ((day, rank, solution_id), (day, rank, owner_id), (day, rank, client_id))"


def day_figures(days: str) -> str:
    """Return a query of the figures of days, of every grain, each outcome read once for each of its days.

    `days` is a condition on `day`, whose values are wanted once per column of `DAYS`. A key may come in several rows,
    each with the measures of one column of days, and zeros else.
    """
    parts = []
    for day, counts in by_day_column(MEASURES).items():
        own = {measure.name: measure.adds for measure in counts}
        sums = ", ".join(own.get(measure.name, "0") for measure in MEASURES)
        grain, keys, grouped = (
            (_GRAIN, "solution_id, owner_id, client_id", _SETS)
            if day in _DAYS_OF_RATES
            else (f"{int(Grain.SOLUTION)}", "solution_id, NULL, NULL", "day, rank, solution_id")
        )
        parts.append(
            f"SELECT day, {grain} AS grain, rank, {keys}, ARRAY[{sums}]::bigint[] AS sums"  # noqa: S608
            f" FROM (SELECT {day} AS day, tickets_outcome.* FROM tickets_outcome) AS outcome"
            f" WHERE {days}{rated_of(counts)} GROUP BY {grouped}"
        )
    return " UNION ALL ".join(parts)


def by_day_column(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    """Return measures by the column of the day on which they count."""
    ordered = sorted(measures, key=lambda each: each.day)
    return {day: list(group) for day, group in groupby(ordered, key=lambda each: each.day)}


def rated_of(measures: Iterable[Measure]) -> str:
    """Return what is said of the rows too, as the indexes of the days of acknowledgements and resolutions ask."""
    return " AND is_rated" if all(measure.is_of_rated for measure in measures) else ""


def grouped_by(keys: Sequence[str]) -> tuple[str, str]:
    """Return keys, each a whole number or true or false, as one array, and the clause that groups by them."""
    return f"ARRAY[{', '.join(f'({key})::int' for key in keys)}]::int[]", (
        f" GROUP BY {', '.join(keys)}" if keys else ""
    )


def counted(number: int, measures: Sequence[Measure], by: Sequence[str], days: str, source: str) -> str:
    """Return a query of a number to know it by, the key and the sums of measures that count on the same day's column.

    `by` are SQL expressions over `day` and the columns of outcomes; `days` is a condition on `day` and them.
    """
    key, grouped = grouped_by(by)
    return (
        f"SELECT {number}, {key}, ARRAY[{', '.join(measure.adds for measure in measures)}]::bigint[]"  # noqa: S608
        f" FROM (SELECT {measures[0].day} AS day, {source}.* FROM {source}) AS outcome"
        f" WHERE {days}{rated_of(measures)}{grouped}"
    )


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
