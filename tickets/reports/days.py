"""The days that figures cover: from a local date to a local date, both included, on the contract's own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tickets.reports.months import Month

TREND_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days in the contract's time zone."""

    first: date
    last: date

    @classmethod
    def of_month(cls, month: Month) -> Self:
        """Return the days of a month."""
        return cls(month.first_day, month.following.first_day - timedelta(days=1))

    def __contains__(self, day: date | None) -> bool:
        """Tell whether a day is one of them; none never is."""
        return day is not None and self.first <= day <= self.last

    @property
    def ends_at(self) -> datetime:
        """The midnight that ends the last day, in UTC."""
        after = datetime.combine(self.last + timedelta(days=1), time.min, tzinfo=settings.SUPPORT_ZONE)
        return after.astimezone(UTC)

    @property
    def starts_at(self) -> datetime:
        """The midnight that begins the first day, in UTC."""
        return datetime.combine(self.first, time.min, tzinfo=settings.SUPPORT_ZONE).astimezone(UTC)

    @property
    def month(self) -> Month | None:
        """The month that these days are, if they are one."""
        month = Month(self.first.year, self.first.month)
        return month if self == Days.of_month(month) else None

    @property
    def query(self) -> dict[str, str]:
        """What an address says of them."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    @property
    def trend(self) -> list[Month]:
        """The twelve months that end with that of the last day."""
        months = [Month(self.last.year, self.last.month)]
        while len(months) < TREND_MONTHS:
            months.insert(0, months[0].previous)
        return months


class RecentPeriod(TextChoices):
    """A period that moves on with the day on which it is asked for: it is over, so that its figures are whole."""

    PREVIOUS_WEEK = "previous_week", _("The week before, from Monday to Sunday")
    PREVIOUS_MONTH = "previous_month", _("The month before")
    LAST_12_MONTHS = "last_12_months", _("The twelve months before")

    def before(self, day: date) -> Days:
        """Return the days that it covers on a local date: the last of them is before it."""
        if self == RecentPeriod.PREVIOUS_WEEK:
            monday = day - timedelta(days=day.weekday() + 7)
            return Days(monday, monday + timedelta(days=6))
        last = Days.of_month(Month(day.year, day.month).previous)
        return last if self == RecentPeriod.PREVIOUS_MONTH else Days(last.trend[0].first_day, last.last)
