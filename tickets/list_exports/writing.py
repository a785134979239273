"""Writing a list as CSV, JSON or a workbook, row by row: memory stays flat however long the list is."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format

from tickets.cells import Echo, neutral_cell
from tickets.list_exports.listing import Column
from tickets.models import ExportFormat
from tickets.monthly.files import BOM, FORMATS, HOUR, WIDTHS
from tickets.monthly.tables import Kind
from tickets.plain_sheet import PlainSheet
from tickets.templatetags.figures import length

SHEET_ROWS = 1_048_575  # what a sheet of a workbook holds below its header
EPOCH, DAY = datetime(1899, 12, 30), timedelta(days=1)  # noqa: DTZ001  (a wall clock, as a spreadsheet has)
CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSON: "application/json",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def csv_lines(columns: list[Column[Any]], rows: Iterable[list[Any]], zone: ZoneInfo) -> Iterator[bytes]:
    """Yield the lines of a CSV for a French Excel: byte-order mark, semicolons, dates of the zone, no formula."""
    writer = csv.writer(Echo(), delimiter=";", lineterminator="\r\n")
    yield (BOM + writer.writerow([neutral_cell(column.heading) for column in columns])).encode()
    kinds = [column.kind for column in columns]
    for row in rows:
        cells = [_plain(value, kind, zone) for value, kind in zip(row, kinds, strict=True)]
        yield writer.writerow(cells).encode()


def _plain(value: Any, kind: Kind, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if kind == Kind.INSTANT:
        return f"{value.astimezone(zone):%d/%m/%Y %H:%M}"
    if kind == Kind.DAY:
        return f"{value:%d/%m/%Y}"
    if kind == Kind.LENGTH:
        return length(value)
    if kind == Kind.MONEY:
        return str(value).replace(".", ",")
    return neutral_cell(str(value))


def json_lines(columns: list[Column[Any]], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """Yield a JSON array, an object a line: instants and days in ISO 8601, lengths in microseconds, euros as text."""
    keys = [column.key for column in columns]
    before = "[\n"
    for row in rows:
        values = [_as_data(value) for value in row]
        yield f"{before}{json.dumps(dict(zip(keys, values, strict=True)), ensure_ascii=False)}".encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _as_data(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def write_workbook(
    file: IO[bytes],
    columns: list[Column[Any]],
    rows: Iterable[list[Any]],
    zone: ZoneInfo,
    *,
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Write a workbook into a file: typed cells, header in view, nothing a formula; return how many rows.

    What goes beyond `sheet_rows` goes on in a further sheet, under the same header.
    """
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    written = line = 0
    with xlsxwriter.Workbook(file, options) as book:
        formats = {kind: book.add_format({**each, "text_wrap": False}) for kind, each in FORMATS.items()}
        header = book.add_format({"bold": True, "bottom": 2})
        # A number of a kind is found and put with its format; a text is put as it is, with none.
        kinds = [
            (position, _NUMBERS.get(column.kind), formats[column.kind])
            for position, column in enumerate(columns)
        ]
        sheet = _begin_sheet(book, columns, header)
        for row in rows:
            if line == sheet_rows:
                sheet.autofilter(0, 0, line, len(columns) - 1)
                sheet, line = _begin_sheet(book, columns, header), 0
            line, written = line + 1, written + 1
            for value, (position, number_of, cell_format) in zip(row, kinds, strict=True):
                if value is None or value == "":
                    continue
                if number_of is None:
                    sheet.write_string(line, position, value)
                else:
                    sheet.write_number(line, position, number_of(value, zone), cell_format)
        sheet.autofilter(0, 0, max(line, 1), len(columns) - 1)
    return written


def _begin_sheet(book: xlsxwriter.Workbook, columns: list[Column[Any]], header: Format) -> PlainSheet:
    sheet: PlainSheet = book.add_worksheet(worksheet_class=PlainSheet)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, WIDTHS[column.kind])
        sheet.write_string(0, position, column.heading, header)
    sheet.freeze_panes(1, 1)
    return sheet


def _serial(instant: datetime, zone: ZoneInfo) -> float:
    """Return an instant as a spreadsheet counts it: days of the zone's wall clock since the end of 1899."""
    return (instant.astimezone(zone).replace(tzinfo=None) - EPOCH) / DAY


_NUMBERS: dict[Kind, Callable[[Any, ZoneInfo], float]] = {
    Kind.COUNT: lambda value, _zone: value,
    Kind.PERCENT: lambda value, _zone: value / 1000,
    Kind.LENGTH: lambda value, _zone: value / HOUR,
    Kind.INSTANT: _serial,
    Kind.MONEY: lambda value, _zone: float(value),
    Kind.DAY: lambda value, _zone: value.toordinal() - EPOCH.toordinal(),
}


def write_file(
    file: IO[bytes],
    suffix: ExportFormat,
    columns: list[Column[Any]],
    rows: Iterable[list[Any]],
    zone: ZoneInfo,
) -> None:
    """Write a list into a file, in any of the formats."""
    if suffix == ExportFormat.XLSX:
        write_workbook(file, columns, rows, zone)
        return
    lines = csv_lines(columns, rows, zone) if suffix == ExportFormat.CSV else json_lines(columns, rows)
    for line in lines:
        file.write(line)
