"""What happened in a month beside its promises: requalifications, contests, tacit closings, scope, deliveries."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from sla.document import instant
from tickets.life import Fact, replay
from tickets.monthly.replaying import Told
from tickets.reports.counting import Figure, counts
from tickets.reports.days import Days
from tickets.words import ClosingGround, DeliveryKind, EntryKind, State

JSON = dict[str, Any]


def happenings_of(told: Iterable[Told], days: Days, at: datetime) -> JSON:
    """Return each list of facts, in the order of the tickets' numbers, then of time."""
    known = list(told)
    return {
        "waiting": [_waiting(each) for each in known if _state_at(each, days) == State.WAITING_CLIENT],
        "requalified": _facts(known, days, _requalified, EntryKind.SEVERITY),
        "contested": _facts(known, days, _contested, EntryKind.CONTESTED, EntryKind.SETTLED),
        "tacit": _facts(known, days, _tacit, EntryKind.CLOSED),
        "follow_ups": [
            {"ticket": each.ticket.pk, "of": each.ticket.follow_up_of_id}
            for each in known
            if counts(Figure.FOLLOW_UP, each.outcome, days, at)
        ],
        "out_of_scope": _facts(known, days, _classed, EntryKind.OUT_OF_SCOPE, EntryKind.IN_SCOPE),
        "quotes": _facts(known, days, _quote_step, *QUOTE_STEPS),
        "deliveries": [line for each in known for line in _deliveries(each, days)],
        "workarounds": [line for each in known for line in _workarounds(each, days)],
    }


def _facts(
    told: Iterable[Told], days: Days, say: Callable[[Told, Fact], JSON | None], *kinds: EntryKind
) -> list[JSON]:
    found = []
    for each in told:
        for fact in each.state.facts:
            if fact.kind in kinds and days.starts_at <= fact.at < days.ends_at:
                line = say(each, fact)
                if line is not None:
                    found.append({"ticket": each.ticket.pk, "at": instant(fact.at), **line})
    return found


def _state_at(told: Told, days: Days) -> State | None:
    """Return where a ticket stood when the month ended; None for one that had not come in."""
    facts = [fact for fact in told.state.facts if fact.at < days.ends_at]
    return replay(facts).state if facts else None


def _waiting(told: Told) -> JSON:
    asked = [fact.at for fact in told.state.facts if fact.kind == EntryKind.QUESTION]
    return {"ticket": told.ticket.pk, "since": instant(asked[-1])}


def _requalified(told: Told, fact: Fact) -> JSON:
    before = replay(each for each in told.state.facts if each.seq < fact.seq).severity
    return {
        "from": before and str(before),
        "to": str(fact.data["to"]),
        "motive": str(fact.data.get("motive", "")),
    }


def _contested(told: Told, fact: Fact) -> JSON:
    is_settled = fact.kind == EntryKind.SETTLED
    return {
        "subject": str(fact.data["subject"]),
        "settled": is_settled,
        "upheld": bool(fact.data.get("upheld")) if is_settled else None,
    }


def _tacit(told: Told, fact: Fact) -> JSON | None:
    ground = fact.data["ground"]
    return (
        {"ground": str(ground)} if ground in {ClosingGround.TACIT, ClosingGround.TACIT_PRODUCTION} else None
    )


def _classed(told: Told, fact: Fact) -> JSON:
    return {"back": fact.kind == EntryKind.IN_SCOPE, "ground": str(fact.data.get("ground", ""))}


QUOTE_STEPS = (
    EntryKind.WORK_REQUESTED, EntryKind.STUDIED, EntryKind.QUOTED, EntryKind.QUOTE_ACCEPTED, EntryKind.QUOTE_REFUSED,
    EntryKind.QUOTE_EXPIRED, EntryKind.QUOTE_WITHDRAWN, EntryKind.WORK_CANCELLED, EntryKind.WORK_DONE,
)  # fmt: skip


def _quote_step(told: Told, fact: Fact) -> JSON:
    """Say a step of paid work: which, and of which quote, with its amount without tax (C-OUT-4)."""
    return {
        "step": str(fact.kind),
        "feasible": fact.data.get("feasible"),
        "number": fact.data.get("number"),
        "net": fact.data.get("net"),
    }


def _deliveries(told: Told, days: Days) -> Iterator[JSON]:
    """Yield the deliveries of the month and what became of each by the instant of the figures."""
    facts = told.state.facts
    for position, fact in enumerate(facts):
        if fact.kind == EntryKind.DELIVERED and days.starts_at <= fact.at < days.ends_at:
            yield {
                "ticket": told.ticket.pk,
                "at": instant(fact.at),
                "what": str(fact.data["what"]),
                "verdict": _verdict(facts[position + 1 :]),
            }


def _verdict(after: Iterable[Fact]) -> str:
    for fact in after:
        if fact.kind == EntryKind.DELIVERED:
            return "replaced"
        if fact.kind == EntryKind.REJECTED:
            return "refused"
        if fact.kind == EntryKind.ACCEPTED:
            return "accepted" if fact.data.get("lasting", True) else "provisional"
        if fact.kind == EntryKind.CLOSED:
            return "closed"
    return "under_test"


def _workarounds(told: Told, days: Days) -> Iterator[JSON]:
    """Yield the workaround that an open ticket still lives with when the month ended (C-WKA-1)."""
    facts = [fact for fact in told.state.facts if fact.at < days.ends_at]
    if not facts or replay(facts).closed_at:
        return
    delivered = [position for position, fact in enumerate(facts) if fact.kind == EntryKind.DELIVERED]
    if delivered and facts[delivered[-1]].data["what"] == DeliveryKind.WORKAROUND:
        verdict = _verdict(facts[delivered[-1] + 1 :])
        if verdict != "refused":
            yield {"ticket": told.ticket.pk, "since": instant(facts[delivered[-1]].at), "verdict": verdict}
