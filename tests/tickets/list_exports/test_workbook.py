"""A long list as a workbook: the cells that the library itself would write, and texts that are only texts."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from tests.tickets.monthly.reading import MAIN, formulas_in, parsed, sheets_of
from tickets.list_exports.listing import Column
from tickets.list_exports.writing import SHEET_ROWS, write_workbook
from tickets.monthly.files import FORMATS, HOUR
from tickets.monthly.tables import Kind

PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 in Paris, the first of two
WALL = NIGHT.astimezone(PARIS).replace(tzinfo=None)
HOSTILE = [
    "<r>texte</r>", "<r><t>non fermé</r>", "=SOMME(A1)", "a & b < c > d \"e\"", "  bords  ", "_x0041_", "\x0b\x00",
    "\u202eRTL كلمة", "é" * 32_767, "\ufffe",
]  # fmt: skip


def columns(*kinds: Kind) -> list[Column[Any]]:
    return [
        Column(f"c{place}", f"Colonne {place}", kind, lambda row: row) for place, kind in enumerate(kinds)
    ]


def written(kinds: list[Kind], rows: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    assert write_workbook(file, columns(*kinds), rows, PARIS) == len(rows)
    return file.getvalue()


def cells_of(content: bytes) -> list[tuple[str, str, str]]:
    """Return the type, the format and the value of each cell after the header, as the file says them."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        _header, *rows = parsed(book.read("xl/worksheets/sheet1.xml")).iter(f"{MAIN}row")
        styles = parsed(book.read("xl/styles.xml"))
    own = {each.get("numFmtId"): each.get("formatCode") for each in styles.iter(f"{MAIN}numFmt")}
    used = [each.get("numFmtId") for each in styles.find(f"{MAIN}cellXfs")]
    formats = [own.get(number, number) for number in used]
    return [
        (cell.get("t", "n"), formats[int(cell.get("s", "0"))], "".join(cell.itertext()))
        for row in rows
        for cell in row
    ]


@pytest.mark.parametrize(
    ("kind", "value", "put"),
    [
        (Kind.COUNT, 12, lambda sheet, form: sheet.write_number(1, 0, 12, form)),
        (Kind.LENGTH, 9 * HOUR + 1, lambda sheet, form: sheet.write_number(1, 0, (9 * HOUR + 1) / HOUR, form)),
        (Kind.PERCENT, 755, lambda sheet, form: sheet.write_number(1, 0, 0.755, form)),
        (Kind.DAY, date(2026, 2, 28), lambda sheet, form: sheet.write_datetime(1, 0, date(2026, 2, 28), form)),
        (Kind.INSTANT, NIGHT, lambda sheet, form: sheet.write_datetime(1, 0, WALL, form)),
        (Kind.TEXT, "très", lambda sheet, _form: sheet.write_string(1, 0, "très")),
        (Kind.WORD, "très", lambda sheet, _form: sheet.write_string(1, 0, "très")),
    ],
    ids=lambda each: str(each) if isinstance(each, Kind) else "",
)  # fmt: skip
def test_a_cell_is_the_one_that_the_library_writes(
    kind: Kind, value: Any, put: Callable[[Any, Any], Any]
) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "Colonne 0")
        put(sheet, book.add_format({**FORMATS[kind], "text_wrap": False}))
    assert cells_of(written([kind], [[value]])) == cells_of(file.getvalue())


def test_a_list_longer_than_a_sheet_goes_on_in_the_next_one() -> None:
    for many, lengths in ((0, [1]), (3, [4]), (4, [4, 2]), (7, [4, 4, 2])):
        file, lines = io.BytesIO(), [[number] for number in range(many)]
        assert write_workbook(file, columns(Kind.COUNT), lines, PARIS, sheet_rows=3) == many
        sheets = list(sheets_of(file.getvalue()).values())
        assert [len(sheet) for sheet in sheets] == lengths
        assert all(sheet[0] == ["Colonne 0"] for sheet in sheets)
        assert [row for sheet in sheets for row in sheet[1:]] == lines
    assert SHEET_ROWS == 2**20 - 1


def test_a_text_is_only_ever_a_text() -> None:
    content = written([Kind.TEXT], [[text] for text in HOSTILE])
    [found] = sheets_of(content).values()
    assert formulas_in(content) == 0
    said = [row[0] for row in found[1:]]
    assert said[:5] == HOSTILE[:5]
    assert said[5:7] == ["_x005F_x0041_", "_x000B__x0000_"]  # as a spreadsheet escapes them
    assert said[7:] == [HOSTILE[7], HOSTILE[8], "_xFFFE_"]


def test_what_is_missing_leaves_its_cell_out_and_its_neighbours_in_place() -> None:
    kinds = [Kind.TEXT, Kind.INSTANT, Kind.LENGTH, Kind.COUNT]
    content = written(kinds, [["", None, None, 7], [None, NIGHT, 0, None]])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = parsed(book.read("xl/worksheets/sheet1.xml"))
    assert [cell.get("r") for cell in sheet.iter(f"{MAIN}c")][4:] == ["D2", "B3", "C3"]


def test_an_empty_list_is_a_header() -> None:
    [found] = sheets_of(written([Kind.TEXT, Kind.DAY], [])).values()
    assert found == [["Colonne 0", "Colonne 1"]]
