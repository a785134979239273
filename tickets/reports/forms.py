"""What a report's address may ask for."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Solution, User
from sla.models import Contract
from tickets.lists.filters import mistakes_of
from tickets.reports.months import Month
from tickets.reports.records import Figure
from tickets.words import SEVERITY_CHOICES


class MonthField(forms.Field):
    """A month written “2026-05”."""

    default_error_messages = {
        "invalid": _("“%(value)s” is not a month: write the year and the month, as in 2026-05.")
    }

    def to_python(self, value: object) -> Month | None:
        """Read the month; nothing for nothing."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return Month.from_text(text)
        except ValueError as error:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": text[:20]}
            ) from error


class MonthForm(forms.Form):
    """Which month to show."""

    month = MonthField(
        label=_("Month"),
        required=False,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-05"}),
    )

    def __init__(self, *args: Any, present: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present

    def clean_month(self) -> Month | None:
        """Refuse a month that has not begun: nothing is promised in it yet."""
        month: Month | None = self.cleaned_data["month"]
        if month is not None and month > self.present:
            raise ValidationError(
                _("“%(month)s” has not begun: nothing can be counted in it."), params={"month": str(month)}
            )
        return month


class FigureForm(forms.Form):
    """Which tickets: those behind a figure of a month, as the line that shows it narrows them."""

    month = MonthField(label=_("Month"))
    figure = forms.ChoiceField(label=_("Figure"), choices=Figure.choices)
    severity = forms.ChoiceField(label=_("Severity"), choices=[("", ""), *SEVERITY_CHOICES], required=False)
    solution = forms.ModelChoiceField(Solution.objects.all(), label=_("Solution"), required=False)
    client = forms.ModelChoiceField(Client.objects.all(), label=_("Client"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not person.is_vendor:
            # Not even the existence of another client, or of a product it never bought, shows.
            contracts = Contract.objects.filter(client=person.client_id)
            solution, client = (
                cast("forms.ModelChoiceField", self.fields[name]) for name in ("solution", "client")
            )
            solution.queryset = Solution.objects.filter(pk__in=contracts.values("solution"))
            client.queryset = Client.objects.filter(people=person)

    @property
    def mistakes(self) -> list[str]:
        """Say what of the address was not understood."""
        return mistakes_of(self)

    @property
    def narrowing(self) -> dict[str, Any]:
        """What narrows the figure, by name."""
        return {name: self.cleaned_data.get(name) for name in ("severity", "solution", "client")}
