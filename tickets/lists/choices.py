"""Choices among hundreds of parties: read as pairs, never as models, and drawn without a template a line."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


class PlainSelect(forms.Select):
    """A list to choose from, of two hundred lines at no cost; it has no groups."""

    def use_required_attribute(self, initial: Any) -> bool:
        """Let the browser ask for a choice; to look whether the first line is empty, Django would read them all."""
        return True

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Draw the list."""
        chosen = "" if value is None else str(value)
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        # Every word is escaped; format_html would do no more, at three times the cost a line.
        mark = {True: " selected", False: ""}
        lines = [
            f'<option value="{escape(str(key))}"{mark[str(key) == chosen]}>{escape(str(label))}</option>'
            for key, label in self.choices
        ]
        return mark_safe(f"<select{attributes}>{''.join(lines)}</select>")  # noqa: S308  (escaped above)  # nosec B308 B703


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


def named(people: Iterable[tuple[int, str, str, str]]) -> list[tuple[str, str]]:
    """Return choices from rows of number, first name, last name and address."""
    return [(str(number), f"{first} {last}".strip() or address) for number, first, last, address in people]
