"""The forms of the register: a training, its correction, its end, its certificate, an attendance sheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Solution, Training, User
from tickets.attachments import MultipleFileField

LONGEST_MOTIVE = 2_000
LARGEST_SHEET = 1024 * 1024  # bytes: some ten thousand lines


def day_field(**options: Any) -> forms.DateField:
    """Return a field for a day, with the browser's own calendar."""
    return forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **options)


class RecordForm(forms.Form):
    """One training of one client's person."""

    person = forms.ModelChoiceField(
        User.objects.filter(client__isnull=False, is_active=True)
        .select_related("client")
        .order_by("client__name", "last_name", "first_name"),
        label=_("Person"),
        empty_label=_("Choose…"),
    )
    solution = forms.ModelChoiceField(
        Solution.objects.filter(is_active=True), label=_("Solution"), empty_label=_("Choose…")
    )
    trained_on = day_field(label=_("Trained on"))
    trainer = forms.CharField(label=_("Trainer"), max_length=160)
    expires_on = day_field(
        label=_("Expires on"), required=False, help_text=_("Last day of validity; empty: no expiry.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].label_from_instance = person_and_client  # type: ignore[attr-defined]


def person_and_client(person: User) -> str:
    """Name a person with their organisation: two may bear the same name."""
    return f"{person.client} · {person}"


class CorrectionForm(forms.Form):
    """What may be wrong in a training kept: who trained, until when."""

    trainer = forms.CharField(label=_("Trainer"), max_length=160)
    expires_on = day_field(
        label=_("Expires on"), required=False, help_text=_("Last day of validity; empty: no expiry.")
    )

    @classmethod
    def of(cls, training: Training) -> "CorrectionForm":
        """Return the form as the training stands."""
        return cls(initial={"trainer": training.trainer, "expires_on": training.expires_on})


class EndForm(forms.Form):
    """Why a training counts no more."""

    motive = forms.CharField(
        label=_("Motive"),
        max_length=LONGEST_MOTIVE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The person, their manager and the vendor's training contact read it."),
    )


class CertificateForm(forms.Form):
    """Certificates to join."""

    certificates = MultipleFileField(label=_("Certificates"), required=True)


class SheetForm(forms.Form):
    """An attendance sheet: a file, or the text of the one just checked."""

    sheet = forms.FileField(
        label=_("Attendance sheet (CSV)"),
        required=False,
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        help_text=_(
            "Columns: client_code, person_email, solution_code, trained_on, trainer, and if need be expires_on."
        ),
    )
    checked = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean_sheet(self) -> Any:
        """Refuse a file too big to be an attendance sheet."""
        upload = self.cleaned_data["sheet"]
        if upload and upload.size > LARGEST_SHEET:
            raise forms.ValidationError(
                gettext("This file is too big to be an attendance sheet: 1 MB at most.")
            )
        return upload

    def clean(self) -> dict[str, Any]:
        """Ask for a file, unless one was just checked."""
        values = super().clean() or self.cleaned_data
        if not self.errors and not values.get("sheet") and not values.get("checked"):
            self.add_error("sheet", gettext("Choose a file."))
        return values

    @property
    def content(self) -> bytes:
        """The bytes of the sheet."""
        upload = self.cleaned_data.get("sheet")
        return upload.read() if upload else self.cleaned_data["checked"].encode()
