"""One act on many tickets chosen in the queue: its forms, and how each ticket is served."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from sla.policy import Severity
from tickets.actions import PERFORM
from tickets.actions.many import Outcome, on_each
from tickets.acts import Action
from tickets.models import Message, Ticket, TicketQuerySet
from tickets.record.forms.base import text
from tickets.record.forms.vendor import OwnerField
from tickets.seen import Seen
from tickets.words import SEVERITY_CHOICES, VENDOR_CLOSING_GROUNDS, ClosingGround

# What binds many clients is chosen, never left as the browser proposes it.
NONE_YET = ("", gettext_lazy("Choose…"))
MOST = 100  # tickets in one act: what an agent can have looked at


class AssignTogether(forms.Form):
    """Another owner for all of them."""

    owner = OwnerField(empty_label=gettext_lazy("Choose…"))


class RequalifyTogether(forms.Form):
    """One severity retained for all of them (C-SEV-2)."""

    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity retained"), coerce=Severity, choices=[NONE_YET, *SEVERITY_CHOICES]
    )
    motive = text(gettext_lazy("Motive"), rows=4, help_text=gettext_lazy("Each client reads it."))


class MessageTogether(forms.Form):
    """The same words on all of them."""

    message = text(gettext_lazy("Message"))


class CloseTogether(MessageTogether):
    """One ground for all of them; a duplicate is closed on its own page, where its original is named."""

    ground = forms.TypedChoiceField(
        label=gettext_lazy("Ground"),
        coerce=ClosingGround,
        choices=[
            NONE_YET,
            *((each.value, each.label) for each in VENDOR_CLOSING_GROUNDS if each != ClosingGround.DUPLICATE),
        ],
    )


TOGETHER: dict[Action, type[forms.Form]] = {
    Action.ASSIGN: AssignTogether,
    Action.REQUALIFY: RequalifyTogether,
    Action.ASK: MessageTogether,
    Action.NOTE: MessageTogether,
    Action.CLOSE: CloseTogether,
}
"""The acts that are done on many tickets at once, each with its form."""


def found(visible: TicketQuerySet, numbers: Sequence[str]) -> list[Ticket]:
    """Return the tickets of these numbers that the person may see, in their order; at most those of one act."""
    wanted = {int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 18}
    return list(visible.filter(pk__in=wanted).select_related("client", "owner").order_by("pk")[:MOST])


def with_seen(tickets: Sequence[Ticket]) -> list[tuple[Ticket, Seen]]:
    """Return each ticket with what there is to see of it, which its form sends back: one query."""
    messages = Message.objects.filter(ticket__in=[ticket.pk for ticket in tickets]).order_by()
    last = dict(messages.values_list("ticket").annotate(last=Max("pk")))
    return [(ticket, Seen(ticket.last_seq, last.get(ticket.pk, 0))) for ticket in tickets]


def chosen(visible: TicketQuerySet, numbers: Sequence[str]) -> list[Ticket]:
    """Return the tickets chosen, in the order of their numbers, among those that the person may see.

    `ValidationError` for none, for too many, and for a number that is no visible ticket's (whichever it is).
    """
    if not numbers:
        raise ValidationError(_("No ticket is chosen."))
    if len(set(numbers)) > MOST:
        raise ValidationError(_("At most %(most)d tickets are acted on at once.") % {"most": MOST})
    tickets = found(visible, numbers)
    if len(tickets) != len(set(numbers)):
        raise ValidationError(_("Some of the tickets chosen do not exist: nothing was done."))
    return tickets


def perform_together(
    action: Action,
    tickets: Sequence[Ticket],
    said: dict[str, Any],
    seen: Mapping[int, int],
    *,
    by: User,
    at: datetime,
) -> list[Outcome]:
    """Perform `action` on each ticket as its own page would; `seen`: the last entry its author saw, by ticket."""
    perform: Callable[..., object] = PERFORM[action]
    return on_each(tickets, lambda ticket: perform(ticket, by=by, at=at, seen=seen.get(ticket.pk), **said))
