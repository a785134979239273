"""Back-office forms about commitments: opening hours and delays as people say them, errors on their fields."""

from datetime import timedelta
from itertools import combinations
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.zones import zone_choices
from sla.admin_fields import NamesField, RisingNumbersField, TargetField, WindowsField
from sla.calendar import BusinessCalendar, CalendarError
from sla.calendar_document import LONGEST_CLOSURE
from sla.models import CalendarVersion, Closure, Contract, PolicyVersion, default_targets, default_week
from sla.policy import LARGEST_DAYS, SEVERITIES

DAYS = range(1, 8)
PLACE_FIELDS = ("timezone", "holiday_country", "holiday_subdivision", "holidays_worked")
KINDS = ("acknowledge", "resolve")


class MendedFirstForm(forms.ModelForm):
    """A form that asks the model's opinion only once its own fields are right, so that nothing is said twice."""

    def _post_clean(self) -> None:
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]


class ContractForm(MendedFirstForm):
    """A contract: its days do not cross, nor those of another for the same client and solution."""

    class Meta:
        model = Contract
        fields = [
            "reference", "client", "solution", "policy", "calendar", "starts_on", "ends_on", "retention_months",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Name the field that must be mended, and the contract that is in the way."""
        values = super().clean() or self.cleaned_data
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("A contract cannot end before it starts."))
        for name in ("policy", "calendar"):
            chosen = values.get(name)
            if chosen and not chosen.versions.filter(published_at__isnull=False).exists():
                self.add_error(name, _("Publish a version of it first: a contract needs one in force."))
        if starts_on and values.get("client") and values.get("solution") and not self.errors:
            self._refuse_overlap(values)
        self._keep_parties()
        return values

    def _keep_parties(self) -> None:
        """Leave to a contract the parties of the tickets filed under it."""
        moved = [name for name in ("client", "solution") if name in self.changed_data]
        if self.instance.pk and moved and self.instance.tickets.exists():
            text = _("Tickets are filed under this contract: end it, and open another.")
            for name in moved:
                self.add_error(name, text)

    def _refuse_overlap(self, values: dict[str, Any]) -> None:
        others = Contract.objects.filter(client=values["client"], solution=values["solution"])
        others = others.exclude(pk=self.instance.pk).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=values["starts_on"])
        )
        if values.get("ends_on"):
            others = others.filter(starts_on__lte=values["ends_on"])
        if other := others.first():
            text = _("Contract %(reference)s already covers this client and solution on some of these days.")
            self.add_error("starts_on", forms.ValidationError(text, params={"reference": other.reference}))


class CalendarVersionForm(MendedFirstForm):
    """A draft of a calendar: seven days, each with its openings."""

    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, initial="Europe/Paris")
    day_1 = WindowsField(label=_("Monday"))
    day_2 = WindowsField(label=_("Tuesday"))
    day_3 = WindowsField(label=_("Wednesday"))
    day_4 = WindowsField(label=_("Thursday"))
    day_5 = WindowsField(label=_("Friday"))
    day_6 = WindowsField(label=_("Saturday"))
    day_7 = WindowsField(label=_("Sunday"))
    holidays_worked = NamesField(
        label=_("Public holidays worked"),
        required=False,
        help_text=_("By name for every year, or by date for one (2026-05-25), separated by commas."),
    )

    class Meta:
        model = CalendarVersion
        fields = [
            "calendar", "motive", "timezone", "holiday_country", "holiday_subdivision", "holidays_worked",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        week = self.instance.weekly if self.instance.pk else default_week()
        for day in DAYS:
            if field := self.fields.get(f"day_{day}"):
                field.initial = week.get(str(day), [])

    def clean(self) -> dict[str, Any]:
        """Refuse a week without an opening, and a country or region whose holidays nobody knows."""
        values = super().clean() or self.cleaned_data
        week = {str(day): values[f"day_{day}"] for day in DAYS if values.get(f"day_{day}")}
        if not week and not self.errors:
            self.add_error(
                "day_1", _("This calendar would never be open: give an opening on one day at least.")
            )
        self.instance.weekly = week
        if not self.errors:
            self._ask_the_engine(values)
        return values

    def _ask_the_engine(self, values: dict[str, Any]) -> None:
        candidate = CalendarVersion(
            weekly=self.instance.weekly,
            **{name: values[name] for name in PLACE_FIELDS},
        )
        try:
            BusinessCalendar.from_document(candidate.as_document(closures=[]))
        except CalendarError as error:
            if error.path == "holidays.country":
                self.add_error("holiday_country", _("No public holidays are known for this country."))
            elif error.path == "holidays.subdivision":
                self.add_error("holiday_subdivision", _("This country has no such region."))
            elif error.path.startswith("holidays.worked"):
                self.add_error(
                    "holidays_worked", _("One of these is no public holiday there, by name or by date.")
                )
            else:
                self.add_error(None, str(error))


class ClosureForm(forms.ModelForm):
    """Days on which the week is replaced: closed, open in part, or exceptionally open (C-CAL-2, K-20)."""

    windows = WindowsField(label=_("Openings kept"))

    class Meta:
        model = Closure
        fields = ["first_day", "last_day", "windows", "motive"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In rows, a column's heading labels nothing for a screen reader.
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = capfirst(str(field.label))

    def clean(self) -> dict[str, Any]:
        """Refuse days that cross, or more of them than the engine takes."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("A closure cannot end before it begins."))
        elif first and last and last - first >= timedelta(days=LONGEST_CLOSURE):
            self.add_error("last_day", _("A closure lasts ten years at most."))
        return values


class ClosureFormSet(forms.BaseInlineFormSet):
    """A calendar's closures, none of which covers a day of another."""

    def clean(self) -> None:
        """Put the error on the second of two closures that share a day."""
        super().clean()
        kept = [
            form for form in self.forms
            if form.is_valid() and form.cleaned_data.get("first_day") and not form.cleaned_data.get("DELETE")
        ]  # fmt: skip
        kept.sort(key=lambda form: form.cleaned_data["first_day"])
        for sooner, later in combinations(kept, 2):
            if later.cleaned_data["first_day"] <= sooner.cleaned_data["last_day"]:
                later.add_error("first_day", _("Another closure of this calendar covers one of these days."))


class PolicyVersionForm(MendedFirstForm):
    """A draft of a policy: for each severity, two delays or the words “no commitment” (C-SLA-3)."""

    bloquante_acknowledge = TargetField(label=_("Blocking: acknowledgement"))
    bloquante_resolve = TargetField(label=_("Blocking: resolution"))
    majeure_acknowledge = TargetField(label=_("Major: acknowledgement"))
    majeure_resolve = TargetField(label=_("Major: resolution"))
    mineure_acknowledge = TargetField(label=_("Minor: acknowledgement"))
    mineure_resolve = TargetField(label=_("Minor: resolution"))
    reminder_days = RisingNumbersField(
        label=_("Reminders on the business days"), help_text=_("After a delivery, such as 2, 4 (K-5).")
    )
    escalation_percents = RisingNumbersField(
        label=_("Escalation at (%)"), help_text=_("Of a running delay, such as 50, 75, 100.")
    )

    class Meta:
        model = PolicyVersion
        fields = ["policy", "motive", "closing_days", "reminder_days", "escalation_percents"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = self.instance.targets if self.instance.pk else default_targets()
        for severity in SEVERITIES:
            for kind in KINDS:
                if field := self.fields.get(f"{severity}_{kind}"):
                    field.initial = (targets.get(severity) or {}).get(kind)

    def clean(self) -> dict[str, Any]:
        """Refuse a policy that promises nothing, or whose reminders come after the closing."""
        values = super().clean() or self.cleaned_data
        targets = {
            str(severity): {kind: values.get(f"{severity}_{kind}") for kind in KINDS}
            for severity in SEVERITIES
        }
        if not self.errors and not any(any(each.values()) for each in targets.values()):
            self.add_error(
                "bloquante_acknowledge", _("No severity has a delay: this policy would promise nothing.")
            )
        self.instance.targets = targets
        closing, reminders = values.get("closing_days"), values.get("reminder_days") or []
        if closing is not None and not 0 < closing <= LARGEST_DAYS:
            self.add_error("closing_days", _("Give at least one business day."))
        elif closing and reminders and reminders[-1] > closing:
            self.add_error("reminder_days", _("A reminder comes no later than the closing."))
        if (percents := values.get("escalation_percents")) and percents[-1] > 100:
            self.add_error("escalation_percents", _("A part of a delay is 100 % at most."))
        return values
