"""Opening hours, names and numbers as people write them: « 9:00–12:30, 14:00–18:00 », « 2, 4 »."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.policy import LARGEST_DAYS, LARGEST_HOURS

UNITS = [("hours", _("business hours")), ("days", _("business days")), ("none", _("no commitment"))]
WINDOW = re.compile(r"(\d{1,2})(?:[:h](\d{2})?)?\s*[-–—à]\s*(\d{1,2})(?:[:h](\d{2})?)?")
MINUTES_A_DAY = 24 * 60


def read_time(hour: str, minute: str | None) -> int:
    """Return the minutes since midnight of a written time; ValidationError beyond 24:00."""
    minutes = int(hour) * 60 + int(minute or 0)
    if minutes > MINUTES_A_DAY or int(minute or 0) > 59:
        raise forms.ValidationError(
            _("“%(time)s” is not a time of the day."), params={"time": f"{hour}:{minute or '00'}"}
        )
    return minutes


def write_time(minutes: int) -> str:
    """Write minutes since midnight as the engine reads them: “09:00”."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class WindowsField(forms.Field):
    """Windows of local time; empty for a closed day. Gives the engine's [["09:00", "12:30"], …]."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.widget.attrs.setdefault("placeholder", _("closed"))

    def prepare_value(self, value: object) -> object:
        """Write the windows as people do."""
        return ", ".join(f"{start}–{end}" for start, end in value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[list[str]]:
        """Read the windows; ValidationError for what is no window, ends before it starts, or overlaps another."""
        found = []
        for written in filter(
            None, (part.strip() for part in re.split(r"[,;]|\bet\b|\band\b", str(value or "")))
        ):
            match = WINDOW.fullmatch(written.replace(" ", ""))
            if match is None:
                raise forms.ValidationError(
                    _("“%(text)s” is not an opening such as 9:00–12:30."), params={"text": written}
                )
            start, end = read_time(match[1], match[2]), read_time(match[3], match[4])
            if start >= end:
                raise forms.ValidationError(
                    _("The opening %(text)s ends before it begins."), params={"text": written}
                )
            found.append((start, end))
        return [[write_time(start), write_time(end)] for start, end in in_order(found)]

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare windows, not the ways to write them."""
        try:
            return self.to_python(data) != (initial or [])
        except forms.ValidationError:
            return True


def in_order(windows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return windows in order of time; ValidationError when two of them overlap."""
    ordered = sorted(windows)
    for (start, end), (next_start, next_end) in pairwise(ordered):
        if next_start < end:
            raise forms.ValidationError(
                _("The openings %(first)s and %(second)s overlap."),
                params={
                    "first": f"{write_time(start)}–{write_time(end)}",
                    "second": f"{write_time(next_start)}–{write_time(next_end)}",
                },
            )
    return ordered


class NamesField(forms.Field):
    """Names or dates separated by commas; gives a list of them."""

    def prepare_value(self, value: object) -> object:
        """Write the names as people do."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:
        """Read the names, in the order written."""
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare names, not the ways to separate them."""
        return self.to_python(data) != (initial or [])


class RisingNumbersField(forms.Field):
    """Whole numbers from 1 up, each larger than the one before: « 2, 4 »."""

    def prepare_value(self, value: object) -> object:
        """Write the numbers as people do."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[int]:
        """Read the numbers; ValidationError when they are not whole, or do not rise."""
        parts = [part.strip() for part in str(value or "").split(",") if part.strip()]
        if not all(part.isdecimal() and int(part) > 0 for part in parts):
            raise forms.ValidationError(_("Give whole numbers separated by commas, such as 2, 4."))
        numbers = [int(part) for part in parts]
        if any(later <= sooner for sooner, later in pairwise(numbers)):
            raise forms.ValidationError(_("Each number must be larger than the one before it."))
        return numbers

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare numbers, not the ways to write them."""
        try:
            return self.to_python(data) != (initial or [])
        except forms.ValidationError:
            return True


class TargetWidget(forms.MultiWidget):
    """An amount and what it is counted in, side by side."""

    def __init__(self) -> None:
        amount = forms.NumberInput(attrs={"min": "0", "step": "any", "aria-label": _("Amount")})
        super().__init__(
            {"amount": amount, "unit": forms.Select(choices=UNITS, attrs={"aria-label": _("Unit")})}
        )

    def decompress(self, value: dict[str, int | float] | None) -> list[object]:
        """Show the engine's {"hours": 2}, or None for no commitment."""
        return [None, "none"] if not value else [next(iter(value.values())), next(iter(value))]


class TargetField(forms.MultiValueField):
    """A delay promised in business hours or days, the engine's {"hours": 2}; None is no commitment (C-SLA-3)."""

    widget = TargetWidget

    def __init__(self, **options: Any) -> None:
        parts = (forms.DecimalField(required=False, decimal_places=2), forms.ChoiceField(choices=UNITS))
        super().__init__(parts, required=False, require_all_fields=False, **options)

    def compress(self, parts: list[object]) -> dict[str, int | float] | None:
        """Read the delay; ValidationError for none above 0, for part of a day, or beyond ten years."""
        amount, unit = parts or (None, "none")
        if unit == "none":
            return None
        if not isinstance(amount, Decimal) or amount <= 0:
            raise forms.ValidationError(_("Give a delay above 0, or choose “no commitment”."))
        if unit == "days" and amount != amount.to_integral_value():
            raise forms.ValidationError(_("Business days are whole; for less, give business hours."))
        if amount > (LARGEST_DAYS if unit == "days" else LARGEST_HOURS):
            raise forms.ValidationError(_("This delay is longer than ten years."))
        return {str(unit): int(amount) if amount == amount.to_integral_value() else float(amount)}
