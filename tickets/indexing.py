"""The index of the ledger: a ticket's columns and pending effects, as the facts alone determine them."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist

from sla.clock import ClockState, Statement
from tickets.clocks import Rules, closes_at, rules_under, statement_after, versions_of
from tickets.ledger import EntryRow, facts_stated
from tickets.life import Fact, Life, replay
from tickets.models import Effect, Ticket
from tickets.outcomes import outcome_of, write_outcome
from tickets.place import place_of
from tickets.timetable import upcoming


@dataclass(frozen=True, slots=True)
class Replayed:
    """A ticket's facts and what they amount to once the last of them has happened."""

    facts: Sequence[Fact]
    life: Life
    statement: Statement
    rules: Rules
    versions: tuple[uuid.UUID, uuid.UUID]  # of the calendar, of the policy


def replayed(ticket: Ticket, facts: Sequence[Fact]) -> Replayed:
    """Replay the facts of a ticket (at least one) under the versions that they say bind it (C-CAL-3)."""
    life = replay(facts)
    versions = versions_of(life, ticket)
    rules = rules_under(*versions)
    return Replayed(facts, life, statement_after(facts, rules), rules, versions)


# The columns of `Ticket` that index the ledger.
INDEX = (
    "calendar_version_id", "policy_version_id", "owner_id", "received_at",
    "severity_claimed", "severity_retained", "severity", "state", "turn",
    "acknowledge_state", "acknowledge_due_at", "acknowledged_at",
    "resolve_state", "resolve_due_at", "resolve_left", "resolved_at", "resolve_net", "resolve_gross",
    "next_due_at", "queue_rank", "queue_place", "closes_at", "closed_at", "closing_ground", "is_contested",
    "work_stage", "work_requested_at", "work_expires_at", "last_seq", "last_entry_at",
)  # fmt: skip


def index_of(state: Replayed) -> dict[str, Any]:
    """Return what the columns of `INDEX` should say."""
    life, acknowledge, resolve = state.life, state.statement.acknowledge, state.statement.resolve
    running = [
        clock.due
        for clock in (acknowledge, resolve)
        if clock.done is None and clock.due is not None and not life.closed_at
    ]
    next_due_at = min(running, default=None)
    left = resolve.left if resolve.state == ClockState.PAUSED else None
    rank, place = place_of(
        state.rules.calendar,
        received_at=life.received_at or state.facts[0].at,
        due=next_due_at,
        left=left,
        closed_at=life.closed_at,
    )
    return {
        "calendar_version_id": state.versions[0],
        "policy_version_id": state.versions[1],
        "owner_id": life.owner,
        "received_at": life.received_at,
        "severity_claimed": life.claimed,
        "severity_retained": life.retained,
        "severity": life.severity,
        "state": life.state,
        "turn": life.turn,
        "acknowledge_state": acknowledge.state,
        "acknowledge_due_at": acknowledge.due,
        "acknowledged_at": life.acknowledged_at,
        "resolve_state": resolve.state,
        "resolve_due_at": resolve.due,
        "resolve_left": left,
        "resolved_at": resolve.done,
        "resolve_net": resolve.net,
        "resolve_gross": resolve.gross,
        "next_due_at": next_due_at,
        "queue_rank": rank,
        "queue_place": place,
        "closes_at": closes_at(life, state.rules),
        "closed_at": life.closed_at,
        "closing_ground": life.closing_ground or "",
        "is_contested": bool(life.contests),
        "work_stage": life.work.stage if life.work else "",
        "work_requested_at": life.work.requested_at if life.work else None,
        "work_expires_at": life.work.ends_at if life.work else None,
        "last_seq": life.last_seq,
        "last_entry_at": life.last_at,
    }


def show(ticket: Ticket, state: Replayed) -> dict[str, Any]:
    """Give the ticket in hand the columns that its ledger amounts to; return those that changed, not written yet."""
    changed = {name: value for name, value in index_of(state).items() if getattr(ticket, name) != value}
    for name, value in changed.items():
        setattr(ticket, name, value)
    return changed


def write_index(ticket: Ticket, state: Replayed, *, is_new: bool = False) -> None:
    """Bring a locked ticket's columns and pending effects to what the ledger says; a new one has no effects yet.

    The ticket in hand is as its row is: what does not change is not written.
    """
    changed = show(ticket, state)
    if changed:
        Ticket.objects.filter(pk=ticket.pk).update(**changed)
    write_outcome(ticket.pk, counted(ticket, state))
    _write_effects(ticket, state, () if is_new else Effect.objects.filter(ticket=ticket))


