"""The columns of an exported list of tickets: what each says of one, its kind, its heading in words."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from sla.clock import ClockState
from tickets.list_exports.listing import CHUNK, Column, Listing
from tickets.models import CLOCK_STATES, TicketQuerySet
from tickets.monthly.tables import Kind
from tickets.words import SEVERITIES, ClosingGround, State

FIELDS = (
    "pk", "client__name", "solution__name", "title", "severity", "state", "owner__first_name", "owner__last_name",
    "received_at", "acknowledge_state", "acknowledge_due_at", "acknowledged_at", "resolve_state", "resolve_due_at",
    "resolved_at", "resolve_net", "resolve_gross", "closed_at", "closing_ground",
)  # fmt: skip

Row = dict[str, Any]


def columns_for(person: User, at: datetime) -> list[Column[Row]]:
    """Return the columns that `person` sees, in the active language: an owner is named to the vendor alone.

    The words are found at once, so that a stream that outlives the request's language still has them.
    """
    severities = {str(severity): str(label) for severity, label in SEVERITIES.items()}
    states = {state.value: str(state.label) for state in State}
    grounds = {ground.value: str(ground.label) for ground in ClosingGround}
    clocks = {str(state): str(label) for state, label in CLOCK_STATES.items()}
    owner = [Column("owner", _("Owned by"), Kind.TEXT, _owner)] if person.is_vendor else []
    return [
        Column("number", pgettext("of a ticket", "Number"), Kind.COUNT, lambda row: row["pk"]),
        Column("client", _("Client"), Kind.TEXT, lambda row: row["client__name"]),
        Column("solution", _("Solution"), Kind.TEXT, lambda row: row["solution__name"]),
        Column("title", _("Title"), Kind.TEXT, lambda row: row["title"]),
        Column("severity", _("Severity"), Kind.TEXT, lambda row: severities[row["severity"]]),
        Column("state", _("State"), Kind.TEXT, lambda row: states[row["state"]]),
        *owner,
        Column("received_at", _("Received on"), Kind.INSTANT, lambda row: row["received_at"]),
        *_clock("acknowledge", _("Acknowledgement"), "acknowledged_at", clocks, at),
        *_clock("resolve", _("Resolution"), "resolved_at", clocks, at),
        Column(
            "net",
            _("Resolved in, net"),
            Kind.LENGTH,
            lambda row: row["resolve_net"] if row["resolved_at"] else None,
        ),
        Column(
            "gross",
            _("Resolved in, gross"),
            Kind.LENGTH,
            lambda row: row["resolve_gross"] if row["resolved_at"] else None,
        ),
        Column("closed_at", _("Closed on"), Kind.INSTANT, lambda row: row["closed_at"]),
        Column(
            "ground",
            _("Ground of the closing"),
            Kind.TEXT,
            lambda row: grounds.get(row["closing_ground"], ""),
        ),
    ]


def _owner(row: Row) -> str:
    return f"{row['owner__first_name'] or ''} {row['owner__last_name'] or ''}".strip()


def _clock(name: str, heading: str, done: str, words: dict[str, str], at: datetime) -> Iterator[Column[Row]]:
    """Yield a clock's state, judged live at `at`, its deadline and its fulfilment."""

    def state(row: Row) -> str:
        found, due = row[f"{name}_state"], row[f"{name}_due_at"]
        is_late = found == ClockState.RUNNING and due is not None and due < at
        return words[ClockState.MISSED if is_late else found]

    yield Column(f"{name}_state", heading, Kind.TEXT, state)
    yield Column(
        f"{name}_due_at",
        _("%(clock)s due") % {"clock": heading},
        Kind.INSTANT,
        lambda row: row[f"{name}_due_at"],
    )
    yield Column(
        f"{name}_done_at", _("%(clock)s done") % {"clock": heading}, Kind.INSTANT, lambda row: row[done]
    )


def listing_of(tickets: TicketQuerySet, person: User, at: datetime) -> Listing[Row]:
    """Return tickets as a list to export; the database sends them piece by piece."""

    def items() -> Iterator[Row]:
        for values in tickets.select_related(None).values_list(*FIELDS).iterator(chunk_size=CHUNK):
            yield dict(zip(FIELDS, values, strict=True))

    return Listing(columns_for(person, at), tickets.count, items)
