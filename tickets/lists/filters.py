"""Filters of a list, in its address: all optional, and one mistake does not spoil the others."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Solution, User
from tickets.models import TicketQuerySet
from tickets.words import SEVERITY_CHOICES

PAGE_SIZES = (25, 50, 100)


class TicketFilter(forms.Form):
    """The filters that every list has; one that is not understood is said and left aside."""

    # The tab and the size of a page go with the filters; each list gives its own tabs.
    view = forms.ChoiceField(label=_("Tab"), required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Number or words of the title"), max_length=120, required=False)
    solution = forms.ModelChoiceField(
        Solution.objects.all(), label=_("Solution"), required=False, empty_label=_("All solutions")
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[("", _("All severities")), *SEVERITY_CHOICES], required=False
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    size = forms.TypedChoiceField(
        label=_("Tickets per page"),
        choices=[(size, str(size)) for size in PAGE_SIZES],
        coerce=int,
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    @property
    def mistakes(self) -> list[str]:
        """Say each filter that was left aside, and why."""
        return mistakes_of(self)

    @property
    def is_narrowing(self) -> bool:
        """Tell whether a filter, the tab apart, narrows the list."""
        return any(value for name, value in self.cleaned_data.items() if name not in {"size", "view"})

    @property
    def page_size(self) -> int:
        """How many tickets a page shows."""
        return self.cleaned_data.get("size") or PAGE_SIZES[0]

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep the tickets that answer every filter understood; the form has been validated."""
        wanted = self.cleaned_data
        exact = {name: wanted[name] for name in ("solution", "severity") if wanted.get(name)}
        return search(tickets.filter(**exact), wanted.get("q", ""))


def mistakes_of(form: forms.Form) -> list[str]:
    """Say each field of a validated form that was not understood, and why; what is wrong of all of it first."""
    return [
        *map(str, form.non_field_errors()),
        *(
            _("%(filter)s: %(reason)s") % {"filter": form[name].label, "reason": " ".join(map(str, reasons))}
            for name, reasons in form.errors.items()
            if name in form.fields
        ),
    ]


def search(tickets: TicketQuerySet, text: str) -> TicketQuerySet:
    """Keep the tickets whose title has every word, accents and case apart, or whose number it is (“#12”)."""
    for word in text.split():
        found = Q(title__unaccent__icontains=word)
        number = word.removeprefix("#")
        if number.isascii() and number.isdigit():
            found |= Q(pk=int(number))
        tickets = tickets.filter(found)
    return tickets
