"""Which versions to apply, to which tickets, and why."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Solution
from sla.models import CalendarVersion, Contract, PolicyVersion
from tickets.actions.recomputing import Versions

LONGEST_MOTIVE = 5_000


class ChoiceForm(forms.Form):
    """The versions in force by now, and what narrows the tickets."""

    calendar_version = forms.ModelChoiceField(
        CalendarVersion.objects.none(),
        label=_("Calendar to apply"),
        required=False,
        empty_label=_("each ticket keeps its own"),
    )
    policy_version = forms.ModelChoiceField(
        PolicyVersion.objects.none(),
        label=_("Policy to apply"),
        required=False,
        empty_label=_("each ticket keeps its own"),
    )
    client = forms.ModelChoiceField(
        Client.objects.all(), label=_("Client"), required=False, empty_label=_("All clients")
    )
    solution = forms.ModelChoiceField(
        Solution.objects.all(), label=_("Solution"), required=False, empty_label=_("All solutions")
    )
    contract = forms.ModelChoiceField(
        Contract.objects.select_related("client", "solution"),
        label=_("Contract"),
        required=False,
        empty_label=_("All contracts"),
    )
    moved_only = forms.BooleanField(label=_("Only the tickets of which a promise moves"), required=False)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model, parent in (
            ("calendar_version", CalendarVersion, "calendar"),
            ("policy_version", PolicyVersion, "policy"),
        ):
            versions = model.objects.filter(published_at__lte=at).select_related(parent)
            field = cast("forms.ModelChoiceField", self.fields[name])
            field.queryset = versions.order_by(f"{parent}__name", "-number")

    def clean(self) -> dict[str, Any]:
        """Ask for one version at least."""
        values = super().clean() or self.cleaned_data
        if not self.errors and not (values.get("calendar_version") or values.get("policy_version")):
            self.add_error("calendar_version", _("Choose a calendar or a policy to apply."))
        return values

    @property
    def versions(self) -> Versions:
        """The versions chosen."""
        return Versions(self.cleaned_data["calendar_version"], self.cleaned_data["policy_version"])

    @property
    def narrowing(self) -> dict[str, Any]:
        """What narrows the tickets, by name."""
        return {name: self.cleaned_data.get(name) for name in ("client", "solution", "contract")}


class MotiveForm(forms.Form):
    """Why, and what was seen."""

    motive = forms.CharField(
        label=_("Motive"),
        max_length=LONGEST_MOTIVE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Each client reads it, with the delays before and after."),
    )
    seal = forms.CharField(widget=forms.HiddenInput)
