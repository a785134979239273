"""The ledger's entries said in words, with what each of them carries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from tickets.acts import Action
from tickets.models import LedgerEntry, reference_of
from tickets.money import euros
from tickets.recomputation_words import say_recomputation
from tickets.validity import last_day
from tickets.words import (
    SEVERITIES,
    ClosingGround,
    ContestSubject,
    DeliveryKind,
    EntryKind,
    Means,
    OutOfScopeGround,
)

# What acknowledges a ticket that nobody had acknowledged before: the first act of an agent.
IMPLIED = {
    Action.ASK: gettext_lazy("Acknowledged by a question (C-SLA-2)"),
    Action.REQUALIFY: gettext_lazy("Acknowledged by a severity retained (C-SLA-2)"),
    Action.DELIVER: gettext_lazy("Acknowledged by a delivery (C-SLA-2)"),
    Action.CLASS_OUT_OF_SCOPE: gettext_lazy("Acknowledged by a classing out of scope (C-SLA-2)"),
    Action.CLOSE: gettext_lazy("Acknowledged by the closing (C-SLA-2)"),
}
TIMETABLE = gettext_lazy("Timetable")

ICONS = {
    EntryKind.RECEIVED: "inbox",
    EntryKind.ACKNOWLEDGED: "hand-stop",
    EntryKind.ASSIGNED: "user-check",
    EntryKind.VENDOR_MESSAGE: "message",
    EntryKind.CLIENT_MESSAGE: "message",
    EntryKind.QUESTION: "help-circle",
    EntryKind.ANSWER: "corner-down-right",
    EntryKind.DELIVERED: "package",
    EntryKind.VERDICT_ASKED: "repeat",
    EntryKind.ACCEPTED: "circle-check",
    EntryKind.REJECTED: "circle-x",
    EntryKind.SEVERITY: "gauge",
    EntryKind.OUT_OF_SCOPE: "ban",
    EntryKind.IN_SCOPE: "arrow-back-up",
    EntryKind.CONTESTED: "flag",
    EntryKind.SETTLED: "scale",
    EntryKind.TIME_REQUESTED: "hourglass",
    EntryKind.TIME_AGREED: "hourglass",
    EntryKind.TIME_REFUSED: "hourglass-off",
    EntryKind.WARNED: "alert-triangle",
    EntryKind.CORRECTED: "pencil",
    EntryKind.RECOMPUTED: "refresh",
    EntryKind.IN_PRODUCTION: "rocket",
    EntryKind.FOLLOWED_UP: "arrow-forward-up",
    EntryKind.SPLIT: "arrows-split-2",
    EntryKind.WORK_REQUESTED: "file-invoice",
    EntryKind.STUDIED: "microscope",
    EntryKind.QUOTED: "file-euro",
    EntryKind.QUOTE_ACCEPTED: "circle-check",
    EntryKind.QUOTE_REFUSED: "circle-x",
    EntryKind.QUOTE_EXPIRED: "hourglass-off",
    EntryKind.QUOTE_WITHDRAWN: "file-off",
    EntryKind.WORK_CANCELLED: "file-off",
    EntryKind.WORK_DONE: "checks",
    EntryKind.CLOSED: "lock",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the ledger in words; `details` are the particulars it carries, name and text."""

    entry: LedgerEntry
    title: str
    icon: str
    author: str
    side: str  # vendor, client, timetable
    details: tuple[tuple[str, str], ...] = ()
    ticket: int | None = None  # another ticket that it names
    quote: int | None = None  # the id of the quote that it names
    how_to_test: str = ""
    touches_data: bool = False

    @property
    def was_recorded_later(self) -> bool:
        """Tell whether the fact was written down after it happened."""
        return self.entry.recorded_at != self.entry.occurred_at


@dataclass(slots=True)
class _Words:
    title: str
    details: list[tuple[str, str]] = field(default_factory=list)
    ticket: int | None = None


def owners_named(entries: Iterable[LedgerEntry]) -> set[int]:
    """Return the numbers of the owners that entries name."""
    return {entry.data.get("owner") for entry in entries if entry.kind == EntryKind.ASSIGNED} - {None}


def say_entries(entries: Iterable[LedgerEntry], people: Mapping[int, User] | None = None) -> list[Said]:
    """Say entries (fetched with their authors); the people they name are named as they are called today.

    `people` are those that the entries name, by number, where they have been read.
    """
    entries = list(entries)
    if people is None:
        people = User.objects.in_bulk(owners_named(entries))
    names = {pk: person.get_full_name() for pk, person in people.items()}
    return [say_entry(entry, names) for entry in entries]


