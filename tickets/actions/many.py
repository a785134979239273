"""The same act on many tickets: each in a transaction of its own, each with its own result, nothing half done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from tickets.actions.work import IllegalMove
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one ticket: done, or refused and why, in the reader's language."""

    ticket: Ticket
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        """Tell whether the act was performed."""
        return not self.refusal


def on_each(tickets: Iterable[Ticket], perform: Callable[[Ticket], object]) -> list[Outcome]:
    """Perform on each ticket in turn; one that refuses is left as it was and does not stop the others."""
    outcomes = []
    for ticket in tickets:
        try:
            perform(ticket)
        except (IllegalMove, PermissionDenied, ValidationError) as refused:
            outcomes.append(Outcome(ticket, _said(refused)))
        else:
            outcomes.append(Outcome(ticket))
    return outcomes


def _said(refused: Exception) -> str:
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    return str(refused) or _("You may not do this on this ticket.")
