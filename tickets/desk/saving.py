"""The forms of what a person keeps of the queue: a view under a name, the columns and how close the lines are."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from tickets.desk.queue import QueueFilter
from tickets.lists.choices import PlainHidden
from tickets.models import Column, Density, QueueDisplay

# What is of the moment rather than of the view.
NOT_SAVED = ("page", "saved", "size")


class SavedViewForm(forms.Form):
    """The filters on the screen, under a name."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share with the whole desk"), required=False)
    query = forms.CharField(max_length=2000, required=False, widget=PlainHidden)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person.role != Role.MANAGER:
            del self.fields["is_shared"]

    def clean_query(self) -> str:
        """Keep the filters alone, and only such as the queue understands."""
        filters = QueryDict(self.cleaned_data["query"], mutable=True)
        for name in NOT_SAVED:
            filters.pop(name, None)
        for name in [name for name, value in filters.items() if not value]:
            filters.pop(name)
        form = QueueFilter(filters, person=self.person)
        form.is_valid()
        if form.mistakes:
            raise ValidationError(form.mistakes)
        client = form.cleaned_data.get("client")
        self.cleaned_data["client_name"] = client.name if client else ""
        return filters.urlencode()


class DisplayForm(forms.Form):
    """The columns that show, and how close the lines are."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"), choices=Column, required=False, widget=forms.CheckboxSelectMultiple
    )
    density = forms.ChoiceField(label=_("Lines"), choices=Density, widget=forms.RadioSelect)


def display_of(person: User) -> QueueDisplay:
    """Return how `person` has the queue shown: everything, roomy, until they say otherwise."""
    return QueueDisplay.objects.filter(person=person).first() or QueueDisplay(person=person)


def display_choices(display: QueueDisplay) -> dict[str, list[tuple[str, str, bool]]]:
    """Return what may be chosen: value, words, whether it is so now."""
    return {
        "columns": [(each.value, str(each.label), each.value not in display.hidden) for each in Column],
        "density": [(each.value, str(each.label), each.value == display.density) for each in Density],
    }
