"""The forms of work that the contract does not cover: study, quote, acceptance (C-OUT-4)."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.attachments import MultipleFileField
from tickets.models import PriceItem, PriceList, Quote
from tickets.money import euros
from tickets.permissions import support_day
from tickets.record.forms.base import ActionForm, MessageForm, text

DECIMALS = 2  # of a quantity


def _is_yes(value: str) -> bool:
    return value == "yes"


class StudyForm(MessageForm):
    """Whether the work can be done, and what was found."""

    feasible = forms.TypedChoiceField(
        label=gettext_lazy("Outcome of the study"),
        coerce=_is_yes,
        choices=[
            ("yes", gettext_lazy("The work can be done: a quote follows.")),
            ("no", gettext_lazy("The work cannot be done: the request ends here.")),
        ],
        widget=forms.RadioSelect,
        empty_value=None,
    )
    message = text(
        gettext_lazy("Feasibility study"),
        help_text=gettext_lazy("The client reads it; the quote repeats it."),
    )
    attachments = MultipleFileField()

    field_order = ("seen", "feasible", "message", "attachments")


class QuantitiesInput(forms.Widget):
    """The lines of a price list, with a box for the quantity of each: `name-CODE` in what is sent."""

    template_name = "quotes/quantities.html"
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__()
        self.items: list[PriceItem] = []

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, str]:
        """Return what was typed, by code; an empty box is left out."""
        prefix = f"{name}-"
        return {
            key.removeprefix(prefix): str(value).strip()
            for key, value in data.items()
            if key.startswith(prefix) and str(value).strip()
        }

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        """Tell whether no box was sent at all."""
        return not any(key.startswith(f"{name}-") for key in data)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give each line its box."""
        typed = value if isinstance(value, Mapping) else {}
        rows = [(item, f"{name}-{item.code}", typed.get(item.code, "")) for item in self.items]
        return {**super().get_context(name, value, attrs), "rows": rows}

    def id_for_label(self, id_: str) -> str:
        """Return nothing: the label is that of a group."""
        return ""


class QuantitiesField(forms.Field):
    """So many units of lines of a price list, by code."""

    widget = QuantitiesInput

    def clean(self, value: Any) -> dict[str, Decimal]:
        """Read the quantities; what is no number, or has more than two decimals, is refused by its code."""
        typed = value if isinstance(value, Mapping) else {}
        if not typed:
            raise ValidationError(_("A quote has one line at least."))
        return {code: _quantity(code, said) for code, said in typed.items()}


def _quantity(code: str, said: str) -> Decimal:
    """Read a number with a comma or a point for its decimals, blanks between its thousands or not."""
    try:
        quantity = Decimal("".join(said.split()).replace(",", "."))
    except InvalidOperation:
        quantity = Decimal("NaN")
    exponent = quantity.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -DECIMALS:
        raise ValidationError(
            _("%(code)s: “%(said)s” is no quantity: a number, with two decimals at most.")
            % {"code": code[:40], "said": said[:40]}
        )
    return quantity


class IssueQuoteForm(ActionForm):
    """What is offered: lines of the price list of the day of the request, until when, and when it would be done."""

    lines = QuantitiesField(
        label=gettext_lazy("Quantities"),
        help_text=gettext_lazy(
            "The public prices in force on the day of the request; an empty line is left out."
        ),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Included: the client answers by the end of that day."),
    )
    execution = text(
        gettext_lazy("What is done, and when"),
        rows=4,
        help_text=gettext_lazy("Printed on the quote: what each line covers, the delay once it is accepted."),
    )
    message = text(gettext_lazy("Message (optional)"), required=False, rows=3)

    def prepare(self) -> None:
        """Offer the lines of the list that the request named, and its usual validity."""
        paid = self.standing.life.work
        price_list = PriceList.objects.filter(pk=paid.price_list).first() if paid else None
        if price_list is None:
            return
        field = cast("QuantitiesField", self.fields["lines"])
        cast("QuantitiesInput", field.widget).items = list(price_list.items.all())
        day = support_day(self.standing.at) + timedelta(days=price_list.validity_days)
        self.initial.setdefault("valid_until", day)


class QuoteAnswerForm(ActionForm):
    """An answer to the quote that its author has read, and to no other."""

    quote = forms.IntegerField(
        label=gettext_lazy("Number of the quote that is answered"), min_value=1, widget=forms.HiddenInput
    )
    message = text(gettext_lazy("Message (optional)"), required=False, rows=3)

    def prepare(self) -> None:
        """Name the quote that awaits an answer."""
        paid = self.standing.life.work
        self.awaiting = Quote.objects.filter(pk=paid.quote).first() if paid and paid.quote else None
        self.initial.setdefault("quote", self.awaiting and self.awaiting.pk)


class AcceptQuoteForm(QuoteAnswerForm):
    """The client's agreement, in so many words."""

    agreed = forms.BooleanField(
        label=gettext_lazy("I accept this quote in the name of my organisation."),
        help_text=gettext_lazy("The work starts then, and the amount is owed."),
    )
    order_reference = forms.CharField(
        label=gettext_lazy("Your purchase order (optional)"), required=False, max_length=80
    )

    field_order = ("seen", "quote", "agreed", "order_reference", "message")

    def prepare(self) -> None:
        """Say what is accepted: which quote, for how much."""
        super().prepare()
        # A form sent back names the quote that its author read, whatever has replaced it since.
        if self.awaiting and str(self["quote"].value()) == str(self.awaiting.pk):
            self.fields["agreed"].label = _(
                "I accept the quote %(reference)s, %(net)s without tax (%(gross)s with tax), in the name of"
                " my organisation."
            ) % {
                "reference": self.awaiting.reference,
                "net": euros(self.awaiting.net),
                "gross": euros(self.awaiting.gross),
            }
