"""The files of a report, all made of the one document: PDF, spreadsheet, CSV, JSON."""

import csv
import io
import json
from datetime import datetime
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tickets.cells import neutral_cell
from tickets.monthly.sections import cover_of, number_of, sections_of, title_of
from tickets.monthly.tables import Kind, Section, Table
from tickets.plain_sheet import PlainSheet
from tickets.statements.paper import print_pdf
from tickets.templatetags.figures import length, percent

JSON = dict[str, Any]

BOM = "\ufeff"
HOUR = 3_600_000_000  # microseconds
SHEET_NAME = 31  # characters that a spreadsheet takes
WIDTHS = {
    Kind.TEXT: 34, Kind.WORD: 20, Kind.COUNT: 12, Kind.PERCENT: 12, Kind.LENGTH: 16,
    Kind.INSTANT: 18, Kind.DAY: 12, Kind.MONEY: 14,
}  # fmt: skip
FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"text_wrap": True, "valign": "top"},
    Kind.WORD: {"valign": "top"},
    Kind.COUNT: {"num_format": "0", "valign": "top"},
    Kind.PERCENT: {"num_format": "0.0%", "valign": "top"},
    Kind.LENGTH: {"num_format": '0.00" h"', "valign": "top"},
    Kind.INSTANT: {"num_format": "dd/mm/yyyy hh:mm", "valign": "top"},
    Kind.DAY: {"num_format": "dd/mm/yyyy", "valign": "top"},
    Kind.MONEY: {"num_format": '#,##0.00" €"', "valign": "top"},
}


def write_pdf(document: JSON) -> bytes:
    """Print the report as a tagged PDF (PDF/UA), A4, in the document's language."""
    with translation.override(document["language"]), timezone.override(settings.SUPPORT_ZONE):
        return print_pdf("monthly/print.html", printed(document), "css/report_print.css")


def printed(document: JSON) -> dict[str, Any]:
    """Return what the report's templates show; its language and time zone are to be active."""
    return {
        "document": document,
        "title": title_of(document),
        "number": number_of(document),
        "cover": cover_of(document),
        "sections": sections_of(document),
        "vendor_name": document["vendor"],
    }


def write_json(document: JSON) -> bytes:
    """Write the document itself: what `report_verify` takes."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()


def write_csv(document: JSON) -> bytes:
    """Write the tickets of the month for a French Excel: semicolons, a byte-order mark, decimal commas.

    What has become known of months already reported comes below them, under its own headings.
    """
    out = io.StringIO()
    out.write(BOM)
    with translation.override(document["language"]), timezone.override(settings.SUPPORT_ZONE):
        tables = {
            each.key: each.tables[0] for each in sections_of(document) if each.key in {"tickets", "since"}
        }
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        _write_lines(writer, tables["tickets"])
        if "since" in tables and tables["since"].rows:
            writer.writerow([])
            writer.writerow([neutral_cell(tables["since"].caption)])
            _write_lines(writer, tables["since"])
    return out.getvalue().encode()


def _write_lines(writer: Any, table: Table) -> None:
    writer.writerow([neutral_cell(str(name)) for name, _kind in table.columns])
    for row in table.cells:
        writer.writerow([_plain(value, kind) for value, kind, _name in row])


def _plain(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    if kind == Kind.INSTANT:
        return f"{datetime.fromisoformat(value).astimezone(settings.SUPPORT_ZONE):%d/%m/%Y %H:%M}"
    if kind == Kind.LENGTH:
        return length(value)
    if kind == Kind.PERCENT:
        return percent(value)
    return neutral_cell(str(value))


def write_xlsx(document: JSON) -> bytes:
    """Write the report as a spreadsheet: a sheet a table, typed cells, the header in view; nothing is a formula."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with (
        translation.override(document["language"]),
        timezone.override(settings.SUPPORT_ZONE),
        xlsxwriter.Workbook(out, options) as book,
    ):
        book.set_properties(
            {
                "title": title_of(document),
                "author": document["vendor"],
                "company": document["vendor"],
                "created": datetime.fromisoformat(document["figures_at"]).replace(tzinfo=None),
            }
        )
        formats = {kind: book.add_format(each) for kind, each in FORMATS.items()}
        header = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        _write_cover(book, document, header, formats[Kind.TEXT])
        taken = {_("Cover")}
        for section in sections_of(document):
            for table in section.tables:
                name = _sheet_name(section, table, taken)
                _write_table(book.add_worksheet(name, worksheet_class=PlainSheet), table, header, formats)
    return out.getvalue()


def _write_cover(book: Workbook, document: JSON, header: Format, text: Format) -> None:
    sheet = book.add_worksheet(_("Cover"), worksheet_class=PlainSheet)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    lines = [(title_of(document), number_of(document)), *cover_of(document)]
    for section in sections_of(document):
        lines += [
            (section.title if not position else "", said) for position, said in enumerate(section.paragraphs)
        ]
        lines += section.definitions
    lines.append(("SHA-256", document["digest"]))
    for row, (term, value) in enumerate(lines):
        sheet.write_string(row, 0, str(term), header if row == 0 else text)
        sheet.write_string(row, 1, str(value), header if row == 0 else text)
    sheet.freeze_panes(1, 0)


def _sheet_name(section: Section, table: Table, taken: set[str]) -> str:
    """Return a name that a spreadsheet takes, and that no other sheet has."""
    wanted = section.title if len(section.tables) == 1 else table.caption
    plain = "".join(" " if each in "[]:*?/\\'" else each for each in wanted)
    name, tries = plain[:SHEET_NAME].strip(), 1
    while name.casefold() in {each.casefold() for each in taken}:
        tries += 1
        name = f"{plain[: SHEET_NAME - 4].strip()} ({tries})"
    taken.add(name)
    return name


def _write_table(sheet: Worksheet, table: Table, header: Format, formats: dict[Kind, Format]) -> None:
    for column, (name, kind) in enumerate(table.columns):
        sheet.set_column(column, column, WIDTHS[kind])
        sheet.write_string(0, column, str(name), header)
    sheet.freeze_panes(1, 1)
    for row, cells in enumerate(table.cells, 1):
        for column, (value, kind, _name) in enumerate(cells):
            write_cell(sheet, row, column, value, kind, formats)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    if table.note:
        sheet.write_string(len(table.rows) + 2, 0, table.note)


def write_cell(
    sheet: Worksheet, row: int, column: int, value: Any, kind: Kind, formats: dict[Kind, Format]
) -> None:
    """Write one cell with its type: text stays text, an instant is one in the contract's time zone, a length hours."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats[kind])
    elif kind in {Kind.TEXT, Kind.WORD}:
        sheet.write_string(row, column, str(value), formats[kind])
    elif kind == Kind.INSTANT:
        local = datetime.fromisoformat(value).astimezone(settings.SUPPORT_ZONE)
        sheet.write_datetime(row, column, local.replace(tzinfo=None), formats[kind])
    elif kind == Kind.PERCENT:
        sheet.write_number(row, column, value / 1000, formats[kind])
    elif kind == Kind.LENGTH:
        sheet.write_number(row, column, value / HOUR, formats[kind])
    elif kind == Kind.MONEY:
        sheet.write_number(row, column, float(value), formats[kind])
    else:
        sheet.write_number(row, column, value, formats[kind])


WRITERS = {
    "pdf": (write_pdf, "application/pdf"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "json": (write_json, "application/json"),
}
