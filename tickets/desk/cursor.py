"""The mark of a page of the queue: from which ticket on, in the order as it stood when the reader came in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sla.calendar import from_instant, to_instant


@dataclass(frozen=True, slots=True)
class Key:
    """A ticket's place in the order: its rank, then microseconds (business time left, where due), its number."""

    rank: int
    place: int
    number: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins (or ends, when it is read backwards), in the order as it stood at `at`.

    Calendars do not advance together: an order frozen at the first page neither skips nor repeats a ticket
    on the next. The mark is signed: it is a place among tickets, not a number to play with.
    """

    at: datetime
    key: Key
    is_backwards: bool = False

    def sign(self) -> str:
        """Return the mark that goes into an address."""
        return _signer().sign_object(
            [to_instant(self.at), self.key.rank, self.key.place, self.key.number, int(self.is_backwards)]
        )

    @classmethod
    def read(cls, mark: str) -> Self:
        """Read a mark; raise `signing.BadSignature` for one that is not ours."""
        at, rank, place, number, backwards = _signer().unsign_object(mark)
        return cls(from_instant(at), Key(rank, place, number), bool(backwards))


def _signer() -> signing.Signer:
    return signing.Signer(salt="tickets.queue")


class CursorField(forms.CharField):
    """A page's mark in an address."""

    widget = forms.HiddenInput

    def clean(self, value: str | None) -> Cursor | None:
        """Return the place that the mark says; refuse one that was altered."""
        if not value:
            return None
        try:
            return Cursor.read(value)
        except (signing.BadSignature, ValueError):
            raise ValidationError(
                _("the mark of the page was altered, or comes from elsewhere; here is the first page.")
            ) from None
