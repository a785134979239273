"""Naming a deputy from the organisation's page: the form, and the deputies who run or are to come."""

from datetime import date, datetime
from typing import Any, Self, cast

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.deputies import check_period, name_deputy, possible_deputies
from accounts.models import Client, Deputation, Role, User


class DeputyForm(forms.Form):
    """Who is away, who stands in, from which day to which; an administrator names their own deputy only."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person away"), empty_label=_("Choose…"))
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Deputy"),
        empty_label=_("Choose…"),
        help_text=_("A colleague with a valid training of their own for one of the same solutions."),
    )
    first_day = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last_day = forms.DateField(
        label=_("To"),
        help_text=_("Last day, included."),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    def __init__(self, *args: Any, by: User, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        people = User.objects.filter(client=by.client_id, role=Role.ADMINISTRATOR, is_active=True)
        self._offer("person", people if by.role == Role.CLIENT_MANAGER else people.filter(pk=by.pk))
        self._offer("deputy", people if by.role == Role.CLIENT_MANAGER else possible_deputies(by, day))

    @classmethod
    def offered_to(cls, by: User, day: date) -> Self | None:
        """Return the form to fill in, or None for who has nobody to name or nobody to name for."""
        form = cls(by=by, day=day, initial={"person": by.pk if by.role == Role.ADMINISTRATOR else None})
        offers = [cast("forms.ModelChoiceField", form.fields[name]).queryset for name in ("person", "deputy")]
        return form if all(offer is not None and offer.exists() for offer in offers) else None

    def _offer(self, name: str, people: QuerySet[User]) -> None:
        cast("forms.ModelChoiceField", self.fields[name]).queryset = people

    def clean(self) -> dict[str, Any]:
        """Refuse impossible days beside the field that says them."""
        values = super().clean() or self.cleaned_data
        first_day, last_day = values.get("first_day"), values.get("last_day")
        if first_day and last_day:
            check_period(first_day, last_day, self.day)
        return values

    def named(self, *, by: User, at: datetime) -> Deputation:
        """Name the deputy that a valid form says."""
        return name_deputy(by=by, at=at, today=self.day, **self.cleaned_data)


def deputations_of(client: Client, day: date) -> QuerySet[Deputation]:
    """Return a client's deputies who run or are to come on `day`, a local date."""
    running = Deputation.objects.filter(
        client=client, last_day__gte=day, ended_at__isnull=True, deputy__is_active=True
    )
    return running.select_related("person", "deputy")


def said_of(deputation: Deputation) -> dict[str, object]:
    """Return what a sentence says of a deputation."""
    return {
        "deputy": deputation.deputy,
        "person": deputation.person,
        "first": date_format(deputation.first_day, "SHORT_DATE_FORMAT"),
        "last": date_format(deputation.last_day, "SHORT_DATE_FORMAT"),
    }
