"""The forms that tie tickets together: a relation, a split, a product anomaly."""

from typing import cast

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from sla.policy import Severity
from tickets.models import Message, ProductAnomaly, Ticket
from tickets.phrases import say_short
from tickets.record.forms.base import ActionForm
from tickets.record.forms.vendor import OriginalInput
from tickets.words import SEVERITY_CHOICES


class RelateForm(ActionForm):
    """Another ticket of the same client."""

    other = forms.ModelChoiceField(
        label=_("Number of the other ticket"),
        queryset=Ticket.objects.none(),
        widget=OriginalInput,
        help_text=_("Another ticket of the same client; both sides see the relation."),
        error_messages={"invalid_choice": _("This is not the number of another ticket of the same client.")},
    )
    remove = forms.BooleanField(label=_("Undo this relation"), required=False)

    def prepare(self) -> None:
        """Offer the client's own tickets."""
        others = Ticket.objects.filter(client=self.standing.ticket.client_id).exclude(
            pk=self.standing.ticket.pk
        )
        self.offer_rows("other", others)
        cast("OriginalInput", self.fields["other"].widget).originals = others.order_by("-pk")


class MessageField(forms.ModelChoiceField):
    """One of the client's messages, by its author, its date and its first words."""

    def label_from_instance(self, obj: Message) -> str:
        """Say who wrote, when, and how it begins."""
        return f"{obj.author} · {say_short(obj.sent_at)} · {Truncator(obj.body).chars(80)}"


class SplitForm(ActionForm):
    """Which message reports something else, and what it is called."""

    source = MessageField(
        label=_("Message to split"),
        empty_label=_("Choose…"),
        queryset=Message.objects.none(),
        help_text=_("It becomes the description of the new ticket, received at the instant of the message."),
        error_messages={"required": _("The client has written nothing here that could be split.")},
    )
    title = forms.CharField(label=_("Title of the new ticket"), max_length=200)
    severity = forms.TypedChoiceField(
        label=_("Severity claimed"), coerce=Severity, choices=SEVERITY_CHOICES, initial=Severity.MINEURE
    )

    def prepare(self) -> None:
        """Offer what the client wrote in the conversation, the last first."""
        ticket = self.standing.ticket
        said = Message.objects.filter(ticket=ticket, is_internal=False, author__client=ticket.client_id)
        self.offer_rows("source", said.select_related("author").order_by("-sent_at"))


class LinkAnomalyForm(ActionForm):
    """A known defect of the ticket's solution, or none."""

    anomaly = forms.ModelChoiceField(
        label=_("Product anomaly"),
        queryset=ProductAnomaly.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_(
            "The client reads its number, its summary and the planned version, never who else has it."
        ),
    )

    def prepare(self) -> None:
        """Offer the defects of the ticket's solution, the present one chosen."""
        ticket = self.standing.ticket
        self.offer_rows("anomaly", ProductAnomaly.objects.filter(solution=ticket.solution_id))
        linked = ProductAnomaly.objects.filter(links__ticket=ticket).first()
        self.initial.setdefault("anomaly", linked.pk if linked else None)
