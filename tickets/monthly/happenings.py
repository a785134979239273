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

VERDICTS = {EntryKind.ACCEPTED, EntryKind.REJECTED}


def happenings_of(told: Iterable[Told], days: Days, at: datetime) -> JSON:
    """Return each list of facts, in the order of the tickets' numbers, then of time."""
    known = list(told)
    return {
        "waiting": [line for each in known for line in _waiting(each, days)],
        "under_test": [line for each in known for line in _under_test(each, days)],
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


def _by_the_end(told: Told, days: Days) -> list[Fact]:
    """Return what had happened when the month ended: nothing for a ticket that had not come in."""
    return [fact for fact in told.state.facts if fact.at < days.ends_at]


def _waiting(told: Told, days: Days) -> Iterator[JSON]:
    """Yield since when an answer is waited for: a further question belongs to the same wait (K-7)."""
    facts = _by_the_end(told, days)
    life = replay(facts)
    if life.state == State.WAITING_CLIENT:
        [asked] = [fact.at for fact in facts if fact.seq == life.question]
        yield {"ticket": told.ticket.pk, "since": instant(asked)}


def _under_test(told: Told, days: Days) -> Iterator[JSON]:
    """Yield since when a verdict is waited for: a delivery that replaces another does not break the wait (K-7)."""
    facts = _by_the_end(told, days)
    if replay(facts).state == State.UNDER_TEST:
        judged = [place for place, fact in enumerate(facts, 1) if fact.kind in VERDICTS]
        delivered = [fact.at for fact in facts[max(judged, default=0) :] if fact.kind == EntryKind.DELIVERED]
        yield {"ticket": told.ticket.pk, "since": instant(delivered[0])}


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
    """Yield the workaround that an open ticket still lives with when the month ended (C-WKA-1).

    It is the last that the client did not refuse, until a fix is accepted: one delivered, or refused, ends nothing.
    """
    facts = _by_the_end(told, days)
    if not facts or replay(facts).closed_at:
        return
    for position in reversed(range(len(facts))):
        fact = facts[position]
        if fact.kind == EntryKind.DELIVERED:
            verdict, is_fix = _verdict(facts[position + 1 :]), fact.data["what"] == DeliveryKind.FIX
            if is_fix and verdict == "accepted":
                return
            if not is_fix and verdict != "refused":
                yield {"ticket": told.ticket.pk, "since": instant(fact.at), "verdict": verdict}
                return
