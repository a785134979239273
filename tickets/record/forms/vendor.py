"""The forms of what the vendor's agents do."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Solution
from sla.models import Contract
from sla.policy import Severity
from tickets.attachments import MultipleFileField
from tickets.models import Ticket
from tickets.notifications.audience import support_team
from tickets.paid_work import may_close_on
from tickets.permissions import support_day
from tickets.record.forms.base import ActionForm, MessageForm, text
from tickets.record.forms.quotes import lapsing_notices
from tickets.words import (
    SEVERITIES,
    SEVERITY_DEFINITIONS,
    VENDOR_CLOSING_GROUNDS,
    ClosingGround,
    DeliveryKind,
    OutOfScopeGround,
)

SHOWN_ORIGINALS = 200  # of the client's tickets, suggested while a number is typed


class OwnerField(forms.ModelChoiceField):
    """One of the people who work on tickets."""

    def __init__(self, empty_label: Any = None) -> None:
        super().__init__(queryset=support_team(), label=_("Owner"), empty_label=empty_label)


class AcknowledgeForm(MessageForm):
    """Taking a ticket: who owns it, and the first words to the client (C-SLA-2)."""

    owner = OwnerField()
    message = text(_("First message to the client"))
    attachments = MultipleFileField()

    field_order = ("seen", "owner", "message", "attachments")

    def prepare(self) -> None:
        """Propose oneself, unless somebody owns the ticket already."""
        self.initial.setdefault("owner", self.standing.life.owner or self.user.pk)


class AssignForm(ActionForm):
    """Another owner."""

    owner = OwnerField()

    def prepare(self) -> None:
        """Offer everybody but the present owner."""
        self.offer_rows("owner", support_team().exclude(pk=self.standing.life.owner or 0))
        self.initial.setdefault("owner", self.user.pk)


class RequalifyForm(ActionForm):
    """The severity that the vendor retains (C-SEV-1, C-SEV-2)."""

    severity = forms.TypedChoiceField(label=_("Severity retained"), coerce=Severity, widget=forms.RadioSelect)
    motive = text(
        _("Motive"),
        required=False,
        rows=4,
        help_text=_("Required when the severity changes, or is not the one claimed; the client reads it."),
    )

    def prepare(self) -> None:
        """Offer the severities not retained yet, with their definitions."""
        self.offer_choices(
            "severity",
            [
                (severity, format_html("<strong>{}</strong> — {}", label, SEVERITY_DEFINITIONS[severity]))
                for severity, label in SEVERITIES.items()
                if severity != self.standing.life.retained
            ],
        )


DELIVERIES = {
    DeliveryKind.FIX: _(
        "corrects the anomaly. The client accepts or refuses it; silence beyond the delay closes the ticket (C-CLI-2)."
    ),
    DeliveryKind.WORKAROUND: _(
        "keeps the anomaly from hindering use. The client judges it definitive (it resolves the anomaly) or "
        "provisional (the anomaly stays open); silence is not a judgement (C-WKA-1, C-WKA-2, K-17)."
    ),
}


class DeliverForm(ActionForm):
    """What goes under test (C-CLI-1)."""

    what = forms.TypedChoiceField(label=_("What is delivered"), coerce=DeliveryKind, widget=forms.RadioSelect)
    version = forms.CharField(label=_("Version delivered"), required=False, max_length=80)
    content = text(_("What was done"))
    how_to_test = text(_("How to test it"), rows=4)
    touches_data = forms.BooleanField(
        label=_("This delivery may touch the client's data"),
        required=False,
        help_text=_("The client is then reminded to make a backup first (C-CLI-4)."),
    )
    attachments = MultipleFileField()

    def prepare(self) -> None:
        """Explain both kinds."""
        self.offer_choices(
            "what",
            [
                (kind, format_html("<strong>{}</strong> — {}", kind.label, explanation))
                for kind, explanation in DELIVERIES.items()
            ],
        )


class OutOfScopeForm(ActionForm):
    """One named ground, and why (C-OUT-3)."""

    ground = forms.TypedChoiceField(
        label=_("Ground"), coerce=OutOfScopeGround, choices=OutOfScopeGround.choices, widget=forms.RadioSelect
    )
    explanation = text(_("Explanation"), help_text=_("The client reads it, and may contest it."))


class OriginalInput(forms.NumberInput):
    """A ticket's number, with the client's own tickets suggested."""

    template_name = "record/original_input.html"

    def __init__(self) -> None:
        super().__init__()
        self.originals: QuerySet[Ticket] = Ticket.objects.none()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the suggestions."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return {**context, "originals": self.originals[:SHOWN_ORIGINALS]}


class CloseForm(ActionForm):
    """Why the vendor closes (K-17, K-19)."""

    ground = forms.TypedChoiceField(label=_("Ground"), coerce=ClosingGround, widget=forms.RadioSelect)
    duplicate_of = forms.ModelChoiceField(
        label=_("Number of the original ticket"),
        queryset=Ticket.objects.none(),
        required=False,
        widget=OriginalInput,
        help_text=_("For a duplicate only: another ticket of the same client, received first (K-19)."),
        error_messages={"invalid_choice": _("This is not the number of another ticket of the same client.")},
    )
    message = text(_("Explanation to the client"))

    def prepare(self) -> None:
        """Offer the grounds that hold now, and the client's tickets received earlier."""
        ticket, life = self.standing.ticket, self.standing.life
        # A workaround under test closes for one ground alone (K-17).
        grounds = [ClosingGround.NO_COOPERATION] if life.delivery else list(VENDOR_CLOSING_GROUNDS)
        self.offer_choices(
            "ground",
            [
                (ground, ground.label)
                for ground in grounds
                if (ground != ClosingGround.NO_COOPERATION or life.warned_at)
                and (ground != ClosingGround.OUT_OF_SCOPE or life.out_of_scope)
                and may_close_on(life.work, ground)
            ],
        )
        self.notices += lapsing_notices(self.standing)
        others = Ticket.objects.filter(client=ticket.client_id).exclude(pk=ticket.pk)
        self.offer_rows("duplicate_of", others)
        cast("OriginalInput", self.fields["duplicate_of"].widget).originals = others.filter(
            received_at__lte=ticket.received_at, duplicate_of=None
        ).order_by("-received_at")


class CorrectForm(ActionForm):
    """The title and the solution, as they should have been."""

    title = forms.CharField(label=_("Title"), max_length=200)
    solution = forms.ModelChoiceField(
        queryset=Solution.objects.none(),
        label=_("Solution"),
        empty_label=None,
        help_text=_("The promised delays keep the calendar and the policy they were given (C-CAL-3)."),
    )

    def prepare(self) -> None:
        """Offer the solutions that the client had under contract on the day of reception."""
        ticket = self.standing.ticket
        contracts = Contract.objects.in_force(support_day(ticket.received_at)).filter(client=ticket.client_id)
        own = Solution.objects.filter(pk=ticket.solution_id)
        offered = Solution.objects.filter(pk__in=contracts.values("solution")) | own
        self.offer_rows("solution", offered)
        self.initial.setdefault("title", ticket.title)
        self.initial.setdefault("solution", ticket.solution_id)
