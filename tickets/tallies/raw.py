"""The outcomes of some days, as they are: summed up in the shape of what is kept, their durations put in order."""

from collections.abc import Sequence
from itertools import groupby

from tickets.tallies.measures import MEASURES, RATES, Grain

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
_SETS = (
    "grouping sets ((day, rank, solution_id), (day, rank, owner_id), (day, rank, client_id))"
)


def day_figures(days: str) -> str:
    """Return a query of the figures of days, of every grain, each outcome read once for each of its days.

    `days` is a condition on `day`, whose values are wanted once per column of `DAYS`. A key may come in several rows,
    each with the measures of one column of days, and zeros else.
    """
    parts = []
    for day, group in groupby(sorted(MEASURES, key=lambda each: each.day), key=lambda each: each.day):
        counts = list(group)
        own = {measure.name: measure.adds for measure in counts}
        # Said of the rows too, as the indexes of the days of acknowledgements and resolutions ask.
        rated = " AND is_rated" if all(measure.is_of_rated for measure in counts) else ""
        sums = ", ".join(own.get(measure.name, "0") for measure in MEASURES)
        grain, keys, grouped = (
            (_GRAIN, "solution_id, owner_id, client_id", _SETS)
            if day in _DAYS_OF_RATES
            else (f"{int(Grain.SOLUTION)}", "solution_id, NULL, NULL", "day, rank, solution_id")
        )
        parts.append(
            f"SELECT day, {grain} AS grain, rank, {keys}, ARRAY[{sums}]::bigint[] AS sums"  # noqa: S608
            f" FROM (SELECT {day} AS day, tickets_outcome.* FROM tickets_outcome) AS outcome"
            f" WHERE {days}{rated} GROUP BY {grouped}"
        )
    return " UNION ALL ".join(parts)
