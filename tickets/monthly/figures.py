"""The figures of a contract's month as plain data, from the ledgers replayed to one instant: the body of its report.

Codes, whole numbers and instants only: words are put on them when they are shown. Durations are microseconds of
business time, instants ISO 8601 in UTC, days local dates of the contract's time zone.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sla.compliance import Rate, times_of
from sla.document import instant
from sla.models import Contract
from sla.policy import SEVERITIES as BY_RANK
from tickets.breachfile.missed import late_by
from tickets.models import Judged
from tickets.monthly.happenings import happenings_of
from tickets.monthly.replaying import Told, tell
from tickets.monthly.since import since_of
from tickets.reports.counting import AGES, CLOCKS, Figure, counts, is_aged, is_refusal, judged_at
from tickets.reports.days import Days
from tickets.reports.months import Month
from tickets.words import Promise

JSON = dict[str, Any]

APART = (Figure.DUPLICATE, Figure.WITHDRAWN, Figure.OUT_OF_SCOPE, Figure.STOPPED, Figure.LEFT_OUT)
PAUSES = (Figure.PAUSED_QUESTION, Figure.PAUSED_DELIVERY, Figure.PAUSED_OUT_OF_SCOPE)
DONE = {"acknowledge": Figure.ACKNOWLEDGED, "resolve": Figure.RESOLVED}


def body_of(contract: Contract, month: Month, at: datetime) -> JSON:
    """Return the figures and the tickets of a contract's month, as its ledgers said at `at`, an aware instant."""
    days = Days.of_month(month)
    since = Days.of_month(days.trend[0]).starts_at
    told = tell(contract, since, days.ends_at, at)
    of_month = [each for each in told if _is_of_month(each, days)]
    trend = [_of_month_past(told, each, at) for each in days.trend]
    return {
        "month": str(month),
        "figures_at": instant(at),
        "figures": {
            "flow": _flow(of_month, days, at),
            "commitments": _commitments(of_month, days, at),
            "totals": {clock: _kept(of_month, clock, days, at) for clock in CLOCKS},
            "apart": {figure.value: _number(of_month, figure, days, at) for figure in APART},
            "pauses": {figure.value: _sum(of_month, figure, days, at) for figure in PAUSES},
            "trend": trend,
            **happenings_of(of_month, days, at),
        },
        "since": since_of(contract, month, told, trend, at),
        "breaches": _breaches(of_month, days, at),
        "tickets": [_ticket(each, days, at) for each in of_month],
    }


def _is_of_month(told: Told, days: Days) -> bool:
    closed = told.outcome["closed_on"]
    return closed is None or closed >= days.first


def _number(told: Iterable[Told], figure: Figure, days: Days, at: datetime) -> int:
    return sum(counts(figure, each.outcome, days, at) for each in told)


def _sum(told: Iterable[Told], figure: Figure, days: Days, at: datetime) -> int:
    return sum(each.outcome[figure.value] for each in told if counts(figure, each.outcome, days, at))


def _flow(told: Sequence[Told], days: Days, at: datetime) -> JSON:
    """What came in, went out, and stood at both ends of the month, by severity and by age."""
    before = Days(days.first - timedelta(days=1), days.first - timedelta(days=1))
    still = [each for each in told if counts(Figure.OPEN, each.outcome, days, at)]
    return {
        "open_before": _number(told, Figure.OPEN, before, at),
        "received": _number(told, Figure.RECEIVED, days, at),
        "follow_up": _number(told, Figure.FOLLOW_UP, days, at),
        "closed": _number(told, Figure.CLOSED, days, at),
        "refused": sum(is_refusal(fact, days) for each in told for fact in each.state.facts),
        "open_after": len(still),
        "by_severity": [
            {
                "severity": str(BY_RANK[rank]),
                "received": _number(of_rank, Figure.RECEIVED, days, at),
                "closed": _number(of_rank, Figure.CLOSED, days, at),
                "ages": [
                    sum(is_aged(index, each.outcome, days.last) for each in of_rank if each in still)
                    for index in range(len(AGES))
                ],
            }
            for rank in reversed(range(len(BY_RANK)))
            for of_rank in [[each for each in told if each.outcome["rank"] == rank]]
        ],
    }


