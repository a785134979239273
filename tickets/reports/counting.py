"""Every figure of the reports, defined once: which outcomes it counts, in the database and in memory alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from tickets.life import Fact
from tickets.models import BreachFinding, Judged, LedgerEntry
from tickets.reports.days import Days
from tickets.words import Attribution, ClosingGround, EntryKind


class Figure(TextChoices):
    """Every figure of the reports; labels say which tickets are behind it."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledgements judged")
    ACKNOWLEDGE_MET = "acknowledge_met", _("Acknowledgements in time")
    ACKNOWLEDGE_MISSED = "acknowledge_missed", _("Acknowledgements missed")
    ACKNOWLEDGE_FREE = "acknowledge_free", _("Acknowledged without a commitment")
    RESOLVE = "resolve", _("Resolutions judged")
    RESOLVE_MET = "resolve_met", _("Resolutions in time")
    RESOLVE_MISSED = "resolve_missed", _("Resolutions missed")
    RESOLVE_FREE = "resolve_free", _("Resolved without a commitment")
    ACKNOWLEDGE_EXCLUDED = "acknowledge_excluded", _("Acknowledgements missed, excluded by name")
    RESOLVE_EXCLUDED = "resolve_excluded", _("Resolutions missed, excluded by name")
    ACKNOWLEDGED = "acknowledged", _("Tickets acknowledged")
    RESOLVED = "resolved", _("Tickets resolved")
    RECEIVED = "received", _("Tickets received")
    FOLLOW_UP = "follow_up", _("Follow-ups of a closed ticket")
    REFUSED = "refused", _("Deliveries refused")
    CLOSED = "closed", _("Tickets closed")
    OPEN = "open", _("Open at the end of the period")
    OPEN_NOW = "open_now", _("Open now")
    DUPLICATE = "duplicate", _("Closed as duplicates")
    WITHDRAWN = "withdrawn", _("Withdrawn by the client")
    OUT_OF_SCOPE = "out_of_scope", _("Classed out of scope")
    STOPPED = "stopped", _("Closed without a resolution to judge")
    LEFT_OUT = "left_out", _("Duplicates and withdrawals judged, left out of the rates")
    PAUSED_QUESTION = "paused_question", _("Resolved after waiting for an answer")
    PAUSED_DELIVERY = "paused_delivery", _("Resolved after a delivery under test")
    PAUSED_OUT_OF_SCOPE = "paused_out_of_scope", _("Resolved after being out of scope")
    TIME_NEW = "time_new", _("Closed, having waited to be acknowledged")
    TIME_IN_PROGRESS = "time_in_progress", _("Closed, having been in progress")
    TIME_WAITING_CLIENT = "time_waiting_client", _("Closed, having waited for the client")
    TIME_UNDER_TEST = "time_under_test", _("Closed, having been under test")
    TIME_ACCEPTED = "time_accepted", _("Closed, having waited for the production declaration")
    TIME_OUT_OF_SCOPE = "time_out_of_scope", _("Closed, having been out of scope")


