"""What an export and its schedule ask."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import CLIENT_ROLES, Role, User
from tickets.list_exports.sources import may_export
from tickets.models import Every, ExportFormat, ExportSource


class ExportForm(forms.Form):
    """Which list, as what."""

    source = forms.ChoiceField(choices=ExportSource.choices, widget=forms.HiddenInput)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    suffix = forms.ChoiceField(label=_("Format"), choices=ExportFormat.choices, initial=ExportFormat.XLSX)


class ScheduleForm(ExportForm):
    """When it leaves, and to whom: a manager of either side chooses among their own side, anybody else has it alone."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What the mail is called."))
    every = forms.ChoiceField(label=_("How often"), choices=Every.choices)
    recipients = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("To whom"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each person receives the list as they may see it."),
    )
    field_order = ("name", "suffix", "every", "recipients", "source", "query")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelMultipleChoiceField", self.fields["recipients"])
        field.queryset = _may_receive(person, str(self["source"].value() or ""))


def _may_receive(person: User, source: str) -> Any:
    if source not in ExportSource.values:
        return User.objects.none()
    people = User.objects.filter(is_active=True, client=person.client_id)
    if person.is_vendor:
        people = people.exclude(role__in=CLIENT_ROLES)
    if person.role not in {Role.MANAGER, Role.CLIENT_MANAGER}:
        people = people.filter(pk=person.pk)
    return people.filter(pk__in=[each.pk for each in people if may_export(ExportSource(source), each)])
