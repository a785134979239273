"""What has become known of months already reported: promises judged since, or otherwise than they were issued.

A delivery made in May and accepted in June belongs to May, by the month rule: a report of May that was issued between
the two could not say it. It is told once, in the next report of the contract, under its own month.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sla.document import instant
from sla.models import Contract
from tickets.models import Judged, MonthlyReport, ReportState
from tickets.monthly.replaying import Told, tell
from tickets.reports.counting import CLOCKS, Figure, counts, judged_at
from tickets.reports.days import Days
from tickets.reports.months import Month

JSON = dict[str, Any]
Promises = dict[tuple[int, str], str | None]  # (ticket, promise): met, missed; None: not counted any more

JUDGED = {Judged.MET: "met", Judged.MISSED: "missed"}


def since_of(
    contract: Contract, month: Month, told: Sequence[Told], trend: Sequence[JSON], at: datetime
) -> JSON:
    """Return what the reports issued by `at` of the contract's earlier months did not say as it is known at `at`.

    `promises` are the acknowledgements and resolutions of those months, each with what it was issued as; `trend` the
    lines of the trend as they were issued, for the months whose line differs now. `told` are the tickets alive in the
    months of the trend.
    """
    issued = list(
        MonthlyReport.objects.filter(
            contract=contract, state=ReportState.ISSUED, issued_at__lte=at, month__lt=month.first_day
        )
        .only("month", "number", "body")
        .order_by("number")
    )
    last = {_month_of(report): report for report in issued}
    known = {Month.from_text(line["month"]): line for line in trend}
    promises = [
        {"month": str(each), "report": last[each].number, **line}
        for each, said in sorted(_said(issued).items())
        for line in _differing(told, said, Days.of_month(each), at, tells_all=each in known)
    ]
    return {
        "promises": promises,
        "trend": [
            {"report": last[each].number, **as_issued}
            for each, line in known.items()
            if each in last
            for as_issued in [last[each].body["figures"]["trend"][-1]]
            if any(line.get(name) != value for name, value in as_issued.items())
        ],
    }


def moved_since(report: MonthlyReport, at: datetime) -> list[JSON]:
    """Return the promises of an issued report's month that are judged otherwise at `at` than it says."""
    days = Days.of_month(_month_of(report))
    told = tell(report.contract, days.starts_at, days.ends_at, at)
    return _differing(told, _counted(report), days, at, tells_all=True)


def _month_of(report: MonthlyReport) -> Month:
    return Month(report.month.year, report.month.month)


def _counted(report: MonthlyReport) -> Promises:
    """Return the promises that a report counts in its own month."""
    return {
        (line["number"], clock): line[clock]["judged"]
        for line in report.body["tickets"]
        for clock in CLOCKS
        if line[clock]["counted"]
    }


def _said(issued: Iterable[MonthlyReport]) -> dict[Month, Promises]:
    """Return what reports, in the order of their issue, have said of each month in the end."""
    said: dict[Month, Promises] = {}
    for report in issued:
        said[_month_of(report)] = _counted(report)
        for line in report.body.get("since", {}).get("promises", ()):
            said[Month.from_text(line["month"])][line["ticket"], line["promise"]] = line["judged"]
    return said


def _differing(
    told: Iterable[Told],
    said: Mapping[tuple[int, str], str | None],
    days: Days,
    at: datetime,
    *,
    tells_all: bool,
) -> list[JSON]:
    """Return the promises of a month that are not as they were said, in the order of the tickets.

    `tells_all`: every ticket of the month is among those told, so that one that is not has left the contract.
    """
    found = {each.ticket.pk: each for each in told}
    numbers = {*found, *(number for number, _clock in said)} if tells_all else set(found)
    lines = []
    for number in sorted(numbers):
        for clock in CLOCKS:
            each, was = found.get(number), said.get((number, clock))
            now = _judged(each, clock, days, at) if each else None
            if now != was:
                due, done = each.due_and_done(clock) if each else (None, None)
                lines.append(
                    {
                        "ticket": number,
                        "promise": clock,
                        "due": due and instant(due),
                        "done": done and instant(done),
                        "judged": now,
                        "issued": was,
                    }
                )
    return lines


def _judged(told: Told, clock: str, days: Days, at: datetime) -> str | None:
    """Return how a promise counts in a month; None if it does not."""
    return (
        JUDGED[judged_at(told.outcome, clock, at)] if counts(Figure(clock), told.outcome, days, at) else None
    )
