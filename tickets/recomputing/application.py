"""Applying what was previewed: one transaction a ticket, and for each what became of it."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from tickets.actions.recomputing import recompute_as_foreseen
from tickets.actions.work import IllegalMove
from tickets.models import Ticket
from tickets.recomputing.seal import Previewed


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one ticket; `refusal` is empty when it was recomputed as previewed."""

    ticket: Ticket
    refusal: str = ""


def apply_all(previewed: Previewed, *, by: User, at: datetime, motive: str) -> list[Result]:
    """Recompute each ticket as it was previewed; one that has moved since is left as it is, and said so."""
    tickets = Ticket.objects.visible_to(by, at=at).select_related("client")
    found = tickets.in_bulk([number for number, _fingerprint in previewed.tickets])
    results = []
    for number, fingerprint in previewed.tickets:
        ticket = found[number]
        try:
            recompute_as_foreseen(
                ticket, by=by, at=at, motive=motive, versions=previewed.versions, foreseen=fingerprint
            )
        except (IllegalMove, PermissionDenied) as refused:
            results.append(Result(ticket, str(refused)))
        except ValidationError as refused:
            results.append(Result(ticket, " ".join(refused.messages)))
        else:
            results.append(Result(ticket))
    return results