def say_entry(entry: LedgerEntry, names: Mapping[int, str] | None = None) -> Said:
    """Say an entry (fetched with its author) in the reader's language; `names` are those of people by number."""
    kind = EntryKind(entry.kind)
    # Rows of old hold a name beside the number: it may have been erased since.
    data = {**entry.data, "name": (names or {}).get(entry.data.get("owner", 0), "")}
    if "quote" in data:
        data["reference"] = reference_of(entry.client_id, data["number"])
    words = _TITLES[kind](data) if kind in _TITLES else _Words(str(kind.label))
    return Said(
        entry=entry,
        title=words.title,
        icon=ICONS[kind],
        author=author_of(entry.by),
        side=side_of(entry.by),
        details=tuple(words.details),
        ticket=words.ticket,
        quote=data.get("quote"),
        how_to_test=data.get("how_to_test", ""),
        touches_data=bool(data.get("touches_data")),
    )


def author_of(person: User | None) -> str:
    """Name who acted; nobody is the timetable."""
    return person.get_full_name() if person else str(TIMETABLE)


def side_of(person: User | None) -> str:
    """Return the side that a person acts for."""
    if person is None:
        return "timetable"
    return "vendor" if person.is_vendor else "client"


def _received(data: Mapping[str, Any]) -> _Words:
    means, severity = Means(data.get("means", Means.PORTAL)), SEVERITIES[data["severity"]]
    return _Words(
        _("Received"),
        [(_("Means of reception"), str(means.label)), (_("Severity claimed"), str(severity))],
    )


def _acknowledged(data: Mapping[str, Any]) -> _Words:
    implied = data.get("implied_by")
    if not implied:
        return _Words(_("Acknowledged"))
    return _Words(str(IMPLIED[Action(implied)]))


def _assigned(data: Mapping[str, Any]) -> _Words:
    return _Words(_("Assigned to %(person)s") % {"person": data.get("name", "")})


def _delivered(data: Mapping[str, Any]) -> _Words:
    is_fix = DeliveryKind(data["what"]) == DeliveryKind.FIX
    details = [(_("Version"), data["version"])] if data.get("version") else []
    return _Words(_("Fix delivered") if is_fix else _("Workaround delivered"), details)


def _accepted(data: Mapping[str, Any]) -> _Words:
    if data.get("what") != DeliveryKind.WORKAROUND:
        return _Words(_("Delivery tested and accepted"))
    if data.get("lasting", True):
        return _Words(_("Workaround judged definitive (C-WKA-2)"))
    return _Words(_("Workaround judged provisional: the anomaly stays open (C-WKA-2)"))


def _severity(data: Mapping[str, Any]) -> _Words:
    to, former = SEVERITIES[data["to"]], SEVERITIES[data["former"]] if data.get("former") else ""
    details = [(_("Before"), str(former))] if former and former != to else []
    return _Words(_("Severity retained: %(severity)s") % {"severity": to}, details)


def _out_of_scope(data: Mapping[str, Any]) -> _Words:
    return _Words(_("Classed out of scope"), [(_("Ground"), str(OutOfScopeGround(data["ground"]).label))])


def _contested(data: Mapping[str, Any]) -> _Words:
    return _Words(_("Contested: %(subject)s") % {"subject": ContestSubject(data["subject"]).label})


def _settled(data: Mapping[str, Any]) -> _Words:
    said = _("Contest upheld: %(subject)s") if data["upheld"] else _("Contest dismissed: %(subject)s")
    details = [_valid_until(data)] if "expires_at" in data else []
    return _Words(said % {"subject": ContestSubject(data["subject"]).label}, details)


def _valid_until(data: Mapping[str, Any]) -> tuple[str, str]:
    return _("Quote valid until"), date_format(last_day(datetime.fromisoformat(data["expires_at"])))


def _time_requested(data: Mapping[str, Any]) -> _Words:
    return _Words(_("Longer delay requested: %(days)d business days in all") % {"days": data["days"]})


def _time_agreed(data: Mapping[str, Any]) -> _Words:
    return _Words(_("Longer delay agreed: %(days)d business days in all (C-CLI-2)") % {"days": data["days"]})


