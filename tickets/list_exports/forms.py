"""What an export and its schedule ask."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import CLIENT_ROLES, Role, User
from tickets.list_exports.listing import NoSuchList
from tickets.list_exports.sources import list_of, may_export
from tickets.models import Every, ExportFormat, ExportSource
from tickets.reports.days import RecentPeriod

OF_A_PERIOD = frozenset({ExportSource.FIGURES, ExportSource.BREACHES})


class ExportForm(forms.Form):
    """Which list, as what."""

    source = forms.ChoiceField(choices=ExportSource.choices, widget=forms.HiddenInput)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    suffix = forms.ChoiceField(label=_("Format"), choices=ExportFormat.choices, initial=ExportFormat.XLSX)


class ScheduleForm(ExportForm):
    """When it leaves, and to whom: a manager of either side chooses among their own side, anybody else has it alone."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What the mail is called."))
    every = forms.ChoiceField(label=_("How often"), choices=Every.choices)
    period = forms.ChoiceField(
        label=_("Period"),
        choices=RecentPeriod.choices,
        initial=RecentPeriod.PREVIOUS_MONTH,
        help_text=_("Counted from the day on which the list leaves."),
    )
    recipients = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("To whom"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each person receives the list as they may see it."),
    )
    field_order = ("name", "suffix", "every", "period", "recipients", "source", "query")

    def __init__(self, *args: Any, person: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        source = str(self["source"].value() or "")
        field = cast("forms.ModelMultipleChoiceField", self.fields["recipients"])
        field.queryset = _may_receive(person, source)
        if source not in OF_A_PERIOD:
            del self.fields["period"]

    def clean(self) -> dict[str, Any]:
        """Replace the days of the page by a period that moves on, and refuse what a recipient could not be sent."""
        wanted = super().clean() or {}
        if self.errors:
            return wanted
        if period := wanted.pop("period", ""):
            wanted["query"] = _over(period, wanted["query"])
        for each in wanted["recipients"]:
            try:
                list_of(ExportSource(wanted["source"]), wanted["query"], each, self.at)
            except NoSuchList as error:
                raise ValidationError(
                    _("%(person)s cannot be sent this list. %(reason)s"),
                    params={"person": each, "reason": error},
                ) from error
        return wanted


def _over(period: str, query: str) -> str:
    """Return a list's filters over a period that moves on, instead of the days that they said."""
    filters = QueryDict(query, mutable=True)
    for name in ("from", "to", "month"):
        filters.pop(name, None)
    filters["period"] = period
    return filters.urlencode()


def _may_receive(person: User, source: str) -> Any:
    if source not in ExportSource.values:
        return User.objects.none()
    people = User.objects.filter(is_active=True, client=person.client_id)
    if person.is_vendor:
        people = people.exclude(role__in=CLIENT_ROLES)
    if person.role not in {Role.MANAGER, Role.CLIENT_MANAGER}:
        people = people.filter(pk=person.pk)
    return people.filter(pk__in=[each.pk for each in people if may_export(ExportSource(source), each)])
