"""What other versions would make of a ticket's clocks: before, after, and what stays missed (C-CAL-3, K-11)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sla.breaches import KeptBreaches, with_breaches
from sla.clock import Clock, ClockState, Statement, assess
from tickets.clocks import Rules, closes_at, statement_of
from tickets.life import Fact, Life, clock_events, replay

CLOCKS = ("acknowledge", "resolve")


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One clock before and after; `shift` is the business time from one deadline to the other, signed."""

    key: str
    before: Clock
    after: Clock
    shift: int | None
    is_kept: bool  # the new versions would not say missed; it stays so (K-11)

    @property
    def moves(self) -> bool:
        """Tell whether the state, the deadline or, paused, the time left differs."""
        return standing_of(self.before) != standing_of(self.after)

    @property
    def becomes_missed(self) -> bool:
        """Tell whether the new versions find a breach that the former did not."""
        return self.after.state == ClockState.MISSED != self.before.state

    @property
    def becomes_met(self) -> bool:
        """Tell whether a duty that had not been judged in time now is."""
        return self.after.state == ClockState.MET != self.before.state


@dataclass(frozen=True)
class Recomputation:
    """One ticket before and after, at `at`; the statements' instants are in UTC."""

    life: Life
    before: Statement
    after: Statement
    unkept: Statement
    closed_before: datetime | None
    closed_after: datetime | None
    rules: Rules
    at: datetime

    @property
    def kept(self) -> KeptBreaches:
        """What was missed already, and therefore stays so."""
        return KeptBreaches.of(self.before)

    @cached_property
    def changes(self) -> tuple[ClockChange, ClockChange]:
        """Both clocks, acknowledgement first."""
        acknowledge, resolve = (self._change(key) for key in CLOCKS)
        return acknowledge, resolve

    @property
    def moves(self) -> bool:
        """Tell whether anything promised changes: a clock, or the closing by silence."""
        return any(change.moves for change in self.changes) or self.closed_before != self.closed_after

    @property
    def closes_at_once(self) -> bool:
        """Tell whether silence would have closed the ticket already: nobody was told that it would."""
        return (
            self.closed_after is not None
            and self.closed_after != self.closed_before
            and self.closed_after <= self.at
        )

    @property
    def fingerprint(self) -> str:
        """Say in a few characters what was foreseen; the passing of time alone does not change it."""
        words = json.dumps([self.life.last_seq, self.document("before"), self.document("after")])
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def document(self, side: str) -> dict[str, Any]:
        """Return “before” or “after” as the ledger keeps it: instants in ISO 8601, UTC."""
        statement = self.before if side == "before" else self.after
        closes = self.closed_before if side == "before" else self.closed_after
        return {
            **{key: standing_of(getattr(statement, key)) for key in CLOCKS},
            "closes_at": closes and closes.isoformat(),
        }

    def _change(self, key: str) -> ClockChange:
        before, after = getattr(self.before, key), getattr(self.after, key)
        both = before.due is not None and after.due is not None
        shift = self.rules.calendar.between(before.due, after.due) if both else None
        is_kept = before.state == ClockState.MISSED != getattr(self.unkept, key).state
        return ClockChange(key, before, after, shift, is_kept)


def recomputed(facts: Sequence[Fact], former: Rules, rules: Rules, at: datetime) -> Recomputation:
    """Compare a ticket's facts (at least one) under the rules that bind it and under others, at `at`."""
    life = replay(facts)
    now = max(at, life.last_at) if life.last_at else at
    before = statement_of(facts, former, now)
    unkept = assess(clock_events(facts), rules.policy, rules.calendar, now)
    return Recomputation(
        life=life,
        before=before,
        after=with_breaches(unkept, KeptBreaches.of(before)),
        unkept=unkept,
        closed_before=closes_at(life, former),
        closed_after=closes_at(life, rules),
        rules=rules,
        at=now,
    )


def standing_of(clock: Clock) -> dict[str, Any]:
    """Return what is promised by a clock: its state, its deadline, the time left while it is paused."""
    return {
        "state": str(clock.state),
        "due": clock.due and clock.due.isoformat(),
        "left": clock.left if clock.state == ClockState.PAUSED else None,
    }
