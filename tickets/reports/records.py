"""What a report reads of each ticket of a month, and which tickets stand behind each of its figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, TextChoices, When
from django.utils.translation import gettext_lazy as _

from sla.clock import ClockState
from sla.compliance import Judgement, Period, Verdict, judge
from sla.policy import Severity
from sla.versions import compiled_calendar
from tickets.models import LedgerEntry, Ticket
from tickets.words import GROUNDS_LEFT_OUT_OF_RATES, ClosingGround, EntryKind, State

COLUMNS = (
    "pk", "severity", "solution_id", "solution__name", "client_id", "client__name", "calendar_version_id",
    "received_at", "state", "closed_at", "closing_ground",
    "acknowledge_state", "acknowledge_due_at", "acknowledged_at",
    "resolve_state", "resolve_due_at", "resolved_at", "resolve_net", "resolve_gross", "classed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One ticket as the figures see it: the index of its ledger, judged at the report's instant."""

    ticket: int
    severity: Severity
    solution: tuple[int, str]
    client: tuple[int, str]
    received_at: datetime
    state: State
    closed_at: datetime | None
    ground: str
    acknowledgement: Judgement | None
    acknowledge_state: ClockState
    acknowledged_at: datetime | None
    acknowledge_time: int | None  # microseconds of business time; this clock never pauses
    resolution: Judgement | None
    resolve_state: ClockState
    resolved_at: datetime | None
    resolve_net: int
    resolve_gross: int
    out_of_scope_at: datetime | None  # None: in scope

    @property
    def is_left_out(self) -> bool:
        """Duplicates and withdrawals are left out of every rate (K-19)."""
        return self.ground in GROUNDS_LEFT_OUT_OF_RATES


def records_of(tickets: QuerySet[Ticket], period: Period, at: datetime) -> list[Record]:
    """Read the tickets alive at some instant of `period`, judged live at `at`: every figure is among them.

    A clock is judged, stopped or fulfilled while its ticket lives, so no other ticket can count.
    """
    classed = LedgerEntry.objects.filter(ticket=OuterRef("pk"), kind=EntryKind.OUT_OF_SCOPE).order_by("-seq")
    outside = Q(state=State.OUT_OF_SCOPE) | Q(closing_ground=ClosingGround.OUT_OF_SCOPE)
    alive = tickets.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=period.start), received_at__lt=period.end
    )
    rows = alive.annotate(classed_at=Case(When(outside, then=Subquery(classed.values("occurred_at")[:1]))))
    return [
        _record(dict(zip(COLUMNS, row, strict=True)), at) for row in rows.order_by().values_list(*COLUMNS)
    ]


def _record(row: dict, at: datetime) -> Record:
    acknowledge_state, resolve_state = ClockState(row["acknowledge_state"]), ClockState(row["resolve_state"])
    acknowledge_time = None
    if row["acknowledged_at"]:
        calendar = compiled_calendar(row["calendar_version_id"])
        acknowledge_time = calendar.between(row["received_at"], row["acknowledged_at"])
    return Record(
        ticket=row["pk"],
        severity=Severity(row["severity"]),
        solution=(row["solution_id"], row["solution__name"]),
        client=(row["client_id"], row["client__name"]),
        received_at=row["received_at"],
        state=State(row["state"]),
        closed_at=row["closed_at"],
        ground=row["closing_ground"],
        acknowledgement=judge(acknowledge_state, row["acknowledge_due_at"], row["acknowledged_at"], at),
        acknowledge_state=acknowledge_state,
        acknowledged_at=row["acknowledged_at"],
        acknowledge_time=acknowledge_time,
        resolution=judge(resolve_state, row["resolve_due_at"], row["resolved_at"], at),
        resolve_state=resolve_state,
        resolved_at=row["resolved_at"],
        resolve_net=row["resolve_net"],
        resolve_gross=row["resolve_gross"],
        out_of_scope_at=row["classed_at"],
    )


