"""Reading a former register out of a CSV file: every refusal names the line, the column, the value and the reason."""

import re
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
from tickets.sheets import Columns, Problem, UnreadableSheet, read_lines
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


@dataclass(slots=True)
class Row:
    """One line as read: `cells` are texts, instants (aware) and choices by column; empty ones are left out."""

    line: int
    cells: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read_register(path: Path, problems: list[Problem]) -> list[Row]:
    """Read the lines of a register, adding to `problems`; raise `UnreadableSheet` if it is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSheet(
            _("The file cannot be read: %(reason)s.") % {"reason": error.strerror or error}
        ) from error
    columns = Columns(REQUIRED, OPTIONAL, _("The file has a heading and no ticket."))
    return [_row(line, texts, problems) for line, texts in read_lines(content, columns, problems)]


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
