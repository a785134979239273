"""The lives of a benchmark's tickets: facts that follow one another, and the words said with three of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sla.models import Contract
from sla.policy import Severity
from tickets.life import Fact
from tickets.seeding.parties import Parties
from tickets.seeding.words import sentence
from tickets.words import ClosingGround, DeliveryKind, EntryKind, Means, OutOfScopeGround

SEVERITIES = (Severity.BLOQUANTE, *(Severity.MAJEURE,) * 5, *(Severity.MINEURE,) * 4)
# Of twenty open tickets: how many end there.
OPEN_ENDS = (
    ("new",) * 3
    + ("in_progress",) * 8
    + ("waiting",) * 4
    + ("under_test",) * 3
    + ("accepted", "out_of_scope")
)
MOST_RECENT = 10  # days: when the open ones were received
YEARS = 5


@dataclass(slots=True)
class ToldLife:
    """One ticket before it is written: its contract, its facts in order, its words by the fact that carries them."""

    contract: Contract
    severity: Severity
    title: str
    description: str
    facts: list[Fact] = field(default_factory=list)
    said: dict[int, tuple[int, str]] = field(default_factory=dict)  # seq → author, words
    authors: dict[int, int] = field(default_factory=dict)  # seq → author

    def tell(self, kind: EntryKind, at: datetime, by: int, words: str = "", **data: Any) -> None:
        """Add a fact."""
        seq = len(self.facts) + 1
        self.facts.append(Fact(seq, kind, at, data))
        self.authors[seq] = by
        if words:
            self.said[seq] = (by, words)


def lives(
    parties: Parties, count: int, *, are_open: bool, now: datetime, chance: random.Random
) -> Iterator[ToldLife]:
    """Tell `count` lives that end at `now` at the latest, open or closed."""
    for at in range(count):
        contract = parties.contracts[at % len(parties.contracts)]
        if are_open:
            end = chance.choice(OPEN_ENDS)
            received = now - timedelta(
                seconds=chance.uniform(60, (0.4 if end == "new" else MOST_RECENT) * 86_400)
            )
        else:
            end = "closed"
            received = now - timedelta(days=chance.uniform(12, YEARS * 365))
        yield _life(parties, contract, end, received.replace(microsecond=0), now, chance)


def _life(
    parties: Parties, contract: Contract, end: str, received: datetime, now: datetime, chance: random.Random
) -> ToldLife:
    reporter, agent = parties.reporters[contract.client_id], chance.choice(parties.agents)
    severity = chance.choice(SEVERITIES)
    life = ToldLife(contract, severity, sentence(chance, 6), sentence(chance, 30))

    def later(hours: float) -> datetime:
        return min(received + timedelta(hours=hours), now)

    life.tell(
        EntryKind.RECEIVED, received, reporter.pk, severity=str(severity), means=str(Means.PORTAL),
        calendar_version=str(parties.versions[contract.calendar_id].pk), policy_version=str(parties.policy.pk),
    )  # fmt: skip
    if end == "new":
        for hours in (0.1, 0.2, 0.3):
            life.tell(EntryKind.CLIENT_MESSAGE, later(hours), reporter.pk, sentence(chance, 15))
        return life
    life.tell(EntryKind.ASSIGNED, later(0.5), agent.pk, owner=agent.pk, name=agent.get_full_name())
    life.tell(EntryKind.ACKNOWLEDGED, later(0.5), agent.pk, sentence(chance, 15))
    life.tell(EntryKind.CLIENT_MESSAGE, later(2), reporter.pk, sentence(chance, 20))
    _end(life, end, agent.pk, reporter.pk, later, chance)
    return life


def _end(life: ToldLife, end: str, agent: int, reporter: int, later: Any, chance: random.Random) -> None:
    words = sentence(chance, 20)
    if end == "in_progress":
        life.tell(EntryKind.VENDOR_MESSAGE, later(3), agent, words)
    elif end == "waiting":
        life.tell(EntryKind.QUESTION, later(3), agent, words)
    elif end == "out_of_scope":
        life.tell(EntryKind.OUT_OF_SCOPE, later(3), agent, words, ground=str(OutOfScopeGround.TRAINING))
    else:
        fix = str(DeliveryKind.FIX)
        life.tell(
            EntryKind.DELIVERED, later(20), agent, words, what=fix, version="4.2.1", how_to_test="Relancer.",
            touches_data=False,
        )  # fmt: skip
        if end in {"accepted", "closed"}:
            life.tell(EntryKind.ACCEPTED, later(44), reporter, what=fix, lasting=True)
        if end == "closed":
            life.tell(EntryKind.IN_PRODUCTION, later(68), reporter)
            life.tell(EntryKind.CLOSED, later(68), reporter, ground=str(ClosingGround.PRODUCTION))
