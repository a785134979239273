"""Cells of files that a spreadsheet opens: what somebody typed is never a formula there."""

FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral_cell(text: str) -> str:
    """Return the text, behind an apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_BEGINNINGS) else text
