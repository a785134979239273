"""A worksheet of plain cells, text and numbers: what the product's tables are written with, row by row.

XlsxWriter's innermost loop serves every kind of cell, and takes a text between `<r>` and `</r>` for markup that it
writes as it stands. A table has two kinds, and its texts are only ever texts.
"""

from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellStringTuple, Worksheet


class PlainSheet(Worksheet):
    """A sheet whose every cell is a text, a number or blank; for a workbook with `constant_memory`."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[int, str] = {}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write one cell: the library calls this for each, once its row is whole."""
        name = self.names.get(col) or self.names.setdefault(col, xl_col_to_name(col))
        start = f'<c r="{name}{row + 1}"'
        if cell.format is not None:
            start = f'{start} s="{cell.format._get_xf_index()}"'  # noqa: SLF001  (as the method replaced does)
        if cell.__class__ is CellStringTuple:
            text = self._escape_data(self._escape_control_characters(cell.string))
            self.fh.write(f'{start} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
        elif cell.__class__ is CellBlankTuple:
            self.fh.write(f"{start}/>")
        else:
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
