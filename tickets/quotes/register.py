"""The register of paid work: the tickets on which a quote was asked for, how far each has come, its last quote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from tickets.lists.filters import mistakes_of
from tickets.models import Quote, Ticket, TicketQuerySet
from tickets.words import WORK_UNDER_WAY, WorkStage

UNDER_WAY = "under_way"


class PaidWorkFilter(forms.Form):
    """Which paid work is listed."""

    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[("", _("All stages")), (UNDER_WAY, _("Under way")), *WorkStage.choices],
        required=False,
    )
    client = forms.ModelChoiceField(
        label=_("Client"), queryset=Client.objects.all(), required=False, empty_label=_("All clients")
    )

    def __init__(self, *args: object, person: User, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if not person.is_vendor:
            del self.fields["client"]

    @property
    def mistakes(self) -> list[str]:
        """Say each filter that was left aside, and why."""
        return mistakes_of(self)

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep what the filters that are understood say, the latest request first."""
        stage, client = self.cleaned_data.get("stage"), self.cleaned_data.get("client")
        found = tickets.exclude(work_stage="")
        if stage:
            found = found.filter(work_stage__in=WORK_UNDER_WAY if stage == UNDER_WAY else [stage])
        if client:
            found = found.filter(client=client)
        return found.select_related("client", "solution").order_by("-work_requested_at", "-id")


@dataclass(frozen=True, slots=True)
class PaidTicket:
    """A ticket on which a quote was asked for, with the last one issued since, if any."""

    ticket: Ticket
    quote: Quote | None

    @property
    def stage(self) -> WorkStage:
        """How far it has come."""
        return WorkStage(self.ticket.work_stage)


def paid_work_for(person: User, at: datetime) -> TicketQuerySet:
    """Return the tickets that `person` may read at `at`; `PaidWorkFilter` keeps those with paid work."""
    return Ticket.objects.visible_to(person, at=at)


def with_quotes(tickets: Iterable[Ticket]) -> list[PaidTicket]:
    """Return tickets with the last quote of their last request: one query more, whatever their number."""
    known = list(tickets)
    quotes = Quote.objects.filter(ticket__in=known).defer("document").order_by("issued_at", "pk")
    last = {quote.ticket_id: quote for quote in quotes}
    return [PaidTicket(ticket, _of_this_request(ticket, last.get(ticket.pk))) for ticket in known]


def _of_this_request(ticket: Ticket, quote: Quote | None) -> Quote | None:
    requested_at = ticket.work_requested_at
    return (
        quote if quote is not None and requested_at is not None and quote.issued_at >= requested_at else None
    )
