"""Whether a row still says what the author of a form read in it, and what it says otherwise."""

import hashlib
from collections.abc import Iterable

from django.db.models import Model
from django.forms import ModelForm
from django.utils.translation import gettext as _

from tickets.sealing import canonical


def as_read(row: Model, names: Iterable[str]) -> str:
    """Return the digest of what the fields `names` of a row say: the form that shows them sends it back."""
    said = [str(row.serializable_value(name)) for name in names]
    return hashlib.sha256(canonical(said)).hexdigest()


def said_otherwise(row: Model, form: ModelForm) -> list[tuple[str, str]]:
    """Return, by the label of its field, what a row says now where something else was typed in a valid form."""
    return [
        (str(form.fields[name].label), _in_words(getattr(row, name)))
        for name, value in form.cleaned_data.items()
        if getattr(row, name) != value
    ]


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value or "—")
