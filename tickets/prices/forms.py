"""The form of a price list's draft: what it says of itself, and its lines as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tickets.actions.prices import PriceLine
from tickets.models import PriceItem, PriceList

SPARE_ROWS = 5
MOST_LINES = 200
SPACES = dict.fromkeys(map(ord, " \u00a0\u202f"))  # between thousands
LINE = ("code", "label", "unit", "unit_price", "vat_rate")


class AmountField(forms.DecimalField):
    """A number as people write it in their language: « 1 234,50 »; “1234.50” is understood in each."""

    def to_python(self, value: Any) -> Any:
        """Leave out the spaces between thousands."""
        return super().to_python(value.translate(SPACES) if isinstance(value, str) else value)


class PriceListForm(forms.ModelForm):
    """What a list says beside its lines; it never saves."""

    class Meta:
        model = PriceList
        fields = ["title", "in_force_from", "validity_days", "conditions"]
        widgets = {
            "in_force_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "conditions": forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        }


def say_on_fields(form: forms.ModelForm, refused: ValidationError) -> None:
    """Say each reason of a refusal on its field, and above the form when it has none there."""
    reasons = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
    for name, texts in reasons.items():
        form.add_error(name if name in form.fields else None, texts)


class PriceLineForm(forms.ModelForm):
    """One line of a list, in a row; it never saves."""

    class Meta:
        model = PriceItem
        fields = LINE
        localized_fields = ("unit_price", "vat_rate")
        field_classes = {"unit_price": AmountField, "vat_rate": AmountField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In rows, a column's heading labels nothing for a screen reader.
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = capfirst(str(field.label))
        for name in self.Meta.localized_fields:
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def clean_code(self) -> str:
        """Write a code in capitals: “dev” and “DEV” are the same."""
        return self.cleaned_data["code"].upper()


class PriceLineRows(BaseFormSet):
    """The lines of a list; no two have the same code."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Name the box that removes a row; one left empty is not kept, be it that of a line kept before."""
        super().add_fields(form, index)
        form.empty_permitted = True
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Remove this line")

    def clean(self) -> None:
        """Say on the second of two lines that its code is taken."""
        met: set[str] = set()
        for row in self._kept():
            code = row.cleaned_data.get("code")
            if code in met:
                row.add_error("code", _("Another line of this list has this code."))
            elif code:
                met.add(code)

    def lines(self) -> list[PriceLine]:
        """Return what the rows say, once valid: the empty ones and those removed left out."""
        return [PriceLine(**{name: row.cleaned_data[name] for name in LINE}) for row in self._kept()]

    def _kept(self) -> list[forms.Form]:
        return [
            row
            for row in self.forms
            if row.has_changed() and row.is_valid() and not row.cleaned_data.get("DELETE")
        ]


PriceLineTable = formset_factory(
    PriceLineForm,
    formset=PriceLineRows,
    extra=SPARE_ROWS,
    can_delete=True,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
    validate_max=True,
)


def price_rows(lines: Sequence[PriceLine], data: Mapping[str, Any] | None) -> PriceLineRows:
    """Return the rows of a draft's lines, as kept or as typed, and some spare ones."""
    if data is not None:
        return cast("PriceLineRows", PriceLineTable(data, prefix="lines"))
    kept = [asdict(line) for line in lines]
    return cast("PriceLineRows", PriceLineTable(initial=kept, prefix="lines"))
