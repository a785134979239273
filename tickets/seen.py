"""What the author of a form had before their eyes as it was shown to them: the last entry, and the last message."""

from typing import Self

MOST_DIGITS = 18


class Seen(int):
    """The number of the last entry that somebody saw on a ticket; `message` is the last one, where notes are theirs.

    Written « 12 » for a client, « 12-345 » for the vendor's people: an internal note is no entry of the ledger.
    """

    message: int | None

    def __new__(cls, seq: int, message: int | None = None) -> Self:
        """Make it of both numbers."""
        made = super().__new__(cls, seq)
        made.message = message
        return made

    def __str__(self) -> str:
        return f"{int(self)}" if self.message is None else f"{int(self)}-{self.message}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote; `ValueError` for anything else."""
        parts = text.strip().split("-")
        if len(parts) > 2 or not all(_is_a_number(part) for part in parts):
            raise ValueError(text)
        return cls(*map(int, parts))


def _is_a_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
