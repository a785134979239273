"""The calendar month that a report covers, on the contract's own clock (C-CAL-1)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from django.conf import settings

from sla.compliance import Period

FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A month of a year, in the contract's time zone."""

    year: int
    number: int

    @classmethod
    def of(cls, at: datetime) -> Self:
        """Return the month in which an instant falls."""
        local = at.astimezone(settings.SUPPORT_ZONE)
        return cls(local.year, local.month)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read “2026-05”; `ValueError` for anything else."""
        found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if not found:
            raise ValueError(text)
        year, number = int(found[1]), int(found[2])
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12):
            raise ValueError(text)
        return cls(year, number)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        """The first day, a local date."""
        return date(self.year, self.number, 1)

    @property
    def period(self) -> Period:
        """From the month's first midnight to the next month's, in the contract's time zone, as UTC."""
        begin, end = (
            datetime(month.year, month.number, 1, tzinfo=settings.SUPPORT_ZONE).astimezone(UTC)
            for month in (self, self.following)
        )
        return Period(begin, end)

    @property
    def previous(self) -> Self:
        """The month before."""
        return self._shifted(-1)

    @property
    def following(self) -> Self:
        """The month after."""
        return self._shifted(1)

    def _shifted(self, months: int) -> Self:
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return type(self)(year, index + 1)
