"""Reading back what a report's files say, without the code that wrote them."""

import html
import io
import re
import zipfile
from xml.etree import ElementTree as ET

from pypdf import PdfReader

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def text_of(content: bytes) -> str:
    """Return the text of a PDF on one line, its entities and special spaces made plain."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return plain("\n".join(pages))


def plain(text: str) -> str:
    """Return the text on one line, its entities and special spaces made plain."""
    return re.sub(r"\s+", " ", html.unescape(text).replace("\u202f", " ").replace("\u00a0", " "))


def sheets_of(content: bytes) -> dict[str, list[list[object]]]:
    """Return the cells of a workbook by sheet: text as text, numbers as numbers, nothing as None."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ["".join(each.itertext()) for each in parsed(book.read("xl/sharedStrings.xml"))]
        names = [each.get("name") for each in parsed(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")]
        return {
            name: [
                [_cell(cell, shared) for cell in row]
                for row in parsed(book.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{MAIN}row")
            ]
            for number, name in enumerate(names, 1)
        }


def formulas_in(content: bytes) -> int:
    """Count the formulas of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return sum(
            book.read(name).count(b"<f>") for name in book.namelist() if name.startswith("xl/worksheets/")
        )


def parsed(content: bytes) -> ET.Element:
    """Parse a part of a workbook that this suite wrote itself."""
    return ET.fromstring(content)  # noqa: S314


def _cell(cell: ET.Element, shared: list[str]) -> object:
    value = cell.find(f"{MAIN}v")
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    if value is None:
        return None
    return shared[int(value.text)] if cell.get("t") == "s" else float(value.text)
