"""Cells of exported tables: written as they leave, unable to run as a formula in what opens them (pure)."""

from typing import Any

# What a spreadsheet takes for the beginning of a formula, its full-width twins included; a tab or a line
# end is dropped by some of them, and what follows then comes first.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Echo:
    """A file that hands each line straight on, for a writer whose lines leave as they are written."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet would compute `text` rather than show it."""
    return text.startswith(FORMULA) or text.lstrip(" \u00a0\u202f\ufeff\u200b").startswith(FORMULA)


def neutral_cell(value: Any) -> Any:
    """Return `value` fit for a cell: a text that looks like a formula gets an apostrophe before it.

    Numbers, dates and None are returned as they are: only a text can be a formula. Every export of the
    product, CSV or workbook, passes each of its cells through this one function.
    """
    return f"'{value}" if isinstance(value, str) and looks_like_formula(value) else value
