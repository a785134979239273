"""What the facts of a ticket amount to: a pure replay, in order, of its ledger (no ORM, no wall clock)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sla.breaches import KeptBreaches
from sla.clock import Event, EventKind
from sla.policy import Severity
from tickets.paid_work import ANSWERS, PaidWork, after_fact
from tickets.words import ClosingGround, ContestSubject, DeliveryKind, EntryKind, State, Turn


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the ledger, without the database; `at` is when it happened, an aware instant."""

    seq: int
    kind: EntryKind
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery under test, or the one accepted."""

    seq: int
    what: DeliveryKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The delay after which silence closes the ticket: counted from `since`, opened by the fact `seq`."""

    seq: int
    opened_at: datetime
    since: datetime
    days: int | None  # None: the policy's number of business days


@dataclass(slots=True)
class Life:
    """Where a ticket stands after its facts so far."""

    received_at: datetime | None = None
    calendar_version: str | None = None  # None: a ledger begun before it said so
    policy_version: str | None = None
    claimed: Severity | None = None
    retained: Severity | None = None
    acknowledged_at: datetime | None = None
    owner: int | None = None
    question: int | None = None
    delivery: Delivery | None = None
    resolved_by: Delivery | None = None
    window: Window | None = None
    suspended_window: Window | None = None
    time_requested: int | None = None
    accepted_at: datetime | None = None
    out_of_scope: str | None = None
    work: PaidWork | None = None
    warned_at: datetime | None = None
    contests: dict[ContestSubject, int] = field(default_factory=dict)
    closed_at: datetime | None = None
    closing_ground: ClosingGround | None = None
    deliveries_refused: int = 0
    last_seq: int = 0
    last_at: datetime | None = None

    @property
    def severity(self) -> Severity | None:
        """The severity that drives the clocks: the one retained, until then the one claimed (K-10)."""
        return self.retained or self.claimed

    @property
    def state(self) -> State:
        """The state, the first that applies."""
        if self.closed_at:
            return State.CLOSED
        if self.out_of_scope:
            return State.OUT_OF_SCOPE
        if self.accepted_at:
            return State.ACCEPTED
        if self.delivery:
            return State.UNDER_TEST
        if self.question:
            return State.WAITING_CLIENT
        return State.IN_PROGRESS if self.acknowledged_at else State.NEW

    @property
    def awaits_decision(self) -> bool:
        """Tell whether a manager owes the client a decision: silence closes nothing meanwhile."""
        return bool(self.contests) or self.time_requested is not None

    @property
    def closes_by_silence(self) -> bool:
        """Tell whether a countdown to the closing runs: never on a workaround (K-5, K-17, K-18)."""
        tests_workaround = self.delivery is not None and self.delivery.what == DeliveryKind.WORKAROUND
        awaited = self.state in {State.UNDER_TEST, State.ACCEPTED} and not tests_workaround
        return awaited and self.window is not None and not self.awaits_decision

    @property
    def turn(self) -> Turn:
        """Whose turn it is: an open contest or an answer during the test gives it back to the vendor."""
        if self.closed_at:
            return Turn.NOBODY
        if self.awaits_decision:
            return Turn.VENDOR
        if self.out_of_scope:
            return self.work.turn if self.work else Turn.NOBODY
        if self.question:
            return Turn.CLIENT
        if self.delivery or self.accepted_at:
            return Turn.CLIENT if self.window else Turn.VENDOR
        return Turn.VENDOR

    @property
    def work_under_way(self) -> bool:
        """Tell whether paid work is asked for, quoted or ordered, and not over (C-OUT-4)."""
        return self.work is not None and self.work.is_under_way

    def after(self, fact: Fact) -> "Life":
        """Add one fact and return this same life."""
        self.last_seq, self.last_at = fact.seq, fact.at
        step = _STEPS.get(fact.kind)
        if step:
            step(self, fact)
        return self

    def heard_from_client(self) -> None:
        """Note any message of the client: it cancels the countdown (K-5) and a warning before closing."""
        self.warned_at = None
        if self.delivery and self.window:
            self.suspended_window, self.window = self.window, None


