"""Form controls dressed in the product's classes, without a word about style in the forms."""

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.safestring import SafeString

register = template.Library()


def css_class(field: BoundField) -> str:
    """Return the class of a field's control, by what kind of control it is."""
    widget = field.field.widget
    # A radio group is a Select by inheritance, not by its looks.
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw a field's control; in error it is marked so, beside what Django says to screen readers."""
    classes = [css_class(field), str(field.field.widget.attrs.get("class", ""))]
    if field.errors:
        classes.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell whether the field is one box to tick, whose label follows it."""
    return isinstance(field.field.widget, CheckboxInput)
