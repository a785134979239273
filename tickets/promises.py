"""The deadlines that a ticket would be promised, or was, computed by the engine and said in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sla.calendar import CalendarError
from sla.clock import Event, EventKind, assess
from sla.models import Contract
from sla.policy import PolicyError, Severity
from sla.versions import NoVersion, compiled_calendar, compiled_policy, versions_at
from tickets.models import Ticket
from tickets.phrases import say_instant

# What the engine answers when a contract's calendar or policy cannot be worked under.
UNWORKABLE = (NoVersion, CalendarError, PolicyError)


class NoPromise(Exception):
    """The deadlines cannot be computed: no version in force, a calendar never open, a policy without targets."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The deadlines of this contract cannot be computed: its calendar or its service levels are missing. "
                "Please tell the support team."
            )
        )


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised for one severity: instants in UTC, None where there is no commitment (C-SLA-3)."""

    severity: Severity
    received_at: datetime
    acknowledge_due: datetime | None
    resolve_due: datetime | None

    @property
    def acknowledge(self) -> str:
        """Say the acknowledgement's deadline."""
        return _say_due(self.acknowledge_due)

    @property
    def resolve(self) -> str:
        """Say the resolution's deadline."""
        return _say_due(self.resolve_due)


def promise(contract: Contract, severity: Severity, *, received_at: datetime, at: datetime) -> Promised:
    """Return what a ticket received at `received_at` and registered at `at` would be promised (K-1, C-CAL-3).

    Raises `NoPromise` when the contract's calendar or policy cannot say.
    """
    return promises(contract, [severity], received_at=received_at, at=at)[0]


def promises(
    contract: Contract, severities: list[Severity], *, received_at: datetime, at: datetime
) -> list[Promised]:
    """Return the same for several severities, under the versions in force at `at`."""
    try:
        of_calendar, of_policy = versions_at(contract, at)
        calendar, policy = compiled_calendar(of_calendar), compiled_policy(of_policy)
        # As both clocks stand at reception: a deadline already past since then is still the deadline.
        statements = [
            assess([Event(EventKind.RECEIVED, received_at, severity)], policy, calendar, received_at)
            for severity in severities
        ]
    except UNWORKABLE as error:
        raise NoPromise from error
    return [
        Promised(severity, received_at, statement.acknowledge.due, statement.resolve.due)
        for severity, statement in zip(severities, statements, strict=True)
    ]


def promised_to(ticket: Ticket) -> Promised:
    """Return what was promised to a ticket just filed."""
    return Promised(
        Severity(ticket.severity), ticket.received_at, ticket.acknowledge_due_at, ticket.resolve_due_at
    )


def say_promise(promised: Promised) -> str:
    """Say both deadlines in one clause: « prise en compte au plus tard …; résolution : aucun engagement »."""
    acknowledge = (
        _("acknowledgement at the latest on %(due)s") % {"due": promised.acknowledge}
        if promised.acknowledge_due
        else _("acknowledgement: no commitment")
    )
    resolve = (
        _("resolution at the latest on %(due)s") % {"due": promised.resolve}
        if promised.resolve_due
        else _("resolution: no commitment")
    )
    return _("%(acknowledge)s; %(resolve)s") % {"acknowledge": acknowledge, "resolve": resolve}


def _say_due(due: datetime | None) -> str:
    return say_instant(due) if due else _("no commitment")