def counted(ticket: Any, state: Replayed) -> dict[str, Any]:
    """Return what the ticket's outcome should say."""
    return outcome_of(ticket, state.facts, state.life, state.statement, state.rules.calendar)


def expected_effects(state: Replayed, done: set[str]) -> dict[str, tuple[Any, ...]]:
    """Return the pending effects that should exist: key → what its row should say."""
    return {
        due.key: (due.kind, due.due_at, due.needs_opening, due.data)
        for due in upcoming(state.life, state.statement, state.rules, done)
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """One point on which the index is not what the ledger amounts to."""

    name: str
    index: object
    ledger: object


class BrokenLedger(Exception):
    """A ledger that no life of a ticket explains: empty, with a gap, or with facts that cannot follow."""


class EffectRow(NamedTuple):
    """What is compared of an effect."""

    key: str
    kind: str
    due_at: datetime
    needs_opening: bool
    data: dict[str, Any]
    done_at: datetime | None


def effects_between(first: int, last: int) -> dict[int, list[EffectRow]]:
    """Return the effects of the tickets numbered from `first` to `last`, by ticket: one query, no models."""
    found = defaultdict(list)
    rows = Effect.objects.filter(ticket_id__gte=first, ticket_id__lte=last).order_by()
    for number, *row in rows.values_list("ticket_id", *EffectRow._fields):
        found[number].append(EffectRow(*row))
    return found


def differences(
    ticket: Any, entries: list[EntryRow], effects: Iterable[EffectRow], outcome: Mapping[str, Any] | None
) -> list[Difference]:
    """Compare a ticket's columns, effects and outcome with its entries, in order; raise `BrokenLedger`.

    `ticket` is one, or a row that has its number, its index and its parties as attributes.
    """
    numbers = [row[0] for row in entries]
    if numbers != list(range(1, len(entries) + 1)) or not entries:
        raise BrokenLedger(f"entries {numbers} instead of 1, 2, 3…")
    try:
        state = replayed(ticket, facts_stated(entries))
    except (ValueError, KeyError, ObjectDoesNotExist) as error:
        raise BrokenLedger(f"{type(error).__name__}: {error}") from error
    found = [
        Difference(name, getattr(ticket, name), value)
        for name, value in index_of(state).items()
        if getattr(ticket, name) != value
    ]
    return [
        *found,
        *_outcome_differences(counted(ticket, state), outcome or {}),
        *_effect_differences(state, effects),
    ]


def _outcome_differences(expected: Mapping[str, Any], outcome: Mapping[str, Any]) -> Iterator[Difference]:
    for name, value in expected.items():
        if outcome.get(name, ...) != value:
            yield Difference(f"outcome {name}", outcome.get(name), value)


def _effect_differences(state: Replayed, effects: Iterable[EffectRow]) -> Iterator[Difference]:
    rows = list(effects)
    expected = expected_effects(state, {row.key for row in rows if row.done_at})
    pending = {
        row.key: (row.kind, row.due_at, row.needs_opening, row.data) for row in rows if row.done_at is None
    }
    for key in sorted(expected.keys() | pending.keys()):
        if pending.get(key) != expected.get(key):
            yield Difference(f"effect {key}", pending.get(key), expected.get(key))


def _write_effects(ticket: Ticket, state: Replayed, written: Iterable[Effect]) -> None:
    rows = {row.key: row for row in written}
    expected = expected_effects(state, {key for key, row in rows.items() if row.done_at})
    pending = {key: row for key, row in rows.items() if row.done_at is None}
    gone = [row.pk for key, row in pending.items() if key not in expected]
    if gone:
        Effect.objects.filter(pk__in=gone).delete()
    fresh, moved = [], []
    for key, (kind, due_at, needs_opening, data) in expected.items():
        row = pending.get(key)
        if row is None:
            row = Effect(client_id=ticket.client_id, ticket=ticket, key=key)
            fresh.append(row)
        elif (row.kind, row.due_at, row.needs_opening, row.data) != (kind, due_at, needs_opening, data):
            moved.append(row)
        row.kind, row.due_at, row.needs_opening, row.data = kind, due_at, needs_opening, data
    Effect.objects.bulk_create(fresh)
    Effect.objects.bulk_update(moved, ["kind", "due_at", "needs_opening", "data"])
