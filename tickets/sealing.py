"""How a row of the ledger is sealed: a hash over what it states and over the hash before it, in its client's chain.

What a life is replayed from is hashed as it is. All the rest (names, motives, words, from where it came) may be a
person's, so that its hash is salted and stands beside it: erased, it leaves the chain whole (docs/wall.md).
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

VERSION = 1
GENESIS = "0" * 64
ERASED = ""
# What the clocks and the workflow read, none of it a person's words.
STATED = frozenset({
    "after", "before", "calendar_version", "days", "digest", "duplicate_of", "expires_at", "feasible",
    "former_calendar_version", "former_policy_version", "gross", "ground", "implied_by", "kept", "lasting", "means",
    "net", "number", "owner", "policy_version", "price_list", "quote", "severity", "source", "subject", "ticket", "to",
    "touches_data", "upheld", "what",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """What one row states; of `data` and `texts` (its message…), what may be a person's can be erased."""

    client: int
    ticket: int
    seq: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    by: int | None
    through: str
    data: Mapping[str, Any]
    texts: Mapping[str, str]

    def erasable(self) -> dict[str, Any]:
        """Return what may be a person's, by name."""
        return {**{f"data.{name}": self.data[name] for name in self.data if name not in STATED}, **self.texts}


@dataclass(frozen=True, slots=True)
class Seal:
    """The place of a row in its client's chain."""

    number: int
    previous: str
    salt: str
    digests: Mapping[str, str]
    hash: str


def canonical(value: Any) -> bytes:
    """Write a value in the one way that is hashed: JSON, keys in order, no space, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(salt: str, value: Any) -> str:
    """Return the salted digest of what may be erased: without its salt, nobody tries words against it."""
    return hashlib.sha256(salt.encode() + canonical(value)).hexdigest()


def hash_of(stated: Stated, number: int, previous: str, digests: Mapping[str, str]) -> str:
    """Return the hash of a row: what it states, the digests of what may be erased, the hash before it."""
    return hashlib.sha256(
        canonical({
            "version": VERSION,
            "client": stated.client,
            "number": number,
            "ticket": stated.ticket,
            "seq": stated.seq,
            "kind": stated.kind,
            "occurred_at": instant(stated.occurred_at),
            "recorded_at": instant(stated.recorded_at),
            "by": stated.by,
            "through": stated.through,
            "data": {name: value for name, value in stated.data.items() if name in STATED},
            "digests": dict(digests),
            "previous": previous,
        })
    ).hexdigest()  # fmt: skip


def instant(at: datetime) -> str:
    """Write an aware instant in UTC, to the microsecond that PostgreSQL keeps."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sealed(stated: Stated, number: int, previous: str) -> Seal:
    """Return the seal of the row that follows `previous` as the chain's row of this number (1 is the first)."""
    salt = secrets.token_hex(16)
    digests = {name: digest_of(salt, value) for name, value in stated.erasable().items()}
    return Seal(number, previous, salt, digests, hash_of(stated, number, previous, digests))


def fault_in(stated: Stated, seal: Seal, *, expected: int, previous: str, erased: bool) -> str:
    """Say what breaks the chain at a row that should be number `expected` after `previous`; nothing if all is well."""
    if seal.number != expected:
        return f"number {expected} is missing: deleted or moved"
    if seal.previous != previous:
        return "it does not follow the row before it: inserted or moved"
    found = stated.erasable()
    if set(found) != set(seal.digests):
        return f"what it holds was added or taken away: {sorted(set(found) ^ set(seal.digests))}"
    for name, value in found.items():
        if not (erased and value == ERASED) and digest_of(seal.salt, value) != seal.digests[name]:
            return f"{name} was changed"
    if hash_of(stated, seal.number, seal.previous, seal.digests) != seal.hash:
        return "what it states was changed"
    return ""
