"""Reading a CSV file line by line: every refusal names the line, the column, the value and the reason (pure)."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _


class UnreadableSheet(ValueError):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one cell, or one line, is refused."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a file may have, and what to say of one that has a heading alone."""

    required: Sequence[str]
    optional: Sequence[str]
    nothing: str


def read_lines(
    content: bytes, columns: Columns, problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number and its filled cells by column, adding to `problems` what has no right shape.

    Raises `UnreadableSheet`. The separator is the semicolon or the comma, whichever the heading has.
    """
    text = decoded(content)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    try:
        names = [cell.strip().lower() for cell in next(reader)]
        _check_separator(names, columns)
        _check_columns(names, columns)
        found, last = 0, reader.line_num
        for cells in reader:
            line, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            found += 1
            if len(cells) != len(names):
                reason = _("%(found)d cells where the heading has %(expected)d.") % {
                    "found": len(cells),
                    "expected": len(names),
                }
                problems.append(Problem(line, "", "", reason))
                continue
            yield line, {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}
    except csv.Error as error:
        raise UnreadableSheet(
            _("Line %(line)d is not CSV: %(error)s.") % {"line": reader.line_num, "error": error}
        ) from error
    if not found:
        raise UnreadableSheet(columns.nothing)


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8; raise `UnreadableSheet`, naming the line that is not."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableSheet(
            _("The file is not in UTF-8 (line %(line)d): in a spreadsheet, save it as “CSV UTF-8”.")
            % {"line": line}
        ) from error
    if not text.strip():
        raise UnreadableSheet(_("The file is empty."))
    if "\0" in text:
        raise UnreadableSheet(_("The file is no text: it holds null characters."))
    return text


def _check_separator(names: Sequence[str], columns: Columns) -> None:
    if len(names) == 1 and names[0] not in chain(columns.required, columns.optional):
        for separator, word in (("\t", _("tabs")), ("|", _("vertical bars"))):
            if separator in names[0]:
                raise UnreadableSheet(
                    _(
                        "Line 1: the columns are separated by %(separator)s; save the file with semicolons or commas."
                    )
                    % {"separator": word}
                )


def _check_columns(names: Sequence[str], columns: Columns) -> None:
    known = {*columns.required, *columns.optional}
    faults = [
        (_("Missing columns: %(names)s."), [name for name in columns.required if name not in names]),
        (_("Unknown columns: %(names)s."), [name or "—" for name in names if name not in known]),
        (_("Columns said twice: %(names)s."), sorted({name for name in names if names.count(name) > 1})),
    ]
    said = [sentence % {"names": ", ".join(names)} for sentence, names in faults if names]
    if said:
        raise UnreadableSheet(" ".join(said))


def say_problem(problem: Problem) -> str:
    """Return a problem in one line: where, what is there, why it is refused."""
    place = _("Line %(line)d") % {"line": problem.line}
    column = f", {problem.column}" if problem.column else ""
    value = ", " + _("“%(value)s”") % {"value": problem.value[:60]} if problem.value else ""
    return _("%(place)s: %(reason)s") % {"place": f"{place}{column}{value}", "reason": problem.reason}
