"""Forms of a calendar's draft: the week, the place, the holidays, the closures; publishing."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.zones import zone_choices
from sla.admin_fields import WindowsField
from sla.admin_forms import DAYS, ClosureForm, ClosureFormSet, MendedFirstForm
from sla.calendar import BusinessCalendar, CalendarError
from sla.instants import InstantField
from sla.models import CalendarVersion, Closure
from sla.pages.words import WEEKDAYS
from sla.public_holidays import UnknownPlaceError, find_place, names_in, subdivisions_of
from sla.publication import last_published, replaced_days

NAMED_YEARS = 3  # how many years ahead a holiday is looked for to be offered
MOST_CLOSURES = 400


class CalendarDraftForm(MendedFirstForm):
    """A draft's motive, week, zone and holidays; its closures are beside, in their own rows."""

    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    holiday_subdivision = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        help_text=_("Save to see the holidays of another region."),
    )
    observed = forms.MultipleChoiceField(
        label=_("Public holidays observed"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Untick a holiday on which support is open, such as the journée de solidarité."),
    )
    worked_days = forms.CharField(
        label=_("Public holidays worked in one year only"),
        required=False,
        help_text=_("Dates, such as 2027-05-17, separated by commas."),
    )

    class Meta:
        model = CalendarVersion
        fields = ["motive", "timezone", "holiday_subdivision"]
        widgets = {"motive": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in zip(DAYS, WEEKDAYS, strict=True):
            self.fields[f"day_{day}"] = WindowsField(
                label=name, initial=self.instance.weekly.get(str(day), [])
            )
        country = self.instance.holiday_country
        self._choices(
            "holiday_subdivision", [("", _("the whole country")), *subdivisions_of(country).items()]
        )
        self._offered = self._names(country, today)
        self._choices("observed", [(name, name) for name in self._offered])
        worked = self.instance.holidays_worked
        self.initial["observed"] = [name for name in self._offered if name not in worked]
        self.initial["worked_days"] = ", ".join(each for each in worked if each[:4].isdigit())

    @property
    def week(self) -> Iterator[forms.BoundField]:
        """The seven days, Monday first."""
        return (self[f"day_{day}"] for day in DAYS)

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _names(self, country: str, today: date) -> list[str]:
        """Return the holidays of the region chosen, and those of the one that the page showed."""
        years = range(today.year, today.year + NAMED_YEARS)
        found: dict[str, None] = {}
        for subdivision in (
            self.data.get(self.add_prefix("holiday_subdivision")),
            self.instance.holiday_subdivision,
        ):
            try:
                place = find_place(country, subdivision or None)
            except UnknownPlaceError:
                continue
            found |= dict.fromkeys(names_in(place, years))
        return list(found)

    def clean(self) -> dict[str, Any]:
        """Give the instance what was typed, and say on its own field what the engine refuses."""
        values = super().clean() or self.cleaned_data
        week = {str(day): values[f"day_{day}"] for day in DAYS if values.get(f"day_{day}")}
        if not week and not self.errors:
            self.add_error(
                "day_1", _("This calendar would never be open: give an opening on one day at least.")
            )
        if not self.errors:
            self.instance.weekly = week
            self.instance.timezone = values["timezone"]
            self.instance.holiday_subdivision = values["holiday_subdivision"]
            self.instance.holidays_worked = self._worked(values)
            self._ask_the_engine()
        return values

    def _worked(self, values: Mapping[str, Any]) -> list[str]:
        place = find_place(self.instance.holiday_country, values["holiday_subdivision"] or None)
        known = names_in(place, range(2000, 2051))
        names = [name for name in self._offered if name not in values["observed"] and name in known]
        days = [part.strip() for part in values["worked_days"].split(",") if part.strip()]
        return names + days

    def _ask_the_engine(self) -> None:
        try:
            BusinessCalendar.from_document(self.instance.as_document(closures=[]))
        except CalendarError as error:
            said = str(error).removeprefix(f"{error.path}: ")
            field = "worked_days" if error.path.startswith("holidays.worked") else error.path
            self.add_error(field if field in self.fields else None, said)


class ClosureRowForm(ClosureForm):
    """One closure in a row: a day, or a range; without a last day, the first is the last too."""

    class Meta(ClosureForm.Meta):
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("first_day", "last_day")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].required = False
        self.fields["windows"].widget.attrs["placeholder"] = _("closed all day")

    def clean_last_day(self) -> date | None:
        """Take a closure without an end for one of a single day."""
        return self.cleaned_data.get("last_day") or self.cleaned_data.get("first_day")


class ClosureRows(ClosureFormSet):
    """The closures of a draft: none covers a day of another, none rewrites what is past."""

    former: CalendarVersion | None = None
    today: date = date.min

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Name the box that removes a row: in rows, a column's heading labels nothing for a screen reader."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Remove this closure")

    def clean(self) -> None:
        """Say on its own row what contradicts a day that is past under the version published last (C-CAL-2)."""
        super().clean()
        if self.former is None:
            return
        published = replaced_days(self.former.closures.all())
        kept = {day: (form, said) for form in self.kept() for day, said in self._said(form).items()}
        for day in sorted(day for day in published.keys() | kept.keys() if day < self.today):
            form, said = kept.get(day, (None, None))
            if said == published.get(day):
                continue
            text = _(
                "%(day)s is past, and version %(number)d, which is published, says otherwise of it:"
                " a closure is published before it happens."
            ) % {"day": date_format(day), "number": self.former.number}
            if form is None:
                raise ValidationError(text)
            if "first_day" not in form.errors:
                form.add_error("first_day", text)

    def kept(self) -> list[forms.ModelForm]:
        """Return the rows that say something and are not removed."""
        return [
            form
            for form in self.forms
            if form.is_valid() and form.cleaned_data.get("first_day") and not form.cleaned_data.get("DELETE")
        ]

    @staticmethod
    def _said(form: forms.ModelForm) -> Mapping[date, Any]:
        names = ("first_day", "last_day", "windows", "motive")
        return replaced_days([Closure(**{name: form.cleaned_data[name] for name in names})])


ClosureTable = inlineformset_factory(
    CalendarVersion,
    Closure,
    form=ClosureRowForm,
    formset=ClosureRows,
    extra=1,
    can_delete=True,
    max_num=MOST_CLOSURES,
    validate_max=True,
)


def closure_rows(version: CalendarVersion, data: Mapping[str, Any] | None, today: date) -> ClosureRows:
    """Return the rows of a draft's closures, as kept or as typed; `today` parts the past from what is to come."""
    rows = cast("ClosureRows", ClosureTable(data, instance=version, prefix="closures"))
    rows.former, rows.today = last_published(version), today
    return rows


class PublishForm(forms.Form):
    """Why a version is published, and from when it is in force."""

    motive = forms.CharField(
        label=_("Motive"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        help_text=_("Everybody whom this version concerns reads it."),
    )
    published_at = InstantField(
        label=_("In force from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In your time zone; empty: as soon as it is published."),
    )

    def in_force_from(self) -> datetime | None:
        """Return the instant asked for; none is at once."""
        return self.cleaned_data["published_at"]

    def refuse(self, refusal: ValidationError) -> None:
        """Show what the publication refused, beside the field it is about."""
        found = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
        for name, errors in found.items():
            self.add_error(name if name in self.fields else None, errors)
