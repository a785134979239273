"""What a past life brought in from a former register may be: every rule tried, one reason for each of its fields."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Client, User
from tickets.models import Ticket
from tickets.permissions import may_register
from tickets.words import VENDOR_CLOSING_GROUNDS, ClosingGround, DeliveryKind, OutOfScopeGround

# What closes a ticket only after a delivery was judged, or left without a judgement.
AFTER_DELIVERY = frozenset({ClosingGround.PRODUCTION, ClosingGround.TACIT, ClosingGround.TACIT_PRODUCTION})
# What happened, in the order in which it can have.
INSTANTS = ("received_at", "acknowledged_at", "delivered_at", "accepted_at", "closed_at")


@dataclass(slots=True, kw_only=True)
class PastEvents:
    """What happened to one ticket; instants are aware, None where the register is silent."""

    received_at: datetime | None = None
    owner: User | None = None
    acknowledged_at: datetime | None = None
    delivered_at: datetime | None = None
    delivery_kind: DeliveryKind = DeliveryKind.FIX
    delivery_content: str = ""
    delivery_version: str = ""
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    closing_ground: ClosingGround | None = None
    out_of_scope_ground: OutOfScopeGround | None = None
    duplicate_of: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a past cannot be, said of a field; it is tried when all that it reads was understood."""

    field: str
    reads: frozenset[str]
    is_broken: Callable[[PastEvents], bool]
    reason: str | Promise


def _closed_wrongly_by_silence(past: PastEvents) -> bool:
    after_acceptance = past.accepted_at is not None and past.closing_ground in {
        ClosingGround.TACIT,
        ClosingGround.TACIT_PRODUCTION,
    }
    return (past.closing_ground == ClosingGround.TACIT_PRODUCTION) != after_acceptance


def _closed_by_the_vendor_after_a_delivery(past: PastEvents) -> bool:
    if past.closing_ground not in VENDOR_CLOSING_GROUNDS or past.delivered_at is None:
        return False
    is_workaround = past.delivery_kind == DeliveryKind.WORKAROUND
    lapsed = past.closing_ground == ClosingGround.NO_COOPERATION and is_workaround
    return past.accepted_at is not None or not lapsed


RULES = (
    Rule(
        "owner_email",
        frozenset({"owner_email"}),
        lambda past: past.owner is not None and not may_register(past.owner),
        gettext_lazy("An owner is an active agent or manager."),
    ),
    Rule(
        "accepted_at",
        frozenset({"accepted_at", "delivered_at"}),
        lambda past: past.accepted_at is not None and past.delivered_at is None,
        gettext_lazy("Nothing can be accepted without a delivery."),
    ),
    Rule(
        "delivery_content",
        frozenset({"delivery_content", "delivered_at"}),
        lambda past: past.delivered_at is not None and not past.delivery_content.strip(),
        gettext_lazy("Say what was delivered."),
    ),
    Rule(
        "closing_ground",
        frozenset({"closing_ground", "closed_at"}),
        lambda past: (past.closed_at is None) != (past.closing_ground is None),
        gettext_lazy("A closing has both a date and a ground."),
    ),
    Rule(
        "out_of_scope_ground",
        frozenset({"closing_ground", "out_of_scope_ground"}),
        lambda past: (
            (past.closing_ground == ClosingGround.OUT_OF_SCOPE) != (past.out_of_scope_ground is not None)
        ),
        gettext_lazy("A closing out of scope names its motive, and no other does (C-OUT-3)."),
    ),
    Rule(
        "duplicate_of",
        frozenset({"closing_ground", "duplicate_of"}),
        lambda past: (past.closing_ground == ClosingGround.DUPLICATE) != (past.duplicate_of is not None),
        gettext_lazy("A duplicate names its original, and only a duplicate does."),
    ),
    Rule(
        "duplicate_of",
        frozenset({"duplicate_of", "received_at"}),
        lambda past: (
            past.duplicate_of is not None
            and past.received_at is not None
            and past.duplicate_of.received_at > past.received_at
        ),
        gettext_lazy("The original is the ticket received first (K-19)."),
    ),
    Rule(
        "closing_ground",
        frozenset({"closing_ground", "delivered_at"}),
        lambda past: past.closing_ground in AFTER_DELIVERY and past.delivered_at is None,
        gettext_lazy("This ground needs a delivery."),
    ),
    Rule(
        "closing_ground",
        frozenset({"closing_ground", "accepted_at"}),
        _closed_wrongly_by_silence,
        gettext_lazy("Silence closes as “tacit” without an acceptance, as “tacit_production” after one."),
    ),
    Rule(
        "closing_ground",
        frozenset({"closing_ground", "delivery_kind"}),
        lambda past: (
            past.closing_ground == ClosingGround.TACIT and past.delivery_kind == DeliveryKind.WORKAROUND
        ),
        gettext_lazy("Silence on a workaround closes nothing (K-17)."),
    ),
    Rule(
        "closing_ground",
        frozenset({"closing_ground", "delivery_kind", "delivered_at", "accepted_at"}),
        _closed_by_the_vendor_after_a_delivery,
        gettext_lazy("What was delivered closes by the client's word or silence, or is withdrawn."),
    ),
)


def mistakes_in(
    past: PastEvents,
    at: datetime,
    *,
    client: Client | None,
    reporter: User | None,
    unread: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """Return why a past cannot be, by field, the first reason of each; empty if it can.

    A party that is not known (None) and a field in `unread` were refused elsewhere: nothing is said from them.
    """
    found: dict[str, str] = {}
    for name, reason in _disorders(past, at):
        found.setdefault(name, reason)
    if client is not None and reporter is not None and reporter.client_id != client.pk:
        found["reporter_email"] = _("This person does not belong to the client.")
    for rule in RULES:
        if rule.field not in found and not rule.reads & unread and rule.is_broken(past):
            found[rule.field] = str(rule.reason)
    return found


def _disorders(past: PastEvents, at: datetime) -> Iterator[tuple[str, str]]:
    """Name each instant in the future, else before the latest of those that come first."""
    latest: tuple[datetime, str] | None = None
    for name in INSTANTS:
        instant: datetime | None = getattr(past, name)
        if instant is None:
            continue
        if instant > at:
            yield name, _("This instant is in the future.")
        elif latest is not None and instant < latest[0]:
            yield name, _("This instant is before “%(former)s”.") % {"former": latest[1]}
        if latest is None or instant >= latest[0]:
            latest = (instant, name)