def replay(facts: Iterable[Fact]) -> Life:
    """Return the life that the facts, in order, amount to."""
    life = Life()
    for fact in facts:
        life.after(fact)
    return life


def _received(life: Life, fact: Fact) -> None:
    life.received_at = fact.at
    life.claimed = Severity(fact.data["severity"])
    _under(life, fact)


def _under(life: Life, fact: Fact) -> None:
    """Note the versions that bind the ticket from its registration, or from a recompute on (C-CAL-3)."""
    life.calendar_version = fact.data.get("calendar_version", life.calendar_version)
    life.policy_version = fact.data.get("policy_version", life.policy_version)


def _acknowledged(life: Life, fact: Fact) -> None:
    life.acknowledged_at = fact.at


def _assigned(life: Life, fact: Fact) -> None:
    life.owner = fact.data["owner"]


def _question(life: Life, fact: Fact) -> None:
    # A further question during a wait belongs to the same wait (K-7).
    life.question = life.question or fact.seq


def _answer(life: Life, fact: Fact) -> None:
    life.question = None
    life.heard_from_client()


def _client_message(life: Life, fact: Fact) -> None:
    life.heard_from_client()


def _delivered(life: Life, fact: Fact) -> None:
    life.question = None
    life.delivery = Delivery(fact.seq, DeliveryKind(fact.data["what"]), fact.at)
    life.window = Window(fact.seq, fact.at, fact.at, None)
    life.suspended_window = life.time_requested = life.warned_at = None


def _verdict_asked(life: Life, fact: Fact) -> None:
    # What the parties agreed for this delivery binds the new countdown too: longer only (C-CLI-2).
    former = life.window or life.suspended_window
    life.window = Window(fact.seq, fact.at, fact.at, former.days if former else None)
    life.suspended_window = None


def _accepted(life: Life, fact: Fact) -> None:
    if not fact.data.get("lasting", True):
        _rejected(life, fact)
        return
    life.resolved_by, life.delivery = life.delivery, None
    life.accepted_at = fact.at
    life.window = Window(fact.seq, fact.at, fact.at, None)
    life.question = life.suspended_window = life.time_requested = life.warned_at = None


def _rejected(life: Life, fact: Fact) -> None:
    life.delivery = life.window = life.suspended_window = life.time_requested = life.warned_at = None
    life.deliveries_refused += 1


def _severity(life: Life, fact: Fact) -> None:
    life.retained = Severity(fact.data["to"])


def _out_of_scope(life: Life, fact: Fact) -> None:
    life.out_of_scope = fact.data["ground"]


def _in_scope(life: Life, fact: Fact) -> None:
    life.out_of_scope = None
    _paid_work(life, fact)


def _work_requested(life: Life, fact: Fact) -> None:
    _paid_work(life, fact)
    life.heard_from_client()


def _paid_work(life: Life, fact: Fact) -> None:
    life.work = after_fact(life.work, fact.kind, fact.at, fact.data)


def _contested(life: Life, fact: Fact) -> None:
    subject = ContestSubject(fact.data["subject"])
    life.contests[subject] = fact.seq
    life.heard_from_client()
    if subject == ContestSubject.SCOPE:
        _paid_work(life, fact)


def _settled(life: Life, fact: Fact) -> None:
    subject = ContestSubject(fact.data["subject"])
    life.contests.pop(subject, None)
    if subject == ContestSubject.SCOPE:
        _paid_work(life, fact)


def _time_requested(life: Life, fact: Fact) -> None:
    life.heard_from_client()
    life.time_requested = fact.seq


