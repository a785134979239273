"""What became of each quote: read from its ticket's ledger, which alone says it (C-OUT-4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts.models import User
from tickets.models import LedgerEntry, Message
from tickets.validity import last_day
from tickets.words import ContestSubject, EntryKind, QuoteStanding

_ENDS = {
    EntryKind.QUOTE_ACCEPTED: QuoteStanding.ACCEPTED,
    EntryKind.QUOTE_REFUSED: QuoteStanding.REFUSED,
    EntryKind.QUOTE_EXPIRED: QuoteStanding.EXPIRED,
    EntryKind.QUOTE_WITHDRAWN: QuoteStanding.WITHDRAWN,
    EntryKind.WORK_DONE: QuoteStanding.DONE,
}
# After these facts of the ticket nothing that was asked for or ordered is under way any more.
_LAPSING = frozenset({EntryKind.IN_SCOPE, EntryKind.CLOSED})
_OF_A_CONTEST = frozenset({EntryKind.CONTESTED, EntryKind.SETTLED})
_KINDS = (EntryKind.QUOTED, *_ENDS, *_LAPSING, *_OF_A_CONTEST)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The client's agreement: when (an aware instant), by whom, under which purchase order, with which words.

    The signatory is named as on that day; as they are called today where the fact was sealed without a name.
    """

    at: datetime
    signatory: str
    order_reference: str
    entry: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a quote stands, since when, by whose act (None: the timetable's); its acceptance, whatever followed.

    It is valid until `expires_at` excluded, an aware instant; held, its validity is suspended by a contest.
    """

    standing: QuoteStanding
    at: datetime
    by: User | None
    expires_at: datetime
    is_held: bool = False
    acceptance: Acceptance | None = None

    @property
    def valid_until(self) -> date:
        """The last local date on which it is valid, included, with the days that a contest gave back."""
        return last_day(self.expires_at)


def outcomes_of(tickets: Iterable[int], *, with_words: bool = False) -> dict[int, Outcome]:
    """Return what became of every quote of these tickets, by the id of the quote: one query, one more for the words."""
    entries = LedgerEntry.objects.filter(ticket__in=list(tickets), kind__in=_KINDS)
    of_ticket: dict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in entries.select_related("by").order_by("ticket_id", "seq"):
        of_ticket[entry.ticket_id].append(entry)
    found = {quote: said for told in of_ticket.values() for quote, said in _follow(told).items()}
    return _with_words(found) if with_words else found


def _follow(entries: Iterable[LedgerEntry]) -> dict[int, Outcome]:
    """Follow the quotes of one ticket through its facts, in their order."""
    found: dict[int, Outcome] = {}
    pending: int | None = None  # the one that awaits an answer, or whose work is under way
    for entry in entries:
        kind, quote = EntryKind(entry.kind), entry.data.get("quote")
        if pending is not None and (kind in _LAPSING or kind == EntryKind.QUOTED):
            standing = QuoteStanding.REPLACED if kind == EntryKind.QUOTED else QuoteStanding.LAPSED
            found[pending] = _moved(found[pending], standing, entry)
            pending = None
        if kind in _OF_A_CONTEST and pending is not None and entry.data["subject"] == ContestSubject.SCOPE:
            found[pending] = _contested(found[pending], entry)
        if quote is None:
            continue
        if kind == EntryKind.QUOTED:
            expires_at = datetime.fromisoformat(entry.data["expires_at"])
            found[quote] = Outcome(QuoteStanding.AWAITING, entry.occurred_at, entry.by, expires_at)
        elif quote in found:
            found[quote] = _moved(found[quote], _ENDS[kind], entry)
        pending = quote if kind in {EntryKind.QUOTED, EntryKind.QUOTE_ACCEPTED} else None
    return found


def _moved(before: Outcome, standing: QuoteStanding, entry: LedgerEntry) -> Outcome:
    acceptance = before.acceptance
    if standing == QuoteStanding.ACCEPTED:
        signatory = entry.data.get("accepted_by") or str(entry.by or "")
        acceptance = Acceptance(entry.occurred_at, signatory, entry.data.get("order_reference", ""), entry.pk)
    return replace(
        before, standing=standing, at=entry.occurred_at, by=entry.by, acceptance=acceptance, is_held=False
    )


def _contested(before: Outcome, entry: LedgerEntry) -> Outcome:
    """Suspend the validity of a quote that awaits an answer, or let it run again with the days given back."""
    if before.standing != QuoteStanding.AWAITING:
        return before
    if entry.kind == EntryKind.CONTESTED:
        return replace(before, is_held=entry.occurred_at < before.expires_at)
    expires_at = entry.data.get("expires_at")
    return replace(
        before,
        is_held=False,
        expires_at=datetime.fromisoformat(expires_at) if expires_at else before.expires_at,
    )


def _with_words(found: dict[int, Outcome]) -> dict[int, Outcome]:
    accepted = [each.acceptance.entry for each in found.values() if each.acceptance]
    words = dict(Message.objects.filter(entry__in=accepted).values_list("entry", "body")) if accepted else {}
    return {
        quote: replace(
            each, acceptance=replace(each.acceptance, message=words.get(each.acceptance.entry, ""))
        )
        if each.acceptance
        else each
        for quote, each in found.items()
    }
