"""Choices among hundreds of parties: read as pairs, never as models, and drawn without a template a line."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe

Pairs = tuple[tuple[str, str], ...]


class PlainSelect(forms.Select):
    """A list to choose from, of two hundred lines at no cost; it has no groups."""

    # What is drawn rather than the choices of the field, when it was read already.
    offered: Pairs | None = None

    def use_required_attribute(self, initial: Any) -> bool:
        """Let the browser ask for a choice; to look whether the first line is empty, Django would read them all."""
        return True

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Draw the list."""
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        offered = self.offered or tuple((str(key), str(label)) for key, label in self.choices)
        drawn = lines(offered)
        start = f'<option value="{escape("" if value is None else str(value))}"'
        drawn = drawn.replace(f"{start}>", f"{start} selected>", 1)
        return mark_safe(f"<select{attributes}>{drawn}</select>")  # noqa: S308  (escaped in lines)  # nosec B308 B703


class PlainInput(forms.TextInput):
    """A line to type in, drawn without a template."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Draw the line."""
        said = {"type": self.input_type, "name": name, **({"value": str(value)} if value else {})}
        drawn = flatatt({**said, **self.build_attrs(self.attrs, attrs)})
        return mark_safe(f"<input{drawn}>")  # noqa: S308  (escaped by flatatt)  # nosec B308 B703


class PlainHidden(PlainInput, forms.HiddenInput):
    """What goes with a form without being shown, drawn without a template."""

    input_type = "hidden"


@lru_cache(maxsize=64)
def lines(choices: Pairs) -> str:
    """Draw what can be chosen; every word is escaped, and what was drawn is kept by what it says."""
    return "".join(f'<option value="{escape(key)}">{escape(label)}</option>' for key, label in choices)


class PairIterator(ModelChoiceIterator):
    """Number and name of each party, in one light query."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", "name")


class PartyField(forms.ModelChoiceField):
    """A client or a solution, by its name."""

    widget = PlainSelect
    iterator = PairIterator

    def __init__(self, queryset: Any, **options: Any) -> None:
        super().__init__(queryset, **{"required": False, **options})


def named(people: Iterable[tuple[int, str, str, str]]) -> Pairs:
    """Return choices from rows of number, first name, last name and address."""
    return tuple(
        (str(number), f"{first} {last}".strip() or address) for number, first, last, address in people
    )
