"""Each client's ledger is a chain: its rows are sealed one after the other, and read again to find what was altered."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import pgtrigger

from accounts.models import Client
from tickets.models import LedgerEntry, LedgerHead, Message
from tickets.sealing import ERASED, GENESIS, STATED, Seal, Stated, fault_in, sealed

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: how many rows, the last one's hash, when it was recorded."""

    entries: int
    hash: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A row (None: the chain's end) that is not what it was when it was sealed."""

    entry: LedgerEntry | None
    reason: str


@dataclass(slots=True)
class Reading:
    """What reading a chain again found: its end, the texts erased, the first fault."""

    head: Head
    erased: int = 0
    fault: Fault | None = None


def stated_by(entry: LedgerEntry, message: str) -> Stated:
    """Return what a row states, with the words that carry it."""
    texts = {"agent": entry.agent, "address": entry.address or "", "message": message}
    return Stated(
        client=entry.client_id,
        ticket=entry.ticket_id,
        seq=entry.seq,
        kind=str(entry.kind),
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        by=entry.by_id,
        through=f"{entry.through}:{entry.through_name}",
        data=entry.data,
        texts=texts,
    )


def seal_into_chain(entry: LedgerEntry, message: str) -> None:
    """Give a row about to be written its place at the end of its client's chain, which is held until the commit."""
    head = LedgerHead.objects.select_for_update().get_or_create(client_id=entry.client_id)[0]
    seal = sealed(stated_by(entry, message), head.entries + 1, head.hash)
    entry.chain_seq, entry.previous_hash, entry.hash = seal.number, seal.previous, seal.hash
    entry.salt, entry.digests = seal.salt, dict(seal.digests)
    LedgerHead.objects.filter(client_id=entry.client_id).update(
        entries=seal.number, hash=seal.hash, moved_at=entry.recorded_at
    )


def read_again(client: Client, anchored: Mapping[int, str] | None = None) -> Reading:
    """Verify a client's chain from its first row; `anchored` are hashes kept elsewhere, by number of row."""
    reading = Reading(Head(0, GENESIS, None))
    for entry, message in rows_of(client):
        before = reading.head
        reason = fault_in(
            stated_by(entry, message),
            Seal(entry.chain_seq, entry.previous_hash, entry.salt, entry.digests, entry.hash),
            expected=before.entries + 1,
            previous=before.hash,
            erased=entry.erased_at is not None,
        )
        if not reason and (anchored or {}).get(entry.chain_seq, entry.hash) != entry.hash:
            reason = "it is not the row whose hash was kept elsewhere: the chain was written anew"
        if reason:
            reading.fault = Fault(entry, reason)
            return reading
        reading.erased += entry.erased_at is not None
        reading.head = Head(entry.chain_seq, entry.hash, entry.recorded_at)
    reading.fault = fault_at_the_end(client, reading.head, anchored or {})
    return reading


def rows_of(client: Client) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield a client's rows in the chain's order, each with the words that carry it."""
    entries = LedgerEntry.objects.filter(client=client).order_by("chain_seq", "id")
    chunk: list[LedgerEntry] = []
    for entry in entries.iterator(chunk_size=CHUNK):
        chunk.append(entry)
        if len(chunk) == CHUNK:
            yield from with_words(chunk)
            chunk = []
    yield from with_words(chunk)


def with_words(entries: list[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Pair rows with the bodies of their messages."""
    bodies = dict(Message.objects.filter(entry__in=entries).values_list("entry", "body"))
    for entry in entries:
        yield entry, bodies.get(entry.pk, "")


def fault_at_the_end(client: Client, head: Head, anchored: Mapping[int, str]) -> Fault | None:
    """Tell whether rows are missing at the end: fewer than the head counts, or than was kept elsewhere."""
    known = LedgerHead.objects.filter(client=client).first()
    counted = (known.entries, known.hash) if known else (0, GENESIS)
    furthest = max(anchored, default=0)
    if furthest > head.entries:
        return Fault(None, f"rows {head.entries + 1} to {furthest}, kept elsewhere, are missing at the end")
    if counted != (head.entries, head.hash):
        return Fault(None, f"it ends at row {head.entries}, its head counts {counted[0]}")
    return None


def heads() -> Iterator[tuple[Client, Head]]:
    """Yield each client's head, to be kept where nobody who writes here can write."""
    for each in LedgerHead.objects.select_related("client").order_by("client__code"):
        yield each.client, Head(each.entries, each.hash, each.moved_at)


def let_words_go(messages: Iterable[Message], at: datetime) -> None:
    """Take these messages out of the rows that carry them, so that they may be rewritten; the chain stays whole (RGPD).

    Such a row holds no words from then on, nor from where it came, and is marked; what else it says stays, proved by
    its salt. Where nothing else needs the salt, it goes, so that nobody tries words against the digest that stays.
    """
    entries = list(LedgerEntry.objects.filter(message__in=messages))
    with pgtrigger.ignore("tickets.LedgerEntry:append_only"):
        for entry in entries:
            entry.address, entry.agent, entry.erased_at = None, "", at
            if STATED.issuperset(entry.data):
                entry.salt = ""
            entry.save(update_fields=["address", "agent", "salt", "erased_at"])
    Message.objects.filter(entry__in=entries).update(entry=None)


def erase_texts(entries: Iterable[LedgerEntry], at: datetime) -> int:
    """Blank what may be a person's in these rows and in the words that carry them; the chain stays whole (RGPD).

    The salt goes with them, so that nobody tries words against the digests that stay. Return how many rows.
    """
    count = 0
    with pgtrigger.ignore("tickets.LedgerEntry:append_only"):
        for entry in entries:
            entry.data = {name: value if name in STATED else ERASED for name, value in entry.data.items()}
            entry.address, entry.agent, entry.salt, entry.erased_at = None, "", "", at
            entry.save(update_fields=["data", "address", "agent", "salt", "erased_at"])
            Message.objects.filter(entry=entry).update(body=ERASED)
            count += 1
    return count
