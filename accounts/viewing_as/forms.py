"""The form that begins a consultation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.viewing_as.acts import people_viewable_by


class PersonChoice(forms.ModelChoiceField):
    """A person, said with their organisation."""

    def label_from_instance(self, obj: Any) -> str:
        """Name the person and where they are from."""
        return f"{obj} · {obj.client or obj.get_role_display()}"


class ViewAsForm(forms.Form):
    """Whom, and why."""

    person = PersonChoice(label=_("View as"), queryset=User.objects.none(), empty_label=_("Choose…"))
    motive = forms.CharField(
        label=_("Motive"),
        min_length=5,
        max_length=300,
        help_text=_("Kept, and shown to the person in their profile."),
    )

    def __init__(self, *args: Any, manager: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_viewable_by(manager).order_by("last_name", "first_name", "pk")  # type: ignore[attr-defined]
