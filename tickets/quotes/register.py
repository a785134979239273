"""The register of paid work: the tickets on which a quote was asked for, how far each has come, its quotes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from tickets.lists.filters import mistakes_of
from tickets.models import Quote, Ticket, TicketQuerySet
from tickets.quotes.outcomes import Outcome, outcomes_of
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
class KnownQuote:
    """A quote and what became of it."""

    quote: Quote
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PaidTicket:
    """A ticket on which a quote was asked for, with every quote issued on it, the last first."""

    ticket: Ticket
    quotes: tuple[KnownQuote, ...]

    @property
    def stage(self) -> WorkStage:
        """How far the last request has come."""
        return WorkStage(self.ticket.work_stage)


def paid_work_for(person: User, at: datetime) -> TicketQuerySet:
    """Return the tickets that `person` may read at `at`; `PaidWorkFilter` keeps those with paid work."""
    return Ticket.objects.visible_to(person, at=at)


def with_quotes(tickets: Iterable[Ticket]) -> list[PaidTicket]:
    """Return tickets with their quotes and what became of them: two queries more, whatever their number."""
    known = list(tickets)
    quotes: dict[int, list[Quote]] = defaultdict(list)
    for quote in Quote.objects.filter(ticket__in=known).defer("document").order_by("-issued_at", "-pk"):
        quotes[quote.ticket_id].append(quote)
    outcomes = outcomes_of(ticket.pk for ticket in known)
    return [
        PaidTicket(ticket, tuple(KnownQuote(quote, outcomes[quote.pk]) for quote in quotes[ticket.pk]))
        for ticket in known
    ]


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line of the register as it is exported: a quote of a ticket, or a ticket that has none."""

    ticket: Ticket
    stage: WorkStage
    known: KnownQuote | None


def lines_of(paid: Iterable[PaidTicket]) -> Iterator[PaidLine]:
    """Yield a line for each quote, and one for each ticket without any."""
    for each in paid:
        for known in each.quotes or (None,):
            yield PaidLine(each.ticket, each.stage, known)


def count_lines(tickets: TicketQuerySet) -> int:
    """Count the lines of tickets: their quotes, and those that have none."""
    return tickets.filter(quotes=None).count() + Quote.objects.filter(ticket__in=tickets.values("pk")).count()
