"""Filters of a list, in its address: all optional, and one mistake does not spoil the others."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Solution, User
from tickets.lists.choices import PartyField, PlainInput, PlainSelect
from tickets.models import TicketQuerySet
from tickets.search.finding import Search
from tickets.search.language import LONGEST, QueryError
from tickets.words import SEVERITY_CHOICES

PAGE_SIZES = (25, 50, 100)
# Fields that keep every ticket.
NOT_NARROWING = frozenset({"size", "view", "page", "saved"})


class PageNumber(forms.IntegerField):
    """Which page of a list an address asks for; the first unless said, the last beyond it."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(label=_("Page"), min_value=1, required=False)


class TicketFilter(forms.Form):
    """The filters that every list has; one that is not understood is said and left aside."""

    # The tab and the size of a page go with the filters; each list gives its own tabs.
    view = forms.ChoiceField(label=_("Tab"), required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Search"), max_length=LONGEST, required=False, widget=PlainInput)
    solution = PartyField(Solution.objects.all(), label=_("Solution"), empty_label=_("All solutions"))
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=[("", _("All severities")), *SEVERITY_CHOICES],
        required=False,
        widget=PlainSelect,
    )
    state = forms.ChoiceField(label=_("State"), required=False, widget=PlainSelect)
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
        self.search = Search()

    def clean_q(self) -> str:
        """Understand the search, or say what in it cannot be."""
        text: str = self.cleaned_data["q"]
        try:
            self.search = Search.of(text, self.person)
        except QueryError as error:
            raise ValidationError(str(error)) from error
        return text

    @property
    def mistakes(self) -> list[str]:
        """Say each filter that was left aside, and why; those that do not exist as well."""
        return [*mistakes_of(self), *unknown_in(self)]

    @property
    def is_narrowing(self) -> bool:
        """Tell whether a filter, the tab apart, narrows the list."""
        return any(value for name, value in self.cleaned_data.items() if name not in NOT_NARROWING)

    @property
    def page_size(self) -> int:
        """How many tickets a page shows."""
        return self.cleaned_data.get("size") or PAGE_SIZES[0]

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep the tickets that answer every filter understood; the form has been validated."""
        wanted = self.cleaned_data
        exact = {name: wanted[name] for name in ("solution", "severity") if wanted.get(name)}
        return self.search.narrow(tickets.filter(**exact))


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


def unknown_in(form: forms.Form) -> list[str]:
    """Say each name of a list's address that is no filter of its."""
    unknown = sorted(name for name in form.data if name not in form.fields)
    return [_("“%(name)s” is not a filter of this list.") % {"name": name[:40]} for name in unknown]
