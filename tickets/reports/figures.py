"""The figures of one month: rates with their counts, times gross and net, what is set apart, the flow."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sla.compliance import Judgement, Rate, Times, Verdict, rate_of, times_of
from sla.policy import SEVERITIES as SEVERITY_ORDER
from tickets.models import TicketQuerySet
from tickets.reports.months import Month
from tickets.reports.records import Figure, Record, figures_of, records_of
from tickets.words import SEVERITIES


@dataclass(frozen=True, slots=True)
class Count:
    """A number of tickets and the address of their list."""

    number: int
    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """How one promise was kept: the rate, and the tickets behind it."""

    rate: Rate
    url: str
    missed: Count
    free: Count  # fulfilled without a commitment: in no rate (C-SLA-3)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: a severity, a solution, a client, or all of them."""

    label: str | Promise
    severity: str
    acknowledge: Kept
    resolve: Kept
    acknowledge_times: Times | None
    gross: Times | None
    net: Times | None
    acknowledged: Count
    resolved: Count

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of the month is in this line."""
        return not (
            self.acknowledge.rate.total
            or self.resolve.rate.total
            or self.acknowledged.number
            or self.resolved.number
        )


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that the manager's page says of one month, judged live at `at`."""

    month: Month
    at: datetime
    all: Line
    severities: list[Line]
    solutions: list[Line]
    clients: list[Line]
    flow: list[Count]
    apart: list[Count]
    left_out: Count
    left_out_missed: int
    is_running: bool = field(default=False)  # the month is not over


def board_of(tickets: TicketQuerySet, month: Month, at: datetime) -> Board:
    """Work out the figures of a month for these tickets, judged live at `at`, in one query."""
    period = month.period
    report = _Report(month, records_of(tickets, period, at))
    records = report.records
    left_out = report.behind(Figure.LEFT_OUT, records)
    judgements = [each for record in left_out for each in (record.acknowledgement, record.resolution) if each]
    return Board(
        month=month,
        at=at,
        all=report.line(_("All severities"), records),
        severities=[
            report.line(
                SEVERITIES[severity],
                [record for record in records if record.severity == severity],
                severity=str(severity),
            )
            for severity in reversed(SEVERITY_ORDER)
        ],
        solutions=report.lines(lambda record: record.solution, "solution"),
        clients=report.lines(lambda record: record.client, "client"),
        flow=report.counts(Figure.RECEIVED, Figure.CLOSED, Figure.OPEN),
        apart=report.counts(Figure.DUPLICATE, Figure.WITHDRAWN, Figure.OUT_OF_SCOPE, Figure.STOPPED),
        left_out=report.count(Figure.LEFT_OUT, records),
        left_out_missed=sum(
            1 for each in judgements if each.verdict == Verdict.MISSED and each.counted_at in period
        ),
        is_running=at < period.end,
    )


def tickets_behind(
    tickets: TicketQuerySet, month: Month, at: datetime, figure: Figure, **only: object
) -> TicketQuerySet:
    """Keep the tickets that a figure counts: the very ones, for it is the same arithmetic.

    `only` narrows by `severity`, `solution` or `client` as the line that shows the figure does.
    """
    narrowed = tickets.filter(**{name: value for name, value in only.items() if value})
    report = _Report(month, records_of(narrowed, month.period, at))
    return tickets.filter(pk__in=[record.ticket for record in report.behind(figure, report.records)])


class _Report:
    """Builds the lines of one month and the addresses of what is behind them."""

    def __init__(self, month: Month, records: list[Record]) -> None:
        self.month = month
        self.records = records
        period = month.period
        self.figures = {record.ticket: figures_of(record, period) for record in records}

    def behind(self, figure: Figure, records: Iterable[Record]) -> list[Record]:
        return [record for record in records if figure in self.figures[record.ticket]]

    def count(self, figure: Figure, records: Iterable[Record], **only: object) -> Count:
        query = urlencode({"month": self.month, "figure": figure.value, **only})
        return Count(
            sum(figure in self.figures[record.ticket] for record in records),
            f"{reverse('board_tickets')}?{query}",
            str(figure.label),
        )

    def counts(self, *figures: Figure) -> list[Count]:
        return [self.count(figure, self.records) for figure in figures]

    def lines(self, key: Callable[[Record], tuple[int, str]], name: str) -> list[Line]:
        """Return one line per solution or client that has anything this month, by name."""
        groups: dict[tuple[int, str], list[Record]] = {}
        for record in self.records:
            groups.setdefault(key(record), []).append(record)
        ordered = sorted(groups.items(), key=lambda group: (group[0][1].casefold(), group[0][0]))
        lines = [self.line(label, records, **{name: pk}) for (pk, label), records in ordered]
        return [line for line in lines if not line.is_empty]

    def line(self, label: str | Promise, records: list[Record], **only: object) -> Line:
        acknowledged = self.behind(Figure.ACKNOWLEDGED, records)
        resolved = self.behind(Figure.RESOLVED, records)
        return Line(
            label=label,
            severity=str(only.get("severity", "")),
            acknowledge=self.kept("acknowledge", lambda record: record.acknowledgement, records, only),
            resolve=self.kept("resolve", lambda record: record.resolution, records, only),
            acknowledge_times=times_of(record.acknowledge_time or 0 for record in acknowledged),
            gross=times_of(record.resolve_gross for record in resolved),
            net=times_of(record.resolve_net for record in resolved),
            acknowledged=self.count(Figure.ACKNOWLEDGED, records, **only),
            resolved=self.count(Figure.RESOLVED, records, **only),
        )

    def kept(
        self,
        clock: str,
        judgement: Callable[[Record], Judgement | None],
        records: list[Record],
        only: dict[str, object],
    ) -> Kept:
        judged = [judgement(record) for record in self.behind(Figure(clock), records)]
        return Kept(
            rate=rate_of(each for each in judged if each),
            url=self.count(Figure(clock), records, **only).url,
            missed=self.count(Figure(f"{clock}_missed"), records, **only),
            free=self.count(Figure(f"{clock}_free"), records, **only),
        )
