"""Which months of a contract have a report, and which contract it took over from."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from sla.models import Contract
from tickets.models import Ticket
from tickets.reports.days import Days

JSON = dict[str, Any]


def covered(days: Days) -> Q:
    """Return the condition on contracts whose reports take in `days`: in force on one, or with a ticket open in them.

    A ticket outlives its contract: its promises are kept or missed, and reported, until it is closed.
    """
    in_force = Q(starts_on__lte=days.last) & (Q(ends_on__isnull=True) | Q(ends_on__gte=days.first))
    alive = Ticket.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=days.starts_at),
        contract=OuterRef("pk"),
        received_at__lt=days.ends_at,
    )
    return in_force | Q(Exists(alive))


def former_of(contract: Contract) -> JSON | None:
    """Return the contract that this one took over from, of the same client and solution; None for the first."""
    former = (
        Contract.objects.filter(
            client=contract.client_id, solution=contract.solution_id, starts_on__lt=contract.starts_on
        )
        .order_by("-starts_on")
        .first()
    )
    if former is None:
        return None
    return {"reference": former.reference, "ends_on": former.ends_on and former.ends_on.isoformat()}
