"""The register as a list: its filters, its lines, and the same lines as a table to take away."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Client, Solution, Training
from accounts.trainings import SOON, STANDINGS, Standing, standing
from tickets.cells import Echo, neutral_cell
from tickets.lists.filters import mistakes_of

PAGE = 25
ORDER = ("client__name", "person__last_name", "person__first_name", "solution__name", "-trained_on", "pk")


class RegisterFilter(forms.Form):
    """Optional filters; one that is not understood is said and left aside."""

    q = forms.CharField(label=gettext_lazy("Name or address"), max_length=120, required=False)
    client = forms.ModelChoiceField(
        Client.objects.all(),
        label=gettext_lazy("Client"),
        required=False,
        empty_label=gettext_lazy("All clients"),
    )
    solution = forms.ModelChoiceField(
        Solution.objects.all(),
        label=gettext_lazy("Solution"),
        required=False,
        empty_label=gettext_lazy("All solutions"),
    )
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing"),
        required=False,
        choices=[("", gettext_lazy("All standings")), *((key, said[0]) for key, said in STANDINGS.items())],
    )

    @property
    def mistakes(self) -> list[str]:
        """Say each filter that was left aside, and why."""
        return mistakes_of(self)

    @property
    def is_narrowing(self) -> bool:
        """Tell whether a filter narrows the list."""
        return any(self.cleaned_data.values())

    def narrow(self, trainings: QuerySet[Training], day: date) -> QuerySet[Training]:
        """Keep the trainings that answer every filter understood, as they stand on `day`; validated before."""
        wanted = self.cleaned_data
        exact = {name: wanted[name] for name in ("client", "solution") if wanted.get(name)}
        trainings = trainings.filter(**exact)
        for word in wanted.get("q", "").split():
            trainings = trainings.filter(
                Q(person__first_name__unaccent__icontains=word)
                | Q(person__last_name__unaccent__icontains=word)
                | Q(person__email__icontains=word)
            )
        return trainings.filter(standing_on(wanted["standing"], day)) if wanted.get("standing") else trainings


def standing_on(key: str, day: date) -> Q:
    """Return what keeps the trainings that stand so on `day`, as `accounts.trainings.standing` says it."""
    ended = Q(ended_on__isnull=False, ended_on__lte=day)
    begun = ~ended & Q(trained_on__lte=day)
    soon = Q(expires_on__range=(day, day + SOON))
    expired = Q(expires_on__isnull=False, expires_on__lt=day)
    return {
        "ended": ended,
        "to_come": ~ended & Q(trained_on__gt=day),
        "expired": begun & expired,
        "soon": begun & soon,
        "valid": begun & (Q(expires_on__isnull=True) | Q(expires_on__gt=day + SOON)),
    }[key]


def registered() -> QuerySet[Training]:
    """Return every training, with what a line names."""
    return (
        Training.objects.select_related("client", "person", "solution")
        .prefetch_related("certificates")
        .order_by(*ORDER)
    )


HEADING = ("client_code", "person_email", "solution_code", "trained_on", "trainer", "expires_on")


def as_table(trainings: QuerySet[Training], day: date) -> Iterator[str]:
    """Yield the register as CSV: the columns that an attendance sheet has, then names and standing in words."""
    writer = csv.writer(Echo(), delimiter=";")
    yield "\ufeff"
    yield writer.writerow([*HEADING, _("client"), _("person"), _("standing")])
    for training in trainings.iterator(chunk_size=500):
        yield writer.writerow([neutral_cell(cell) for cell in _cells(standing(training, day))])


def _cells(each: Standing) -> list[Any]:
    training = each.training
    return [
        training.client.code,
        training.person.email,
        training.solution.code,
        training.trained_on.isoformat(),
        training.trainer,
        training.expires_on.isoformat() if training.expires_on else "",
        training.client.name,
        str(training.person),
        each.label,
    ]
