"""Back-office forms about people: an error is put on the field that must be mended."""

from typing import Any, cast

from django import forms
from django.db.models import ForeignObjectRel
from django.utils.translation import gettext_lazy as _

from accounts.models import CLIENT_ROLES, VENDOR_ROLES, Solution, Training, User
from accounts.zones import zone_choices

OUR_APPS = frozenset({"accounts", "sla", "tickets"})


class PersonForm(forms.ModelForm):
    """A person: a client's role goes with a client, a vendor's with none."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, initial="Europe/Paris")

    class Meta:
        model = User
        fields = [
            "first_name", "last_name", "email", "role", "client", "telephone", "language", "time_zone", "is_active",
        ]  # fmt: skip

    def clean_email(self) -> str:
        """Keep addresses in lower case, so that one person has one account."""
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        """Check that role and client go together, and that a person keeps the client of what they wrote."""
        values = super().clean() or self.cleaned_data
        role, client = values.get("role"), values.get("client")
        if role in CLIENT_ROLES and client is None and "client" not in self.errors:
            self.add_error("client", _("This role belongs to a client: say which."))
        if role and role not in CLIENT_ROLES and client is not None:
            self.add_error("client", _("This role belongs to the vendor: leave the client empty."))
        if self.instance.pk and "client" in self.changed_data and self._is_bound():
            self.add_error(
                "client",
                _(
                    "This person has trainings, tickets or messages at the former client: deactivate the"
                    " account, and open another."
                ),
            )
        return values

    def _is_bound(self) -> bool:
        # What they wrote or received at the former client stays there; the history of a row is no such thing.
        links = [
            each
            for each in User._meta.get_fields(include_hidden=True)  # noqa: SLF001  (documented, for all its name)
            if isinstance(each, ForeignObjectRel) and each.related_model._meta.app_label in OUR_APPS  # noqa: SLF001
        ]
        return any(
            each.related_model._base_manager.filter(**{each.field.name: self.instance}).exists()  # noqa: SLF001
            for each in links
            if not hasattr(each.related_model, "history_type")
        )


class SolutionForm(forms.ModelForm):
    """A product; who follows its trainings works for the vendor."""

    class Meta:
        model = Solution
        fields = ["name", "code", "description", "training_contact", "training_lead", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["training_lead"])
        field.queryset = User.objects.filter(role__in=VENDOR_ROLES, is_active=True)


class TrainingForm(forms.ModelForm):
    """A training; the client is the person's."""

    class Meta:
        model = Training
        fields = ["person", "solution", "trained_on", "trainer", "expires_on"]

    def clean_person(self) -> User:
        """Refuse somebody of the vendor: only a client's people are trained to file (C-WHO-1)."""
        person = self.cleaned_data["person"]
        if person.client is None:
            raise forms.ValidationError(_("Only a client's person is trained to file."))
        return person

    def clean(self) -> dict[str, Any]:
        """Fill the client in, and say an impossible expiry on its field."""
        values = super().clean() or self.cleaned_data
        if person := values.get("person"):
            self.instance.client = person.client
        trained_on, expires_on = values.get("trained_on"), values.get("expires_on")
        if trained_on and expires_on and expires_on < trained_on:
            self.add_error("expires_on", _("A training cannot expire before it was held."))
        return values