def _corrected(data: Mapping[str, Any]) -> _Words:
    former = data.get("former", {})
    details = [
        (name, f"{former.get(key)} → {data[key]}")
        for key, name in (("title", _("Title")), ("solution", _("Solution")))
        if former.get(key) != data.get(key)
    ]
    return _Words(_("Title or solution corrected"), details)


def _recomputed(data: Mapping[str, Any]) -> _Words:
    return _Words(_("Delays recomputed under other versions (C-CAL-3)"), say_recomputation(data))


def _followed_up(data: Mapping[str, Any]) -> _Words:
    return _Words(_("Followed up by ticket #%(number)d") % {"number": data["ticket"]}, ticket=data["ticket"])


def _split(data: Mapping[str, Any]) -> _Words:
    return _Words(
        _("A message became ticket #%(number)d") % {"number": data["ticket"]}, ticket=data["ticket"]
    )


def _studied(data: Mapping[str, Any]) -> _Words:
    if data["feasible"]:
        return _Words(_("Feasibility studied: the work can be done (C-OUT-4)"))
    return _Words(_("Feasibility studied: the work cannot be done (C-OUT-4)"))


def _quoted(data: Mapping[str, Any]) -> _Words:
    details = [
        *_amounts(data),
        _valid_until(data),
        (_("SHA-256 digest"), data["digest"]),
    ]
    return _Words(_("Quote %(reference)s issued (C-OUT-4)") % {"reference": data["reference"]}, details)


def _quote_accepted(data: Mapping[str, Any]) -> _Words:
    details = [*_amounts(data), (_("SHA-256 digest"), data["digest"])]
    if data.get("order_reference"):
        details.insert(0, (_("Purchase order"), data["order_reference"]))
    return _Words(_("Quote %(reference)s accepted (C-OUT-4)") % {"reference": data["reference"]}, details)


def _quote_refused(data: Mapping[str, Any]) -> _Words:
    return _Words(_("Quote %(reference)s refused") % {"reference": data["reference"]}, _amounts(data))


def _quote_expired(data: Mapping[str, Any]) -> _Words:
    said = _("Quote %(reference)s expired without an answer")
    return _Words(said % {"reference": data["reference"]}, _amounts(data))


def _quote_withdrawn(data: Mapping[str, Any]) -> _Words:
    said = _("Quote %(reference)s withdrawn by the vendor")
    return _Words(said % {"reference": data["reference"]}, _amounts(data))


def _work_done(data: Mapping[str, Any]) -> _Words:
    return _Words(
        _("Work of the quote %(reference)s done") % {"reference": data["reference"]}, _amounts(data)
    )


def _amounts(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(_("Total excl. VAT"), euros(data["net"])), (_("Total incl. VAT"), euros(data["gross"]))]


def _closed(data: Mapping[str, Any]) -> _Words:
    words = _Words(_("Closed"), [(_("Ground"), str(ClosingGround(data["ground"]).label))])
    words.ticket = data.get("duplicate_of")
    if words.ticket:
        words.details.append((_("Original"), f"#{words.ticket}"))
    return words


_TITLES: dict[EntryKind, Callable[[Mapping[str, Any]], _Words]] = {
    EntryKind.RECEIVED: _received,
    EntryKind.ACKNOWLEDGED: _acknowledged,
    EntryKind.ASSIGNED: _assigned,
    EntryKind.DELIVERED: _delivered,
    EntryKind.ACCEPTED: _accepted,
    EntryKind.SEVERITY: _severity,
    EntryKind.OUT_OF_SCOPE: _out_of_scope,
    EntryKind.CONTESTED: _contested,
    EntryKind.SETTLED: _settled,
    EntryKind.TIME_REQUESTED: _time_requested,
    EntryKind.TIME_AGREED: _time_agreed,
    EntryKind.CORRECTED: _corrected,
    EntryKind.RECOMPUTED: _recomputed,
    EntryKind.FOLLOWED_UP: _followed_up,
    EntryKind.SPLIT: _split,
    EntryKind.STUDIED: _studied,
    EntryKind.QUOTED: _quoted,
    EntryKind.QUOTE_ACCEPTED: _quote_accepted,
    EntryKind.QUOTE_REFUSED: _quote_refused,
    EntryKind.QUOTE_EXPIRED: _quote_expired,
    EntryKind.QUOTE_WITHDRAWN: _quote_withdrawn,
    EntryKind.WORK_DONE: _work_done,
    EntryKind.CLOSED: _closed,
}
