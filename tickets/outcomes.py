"""What reports count of a ticket, as its facts alone determine it: its `Outcome` row, an index of the ledger."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.conf import settings

from sla.calendar import BusinessCalendar
from sla.clock import Clock, ClockState, PauseCause, Statement
from sla.policy import RANKS
from sla.segments import PAUSED
from tickets.life import Fact, Life
from tickets.models import Judged, Outcome
from tickets.words import GROUNDS_LEFT_OUT_OF_RATES, ClosingGround, EntryKind, State

OUTCOME = tuple(field.attname for field in Outcome._meta.concrete_fields if not field.primary_key)  # noqa: SLF001
# What the outcome takes of the ticket's row rather than of its ledger.
PARTIES = ("client_id", "contract_id", "solution_id", "follow_up_of_id")
TIMES = {state: f"time_{state.value}" for state in State if state != State.CLOSED}
PAUSES = {
    cause: f"paused_{'delivery' if cause == PauseCause.DELIVERY else cause.value}" for cause in PauseCause
}


def outcome_of(
    ticket: Any, facts: Sequence[Fact], life: Life, statement: Statement, calendar: BusinessCalendar
) -> dict[str, Any]:
    """Return the columns of a ticket's outcome at its last fact; `ticket` has the attributes of `PARTIES`."""
    if life.received_at is None or life.severity is None:
        raise ValueError("a ledger without a reception")
    ground = life.closing_ground or ""
    is_outside = life.out_of_scope is not None or ground == ClosingGround.OUT_OF_SCOPE
    is_rated = ground not in GROUNDS_LEFT_OUT_OF_RATES
    received = life.received_at.astimezone(settings.SUPPORT_ZONE)
    acknowledge, resolve = statement.acknowledge, statement.resolve
    return {
        "client_id": ticket.client_id,
        "contract_id": ticket.contract_id,
        "solution_id": ticket.solution_id,
        "owner_id": life.owner,
        "rank": RANKS[life.severity],
        "is_rated": is_rated,
        "is_follow_up": ticket.follow_up_of_id is not None,
        "ground": ground,
        "received_on": received.date(),
        "received_hour": received.hour,
        **_judged("acknowledge", acknowledge, life.acknowledged_at),
        "acknowledged_on": _day(life.acknowledged_at),
        "acknowledge_time": calendar.between(life.received_at, life.acknowledged_at)
        if life.acknowledged_at
        else None,
        **_judged("resolve", resolve, resolve.done),
        "resolved_on": _day(resolve.done),
        "resolve_gross": resolve.gross if resolve.done else None,
        "resolve_net": resolve.net if resolve.done else None,
        **_pauses(statement, calendar),
        "classed_on": _day(_classed_at(facts, life)) if is_outside else None,
        "closed_on": _day(life.closed_at),
        "is_stopped": bool(
            life.closed_at and resolve.state == ClockState.STOPPED and is_rated and not is_outside
        ),
        **_times(facts, calendar, is_over=life.closed_at is not None),
    }


def _judged(name: str, clock: Clock, done: datetime | None) -> dict[str, Any]:
    """Say how a promise stands, and on which day it counts: its deadline or its fulfilment, whichever first."""
    due = clock.due
    if due is not None and clock.state in {ClockState.MET, ClockState.MISSED}:
        judged = Judged.MET if clock.state == ClockState.MET else Judged.MISSED
        return _columns(name, judged, due if done is None else min(due, done), None)
    if due is not None and clock.state == ClockState.RUNNING:
        return _columns(name, Judged.PENDING, due, due)
    is_free = clock.state == ClockState.NONE and done is not None
    return _columns(name, Judged.FREE if is_free else Judged.NOTHING, None, None)


def _columns(name: str, judged: Judged, at: datetime | None, due: datetime | None) -> dict[str, Any]:
    return {f"{name}_judged": judged, f"{name}_on": _day(at), f"{name}_due_at": due}


def _day(at: datetime | None) -> date | None:
    return at.astimezone(settings.SUPPORT_ZONE).date() if at else None


def _classed_at(facts: Sequence[Fact], life: Life) -> datetime | None:
    """Return when the ticket was last classed out of scope; its closing, for one closed so without being classed."""
    classed = [fact.at for fact in facts if fact.kind == EntryKind.OUT_OF_SCOPE]
    return classed[-1] if classed else life.closed_at


def _pauses(statement: Statement, calendar: BusinessCalendar) -> dict[str, int]:
    """Return the business time paused until the resolution by cause; together they are gross less net (K-12).

    Where causes overlap, the time goes to the first in the order in which the delay statement shows them.
    """
    times = dict.fromkeys(PAUSES.values(), 0)
    for cause, start, end in pauses_until_done(statement):
        times[PAUSES[cause]] += calendar.between(start, end)
    return times


def pauses_until_done(statement: Statement) -> Iterator[tuple[PauseCause, datetime, datetime]]:
    """Yield the stretches of time paused before the resolution, none twice; nothing for one that is not resolved."""
    done = statement.resolve.done
    if done is None:
        return
    waits = [
        (pause, min(pause.ended_at or done, done)) for pause in statement.pauses if pause.started_at < done
    ]
    cuts = sorted({instant for pause, end in waits for instant in (pause.started_at, end)})
    for start, end in pairwise(cuts):
        causes = {pause.cause for pause, last in waits if pause.started_at <= start and end <= last}
        cause = next((each for each in PAUSED if each in causes), None)
        if cause is not None:
            yield cause, start, end


def _times(facts: Sequence[Fact], calendar: BusinessCalendar, *, is_over: bool) -> dict[str, int]:
    """Return the business time spent in each state over a life that is over; zeros for one that goes on."""
    times = dict.fromkeys(TIMES.values(), 0)
    if not is_over:
        return times
    life = Life()
    for fact, following in pairwise(facts):
        life.after(fact)
        if life.state != State.CLOSED:
            times[TIMES[life.state]] += calendar.between(fact.at, following.at)
    return times


def write_outcome(number: int, columns: dict[str, Any]) -> None:
    """Write the outcome of the ticket of this number, in one statement."""
    Outcome.objects.bulk_create(
        [Outcome(ticket_id=number, **columns)],
        update_conflicts=True,
        unique_fields=["ticket"],
        update_fields=[name.removesuffix("_id") for name in OUTCOME],
    )


def outcomes_between(first: int, last: int) -> dict[int, dict[str, Any]]:
    """Return the outcomes of the tickets numbered from `first` to `last`: one query, no models."""
    rows = Outcome.objects.filter(ticket_id__gte=first, ticket_id__lte=last).order_by()
    return {
        number: dict(zip(OUTCOME, row, strict=True))
        for number, *row in rows.values_list("ticket_id", *OUTCOME)
    }