def _commitments(told: Sequence[Told], days: Days, at: datetime) -> list[JSON]:
    """One line a policy version, severity and promise: a change of policy within the month shows both."""
    lines = []
    versions = sorted({each.state.versions[1] for each in told}, key=lambda key: _published(told, key))
    for version in versions:
        under = [each for each in told if each.state.versions[1] == version]
        policy = under[0].rules.policy
        for rank in reversed(range(len(BY_RANK))):
            severity = BY_RANK[rank]
            of_rank = [each for each in under if each.outcome["rank"] == rank]
            for clock in CLOCKS:
                target = policy.acknowledge(severity) if clock == "acknowledge" else policy.resolve(severity)
                lines.append(
                    {
                        "policy": str(version),
                        "severity": str(severity),
                        "promise": clock,
                        "target": target
                        and {"hours": target.microseconds and str(target.hours), "days": target.days},
                        **_kept(of_rank, clock, days, at),
                    }
                )
    return lines


def _published(told: Iterable[Told], version: Any) -> str:
    """Order versions by what the ticket first registered under them says."""
    return min(instant(each.state.facts[0].at) for each in told if each.state.versions[1] == version)


def _kept(told: Sequence[Told], clock: str, days: Days, at: datetime) -> JSON:
    """How a promise was kept: counts, then times, gross and net (K-12)."""
    met = _number(told, Figure(f"{clock}_met"), days, at)
    missed = _number(told, Figure(f"{clock}_missed"), days, at)
    done = [each for each in told if counts(DONE[clock], each.outcome, days, at)]
    return {
        "met": met,
        "missed": missed,
        "tenths": Rate(met, missed).tenths,
        "free": _number(told, Figure(f"{clock}_free"), days, at),
        "gross": _times(done, clock, lambda each: each.state.statement.resolve.gross),
        "net": _times(done, clock, lambda each: each.state.statement.resolve.net),
    }


def _times(done: Sequence[Told], clock: str, resolve: Callable[[Told], int]) -> JSON | None:
    read = resolve if clock == "resolve" else lambda each: each.outcome["acknowledge_time"]
    times = times_of(read(each) for each in done)
    if times is None:
        return None
    return {
        "count": times.count,
        "mean": times.mean,
        "median": times.median,
        "ninetieth": times.ninetieth,
        "worst": times.worst,
    }


def _of_month_past(told: Sequence[Told], month: Month, at: datetime) -> JSON:
    days = Days.of_month(month)
    return {
        "month": str(month),
        **{
            clock: {
                "met": _number(told, Figure(f"{clock}_met"), days, at),
                "missed": _number(told, Figure(f"{clock}_missed"), days, at),
            }
            for clock in CLOCKS
        },
        "received": _number(told, Figure.RECEIVED, days, at),
        "closed": _number(told, Figure.CLOSED, days, at),
    }


def _breaches(told: Iterable[Told], days: Days, at: datetime) -> list[JSON]:
    """The missed deadlines of the month, in the order of their deadlines."""
    found = []
    for each in told:
        for clock in CLOCKS:
            if counts(Figure(f"{clock}_missed"), each.outcome, days, at):
                due, done = each.due_and_done(clock)
                statement = each.delays(at).statement
                late = late_by(statement.acknowledge if clock == Promise.ACKNOWLEDGE else statement.resolve)
                found.append(
                    {
                        "ticket": each.ticket.pk,
                        "promise": clock,
                        "due": due and instant(due),
                        "done": done and instant(done),
                        "late": late,
                    }
                )
    return sorted(found, key=lambda breach: (breach["due"] or "", breach["ticket"], breach["promise"]))


def _ticket(told: Told, days: Days, at: datetime) -> JSON:
    """One line of the annex: what it is, and how each promise stands."""
    outcome, life = told.outcome, told.state.life
    return {
        "number": told.ticket.pk,
        "severity": str(BY_RANK[outcome["rank"]]),
        "received_at": instant(told.state.facts[0].at),
        "closed_at": life.closed_at and instant(life.closed_at),
        "state": str(life.state),
        "ground": outcome["ground"],
        "policy": str(told.state.versions[1]),
        "calendar": str(told.state.versions[0]),
        **{clock: _promise(told, clock, days, at) for clock in CLOCKS},
    }


def _promise(told: Told, clock: str, days: Days, at: datetime) -> JSON:
    due, done = told.due_and_done(clock)
    outcome = told.outcome
    judged = judged_at(outcome, clock, at)
    times = (
        (outcome["acknowledge_time"], outcome["acknowledge_time"])
        if clock == "acknowledge"
        else (outcome["resolve_gross"], outcome["resolve_net"])
    )
    return {
        "judged": {Judged.MET: "met", Judged.MISSED: "missed"}.get(judged, str(_clock_state(told, clock))),
        "counted": counts(Figure(clock), outcome, days, at),
        "due": due and instant(due),
        "done": done and instant(done),
        "gross": times[0],
        "net": times[1],
    }


def _clock_state(told: Told, clock: str) -> str:
    statement = told.state.statement
    return statement.acknowledge.state if clock == "acknowledge" else statement.resolve.state