CLOCKS = ("acknowledge", "resolve")
MONTH_RULE = _(
    "An acknowledgement or a resolution counts in the month of its deadline or of its fulfilment, whichever comes "
    "first; a ticket open over the end of the month and not yet due, or whose clock is paused, is in neither. What has "
    "no commitment is in no rate. Duplicates, withdrawals and what is out of scope are listed apart."
)
AGES: tuple[tuple[int, int | None], ...] = ((0, 7), (8, 30), (31, 90), (91, None))  # days since the reception


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure counts: the day that must be in the period, and what must hold of the outcome."""

    day: str
    clock: str = ""
    judged: frozenset[Judged] = frozenset()  # MISSED takes in what runs past its deadline
    rated: bool | None = None
    equals: Mapping[str, Any] = field(default_factory=dict)
    positive: str = ""

    def condition(self, days: Days, at: datetime) -> Q:
        """Return the condition in the database, judged live at `at`."""
        found = Q(**{f"{self.day}__range": (days.first, days.last)}, **self.equals)
        if self.rated is not None:
            found &= Q(is_rated=self.rated)
        if self.positive:
            found &= Q(**{f"{self.positive}__gt": 0})
        return found & self._judged(at) if self.clock else found

    def counts(self, outcome: Mapping[str, Any], days: Days, at: datetime) -> bool:
        """Tell the same of an outcome in memory."""
        return (
            outcome[self.day] in days
            and all(outcome[name] == value for name, value in self.equals.items())
            and (self.rated is None or outcome["is_rated"] == self.rated)
            and (not self.positive or outcome[self.positive] > 0)
            and (not self.clock or judged_at(outcome, self.clock, at) in self.judged)
        )

    def _judged(self, at: datetime) -> Q:
        found = Q(**{f"{self.clock}_judged__in": sorted(self.judged)})
        if Judged.MISSED in self.judged:
            found |= Q(**{f"{self.clock}_judged": Judged.PENDING, f"{self.clock}_due_at__lt": at})
        return found


def judged_at(outcome: Mapping[str, Any], clock: str, at: datetime) -> Judged:
    """Return how a promise stands at `at`: exactly at its deadline, it is not missed (K-14)."""
    judged = Judged(outcome[f"{clock}_judged"])
    if judged == Judged.PENDING and outcome[f"{clock}_due_at"] < at:
        return Judged.MISSED
    return judged


def _of_clock(clock: str, *judged: Judged) -> Definition:
    return Definition(f"{clock}_on", clock, frozenset(judged), rated=True)


def _free(clock: str, day: str) -> Definition:
    return Definition(day, clock, frozenset({Judged.FREE}), rated=True)


DEFINITIONS: dict[Figure, Definition] = {
    **{Figure(clock): _of_clock(clock, Judged.MET, Judged.MISSED) for clock in CLOCKS},
    **{Figure(f"{clock}_met"): _of_clock(clock, Judged.MET) for clock in CLOCKS},
    **{Figure(f"{clock}_missed"): _of_clock(clock, Judged.MISSED) for clock in CLOCKS},
    Figure.ACKNOWLEDGE_FREE: _free("acknowledge", "acknowledged_on"),
    Figure.RESOLVE_FREE: _free("resolve", "resolved_on"),
    Figure.ACKNOWLEDGED: Definition("acknowledged_on", rated=True),
    Figure.RESOLVED: Definition("resolved_on", rated=True),
    Figure.RECEIVED: Definition("received_on"),
    Figure.FOLLOW_UP: Definition("received_on", equals={"is_follow_up": True}),
    Figure.CLOSED: Definition("closed_on"),
    Figure.DUPLICATE: Definition("closed_on", equals={"ground": ClosingGround.DUPLICATE}),
    Figure.WITHDRAWN: Definition("closed_on", equals={"ground": ClosingGround.WITHDRAWN}),
    Figure.OUT_OF_SCOPE: Definition("classed_on"),
    Figure.STOPPED: Definition("closed_on", equals={"is_stopped": True}),
    **{
        Figure(name): Definition("resolved_on", rated=True, positive=name)
        for name in ("paused_question", "paused_delivery", "paused_out_of_scope")
    },
    **{
        figure: Definition("closed_on", positive=figure.value)
        for figure in Figure
        if figure.value.startswith("time_")
    },
}
EXCLUDED = {Figure(f"{clock}_excluded"): clock for clock in CLOCKS}
OF_OTHER_ROWS = {Figure.REFUSED, *EXCLUDED}
_LEFT_OUT = [
    Definition(f"{clock}_on", clock, frozenset({Judged.MET, Judged.MISSED}), rated=False) for clock in CLOCKS
]


def condition_of(figure: Figure, days: Days, at: datetime) -> Q | Exists:
    """Return the condition, on outcomes, of the tickets behind a figure judged live at `at`."""
    if figure in DEFINITIONS:
        return DEFINITIONS[figure].condition(days, at)
    if figure == Figure.LEFT_OUT:
        return _LEFT_OUT[0].condition(days, at) | _LEFT_OUT[1].condition(days, at)
    if figure == Figure.OPEN_NOW:
        return Q(closed_on__isnull=True)
    if figure in EXCLUDED:
        clock = EXCLUDED[figure]
        finding = BreachFinding.objects.standing().filter(
            ticket=OuterRef("ticket"), promise=clock, attribution=Attribution.EXCLUDED
        )
        return Q(Exists(finding)) & DEFINITIONS[Figure(f"{clock}_missed")].condition(days, at)
    if figure == Figure.REFUSED:
        return Exists(refusals(days).filter(ticket=OuterRef("ticket")))
    return Q(received_on__lte=days.last) & (Q(closed_on__isnull=True) | Q(closed_on__gt=days.last))


def counts(figure: Figure, outcome: Mapping[str, Any], days: Days, at: datetime) -> bool:
    """Tell whether a figure counts an outcome in memory; `ValueError` for one counted of other rows than outcomes."""
    if figure in OF_OTHER_ROWS:
        raise ValueError(figure)
    if figure in DEFINITIONS:
        return DEFINITIONS[figure].counts(outcome, days, at)
    if figure == Figure.LEFT_OUT:
        return any(each.counts(outcome, days, at) for each in _LEFT_OUT)
    closed: date | None = outcome["closed_on"]
    if figure == Figure.OPEN_NOW:
        return closed is None
    return outcome["received_on"] <= days.last and (closed is None or closed > days.last)


def refusals(days: Days) -> Any:
    """Return the facts of a period by which a client refused a delivery."""
    return LedgerEntry.objects.filter(
        kind=EntryKind.REJECTED, occurred_at__gte=days.starts_at, occurred_at__lt=days.ends_at
    )


def is_refusal(fact: Fact, days: Days) -> bool:
    """Tell whether a fact is one of the `refusals` of a period."""
    return fact.kind == EntryKind.REJECTED and days.starts_at <= fact.at < days.ends_at


def aged(index: int, today: date) -> Q:
    """Return the condition of an age of the backlog (by its place in `AGES`) on `today`, a local date."""
    youngest, oldest = AGES[index]
    found = Q(received_on__lte=today - timedelta(days=youngest)) if youngest else Q()
    return found if oldest is None else found & Q(received_on__gte=today - timedelta(days=oldest))


def is_aged(index: int, outcome: Mapping[str, Any], today: date) -> bool:
    """Tell whether an outcome in memory has an age of the backlog on `today`, a local date."""
    youngest, oldest = AGES[index]
    age = (today - outcome["received_on"]).days
    return age >= youngest and (oldest is None or age <= oldest)
