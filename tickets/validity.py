"""How long a quote holds: until the end of a day in the contract's time zone (C-OUT-4; no ORM, no wall clock)."""

from datetime import date, datetime, time, timedelta

from django.conf import settings


def end_of(day: date) -> datetime:
    """Return the midnight that ends a local date, an aware instant."""
    return datetime.combine(day + timedelta(days=1), time(), settings.SUPPORT_ZONE)


def last_day(expires_at: datetime) -> date:
    """Return the last local date, included, of what is valid until an aware instant, excluded."""
    return _day(expires_at - timedelta(microseconds=1))


def after_contest(expires_at: datetime, contested_at: datetime, settled_at: datetime) -> datetime:
    """Return until when a quote holds once its contest is settled: the days that the contest took are given back."""
    return end_of(last_day(expires_at) + (_day(settled_at) - _day(contested_at)))


def _day(at: datetime) -> date:
    return at.astimezone(settings.SUPPORT_ZONE).date()