def _time_agreed(life: Life, fact: Fact) -> None:
    # The agreed delay, always longer, is counted from where the countdown had begun (C-CLI-2).
    begun = life.window or life.suspended_window
    if begun:
        life.window = Window(fact.seq, fact.at, begun.since, fact.data["days"])
    life.suspended_window = life.time_requested = None


def _time_refused(life: Life, fact: Fact) -> None:
    life.time_requested = None


def _warned(life: Life, fact: Fact) -> None:
    life.warned_at = fact.at


def _closed(life: Life, fact: Fact) -> None:
    life.closed_at = fact.at
    life.closing_ground = ClosingGround(fact.data["ground"])
    life.window = life.suspended_window = life.time_requested = None
    life.contests.clear()
    _paid_work(life, fact)


_STEPS = {
    EntryKind.RECEIVED: _received,
    EntryKind.ACKNOWLEDGED: _acknowledged,
    EntryKind.ASSIGNED: _assigned,
    EntryKind.QUESTION: _question,
    EntryKind.ANSWER: _answer,
    EntryKind.CLIENT_MESSAGE: _client_message,
    EntryKind.DELIVERED: _delivered,
    EntryKind.VERDICT_ASKED: _verdict_asked,
    EntryKind.ACCEPTED: _accepted,
    EntryKind.REJECTED: _rejected,
    EntryKind.SEVERITY: _severity,
    EntryKind.OUT_OF_SCOPE: _out_of_scope,
    EntryKind.IN_SCOPE: _in_scope,
    EntryKind.CONTESTED: _contested,
    EntryKind.SETTLED: _settled,
    EntryKind.TIME_REQUESTED: _time_requested,
    EntryKind.TIME_AGREED: _time_agreed,
    EntryKind.TIME_REFUSED: _time_refused,
    EntryKind.WARNED: _warned,
    EntryKind.RECOMPUTED: _under,
    EntryKind.WORK_REQUESTED: _work_requested,
    **dict.fromkeys(ANSWERS, _paid_work),
    EntryKind.CLOSED: _closed,
}


def clock_events(facts: Iterable[Fact]) -> list[Event]:
    """Return what the clocks need of the facts, each event referring to its ledger sequence number."""
    events = []
    for fact in facts:
        kind = _CLOCK_KINDS.get(fact.kind)
        if kind:
            severity = fact.data.get("severity" if fact.kind is EntryKind.RECEIVED else "to")
            events.append(
                Event(
                    kind,
                    fact.at,
                    severity=Severity(severity) if severity else None,
                    what=fact.data.get("what"),
                    lasting=fact.data.get("lasting", True),
                    reference=fact.seq,
                )
            )
    return events


def breaches_kept(facts: Iterable[Fact], at: datetime) -> KeptBreaches | None:
    """Return what the last recompute by `at` kept as missed (K-11); None without a recompute.

    A recompute keeps what the one before it kept: the last one says all.
    """
    found = None
    for fact in facts:
        if fact.kind is EntryKind.RECOMPUTED and fact.at <= at:
            found = fact
    return KeptBreaches.from_document(found.data.get("kept")) if found else None


_CLOCK_KINDS = {
    EntryKind.RECEIVED: EventKind.RECEIVED,
    EntryKind.ACKNOWLEDGED: EventKind.ACKNOWLEDGED,
    EntryKind.QUESTION: EventKind.QUESTION,
    EntryKind.ANSWER: EventKind.ANSWER,
    EntryKind.DELIVERED: EventKind.DELIVERED,
    EntryKind.ACCEPTED: EventKind.ACCEPTED,
    EntryKind.REJECTED: EventKind.REJECTED,
    EntryKind.SEVERITY: EventKind.SEVERITY,
    EntryKind.OUT_OF_SCOPE: EventKind.OUT_OF_SCOPE,
    EntryKind.IN_SCOPE: EventKind.IN_SCOPE,
    EntryKind.CLOSED: EventKind.CLOSED,
}
