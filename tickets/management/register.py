"""Reading a former register out of a CSV file: every refusal names the line, the column, the value and the reason."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from sla.instants import instant_of
from sla.policy import Severity
from tickets.words import ClosingGround, DeliveryKind, OutOfScopeGround

REQUIRED = (
    "external_reference", "client_code", "solution_code", "reporter_email", "title", "description", "severity",
    "received_at",
)  # fmt: skip
OPTIONAL = (
    "steps", "affected_version", "environment", "owner_email", "acknowledged_at", "delivered_at", "delivery_kind",
    "delivery_content", "delivery_version", "accepted_at", "closed_at", "closing_ground", "out_of_scope_ground",
    "duplicate_of",
)  # fmt: skip
INSTANTS = ("received_at", "acknowledged_at", "delivered_at", "accepted_at", "closed_at")
CHOICES: dict[str, type[StrEnum | TextChoices]] = {
    "severity": Severity,
    "delivery_kind": DeliveryKind,
    "closing_ground": ClosingGround,
    "out_of_scope_ground": OutOfScopeGround,
}
LONGEST = {"external_reference": 120, "title": 200, "affected_version": 80, "environment": 200}
FRENCH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})[ T]+(\d{1,2}) ?[h:](\d{2})(?::(\d{2}))?")


class UnreadableRegister(ValueError):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one cell, or one line, is refused."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Row:
    """One line as read: `cells` are texts, instants (aware) and choices by column; empty ones are left out."""

    line: int
    cells: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read_register(path: Path, problems: list[Problem]) -> list[Row]:
    """Read the lines of a register, adding to `problems`; raise `UnreadableRegister` if it is none."""
    return [_row(line, texts, problems) for line, texts in _lines(path, problems)]


def _lines(path: Path, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    text = _decoded(path)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    try:
        columns = [cell.strip().lower() for cell in next(reader)]
        _check_columns(columns)
        found, last = 0, reader.line_num
        for cells in reader:
            line, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            found += 1
            if len(cells) != len(columns):
                reason = _("%(found)d cells where the heading has %(expected)d.") % {
                    "found": len(cells),
                    "expected": len(columns),
                }
                problems.append(Problem(line, "", "", reason))
                continue
            yield (
                line,
                {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if cell.strip()},
            )
    except csv.Error as error:
        raise UnreadableRegister(
            _("Line %(line)d is not CSV: %(error)s.") % {"line": reader.line_num, "error": error}
        ) from error
    if not found:
        raise UnreadableRegister(_("The file has a heading and no ticket."))


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableRegister(
            _("The file cannot be read: %(reason)s.") % {"reason": error.strerror or error}
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableRegister(
            _("The file is not in UTF-8 (line %(line)d): in a spreadsheet, save it as “CSV UTF-8”.")
            % {"line": line}
        ) from error
    if not text.strip():
        raise UnreadableRegister(_("The file is empty."))
    if "\0" in text:
        raise UnreadableRegister(_("The file is no text: it holds null characters."))
    return text


def _check_columns(columns: list[str]) -> None:
    known = {*REQUIRED, *OPTIONAL}
    faults = [
        (_("Missing columns: %(names)s."), [name for name in REQUIRED if name not in columns]),
        (_("Unknown columns: %(names)s."), [name or "—" for name in columns if name not in known]),
        (_("Columns said twice: %(names)s."), sorted({name for name in columns if columns.count(name) > 1})),
    ]
    said = [sentence % {"names": ", ".join(names)} for sentence, names in faults if names]
    if said:
        raise UnreadableRegister(" ".join(said))


def _row(line: int, texts: dict[str, str], problems: list[Problem]) -> Row:
    row = Row(line, texts=texts)
    missing = [name for name in REQUIRED if name not in texts]
    problems += [Problem(line, name, "", _("This column must be filled.")) for name in missing]
    for name, text in texts.items():
        try:
            row.cells[name] = _cell(name, text)
        except ValueError as error:
            problems.append(Problem(line, name, text, str(error)))
    return row


def _cell(name: str, text: str) -> object:
    if name in INSTANTS:
        return read_instant(text)
    if name in CHOICES:
        try:
            return CHOICES[name](text.lower())
        except ValueError:
            expected = ", ".join(str(each) for each in CHOICES[name])
            raise ValueError(_("Expected one of: %(values)s.") % {"values": expected}) from None
    if len(text) > LONGEST.get(name, len(text)):
        raise ValueError(_("Longer than %(count)d characters.") % {"count": LONGEST[name]})
    return text


def read_instant(text: str) -> datetime:
    """Read “2026-03-04 14:30”, ISO 8601 or “04/03/2026 14:30”; local time of the contract unless a zone is said."""
    french = FRENCH.fullmatch(text)
    try:
        if french:
            day, month, year, hour, minute, second = (int(part or 0) for part in french.groups())
            found = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  (its zone comes below)
        else:
            found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_("Not a date and time such as 04/03/2026 14:30 or 2026-03-04 14:30.")) from None
    if not french and len(text) <= len("2026-03-04"):
        raise ValueError(_("The time is missing: a date such as 04/03/2026 14:30 is needed."))
    try:
        if found.tzinfo is None:
            return instant_of(found, settings.SUPPORT_ZONE)
        found.astimezone(UTC)
    except OverflowError:
        raise ValueError(_("Not a date and time such as 04/03/2026 14:30 or 2026-03-04 14:30.")) from None
    except ValidationError as error:
        raise ValueError(error.message) from None
    return found
