"""What a report is made of, whatever shows it: sections of tables whose cells have a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"  # what somebody typed: it may be long, and break anywhere
    WORD = "word"  # one of a closed list
    COUNT = "count"
    PERCENT = "percent"  # tenths of a percent
    LENGTH = "length"  # microseconds of business time
    INSTANT = "instant"
    DAY = "day"  # a local date
    MONEY = "money"  # euros, as a decimal or its text


class Leading(str):
    """The text of a cell that leads to an address of the product on the page, and is the text alone in a file."""

    __slots__ = ("address",)
    address: str

    def __new__(cls, text: str, address: str) -> Self:
        """Give a text its address."""
        found = super().__new__(cls, text)
        found.address = address
        return found


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it lists, its columns, its rows; the first column heads each row; `note` is said under it."""

    caption: str
    columns: Sequence[tuple[str, Kind]]
    rows: Sequence[Sequence[Any]]
    empty: str = ""
    note: str = ""

    @property
    def cells(self) -> list[list[tuple[Any, Kind, str]]]:
        """Each row as (value, kind, heading)."""
        return [
            [(value, kind, name) for value, (name, kind) in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    key: str
    title: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()
    definitions: Sequence[tuple[str, str]] = ()
