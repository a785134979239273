"""A list as an export takes it: its columns, how long it is, what it is made of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from tickets.monthly.tables import Kind

CHUNK = 2_000
Item = TypeVar("Item")


class NoSuchList(ValueError):
    """The address names no list; the message says why."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Item]):
    """One column: its name in data, its heading, its kind, how it reads an item."""

    key: str
    heading: str
    kind: Kind
    read: Callable[[Item], Any]


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """A list as somebody may see it at an instant; its items are read when they are asked for, never held."""

    columns: list[Column[Item]]
    count: Callable[[], int]
    items: Callable[[], Iterable[Item]]

    def rows(self) -> Iterator[list[Any]]:
        """Yield each item's cells, in the order of the columns."""
        readers = [column.read for column in self.columns]
        for item in self.items():
            yield [read(item) for read in readers]
