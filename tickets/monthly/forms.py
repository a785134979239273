"""What the pages of the monthly reports ask."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sla.models import Contract
from tickets.models import MonthlyReport
from tickets.reports.forms import MonthField
from tickets.reports.months import Month


class BuildForm(forms.Form):
    """Which contract's month to build."""

    contract = forms.ModelChoiceField(
        Contract.objects.select_related("client", "solution"),
        label=_("Contract"),
        empty_label=_("Choose a contract"),
    )
    month = MonthField(
        label=_("Month"), widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-05"})
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_month(self) -> Month:
        """Refuse a month that has not begun."""
        month: Month = self.cleaned_data["month"]
        if month > Month.of(self.at):
            raise ValidationError(_("The month has not begun: nothing can be counted in it."))
        return month


class ReviewForm(forms.Form):
    """The texts of a draft, and that a synthesis of former figures still holds."""

    correction = forms.CharField(
        label=_("What it corrects"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    synthesis = forms.CharField(
        label=_("Synthesis"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Written by rule from the figures until somebody changes it; left blank, it is the rule's again."
        ),
    )
    action_plan = forms.CharField(
        label=_("Action plan"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What is decided, by whom, for when."),
    )
    confirmed = forms.BooleanField(
        label=_("I have read the synthesis again: it holds beside the figures as they stand."), required=False
    )

    def __init__(self, *args: Any, report: MonthlyReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not report.corrects_id:
            del self.fields["correction"]

    @property
    def texts(self) -> list[forms.BoundField]:
        """What is typed, without the box to tick."""
        return [field for field in self.visible_fields() if field.name != "confirmed"]


class ErratumForm(forms.Form):
    """What an erratum corrects."""

    correction = forms.CharField(
        label=_("What is to be corrected"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