class Figure(TextChoices):
    """Every figure of the report; labels say which tickets are behind it."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledgements judged")
    ACKNOWLEDGE_MISSED = "acknowledge_missed", _("Acknowledgements missed")
    ACKNOWLEDGE_FREE = "acknowledge_free", _("Acknowledged without a commitment")
    RESOLVE = "resolve", _("Resolutions judged")
    RESOLVE_MISSED = "resolve_missed", _("Resolutions missed")
    RESOLVE_FREE = "resolve_free", _("Resolved without a commitment")
    ACKNOWLEDGED = "acknowledged", _("Tickets acknowledged")
    RESOLVED = "resolved", _("Tickets resolved")
    RECEIVED = "received", _("Tickets received")
    CLOSED = "closed", _("Tickets closed")
    OPEN = "open", _("Open at the end of the month")
    DUPLICATE = "duplicate", _("Closed as duplicates")
    WITHDRAWN = "withdrawn", _("Withdrawn by the client")
    OUT_OF_SCOPE = "out_of_scope", _("Classed out of scope")
    STOPPED = "stopped", _("Closed without a resolution to judge")
    LEFT_OUT = "left_out", _("Duplicates and withdrawals judged, left out of the rates")


def _judged(judgement: Judgement | None, period: Period, *verdicts: Verdict) -> bool:
    return (
        judgement is not None
        and judgement.counted_at in period
        and judgement.verdict in (verdicts or Verdict)
    )


def _rated(record: Record, judgement: Judgement | None, period: Period, *verdicts: Verdict) -> bool:
    return not record.is_left_out and _judged(judgement, period, *verdicts)


_COUNTS: dict[Figure, Callable[[Record, Period], bool]] = {
    Figure.ACKNOWLEDGE: lambda record, period: _rated(record, record.acknowledgement, period),
    Figure.ACKNOWLEDGE_MISSED: lambda record, period: _rated(
        record, record.acknowledgement, period, Verdict.MISSED
    ),
    Figure.ACKNOWLEDGE_FREE: lambda record, period: (
        not record.is_left_out
        and record.acknowledge_state == ClockState.NONE
        and record.acknowledged_at in period
    ),
    Figure.RESOLVE: lambda record, period: _rated(record, record.resolution, period),
    Figure.RESOLVE_MISSED: lambda record, period: _rated(record, record.resolution, period, Verdict.MISSED),
    Figure.RESOLVE_FREE: lambda record, period: (
        not record.is_left_out and record.resolve_state == ClockState.NONE and record.resolved_at in period
    ),
    Figure.ACKNOWLEDGED: lambda record, period: not record.is_left_out and record.acknowledged_at in period,
    Figure.RESOLVED: lambda record, period: not record.is_left_out and record.resolved_at in period,
    Figure.RECEIVED: lambda record, period: record.received_at in period,
    Figure.CLOSED: lambda record, period: record.closed_at in period,
    Figure.OPEN: lambda record, period: record.closed_at is None or record.closed_at >= period.end,
    Figure.DUPLICATE: lambda record, period: (
        record.ground == ClosingGround.DUPLICATE and record.closed_at in period
    ),
    Figure.WITHDRAWN: lambda record, period: (
        record.ground == ClosingGround.WITHDRAWN and record.closed_at in period
    ),
    Figure.OUT_OF_SCOPE: lambda record, period: record.out_of_scope_at in period,
    Figure.STOPPED: lambda record, period: (
        record.resolve_state == ClockState.STOPPED
        and record.closed_at in period
        and record.ground != ClosingGround.OUT_OF_SCOPE
        and not record.is_left_out
    ),
    Figure.LEFT_OUT: lambda record, period: (
        record.is_left_out and (_judged(record.acknowledgement, period) or _judged(record.resolution, period))
    ),
}


def figures_of(record: Record, period: Period) -> frozenset[Figure]:
    """Return the figures of the period that count a ticket."""
    return frozenset(figure for figure, counts in _COUNTS.items() if counts(record, period))
