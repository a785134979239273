"""A second opinion on business time: it walks the wall clock step by step and shares no code with the engine."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=15)
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}


def easter(year: int) -> date:
    """Return Easter Sunday, by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def french_holiday(day: date) -> bool:
    return (day.month, day.day) in FIXED_HOLIDAYS or (day - easter(day.year)).days in {1, 39, 50}


def minutes_of(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


class SlowCalendar:
    """Windows on a grid of fifteen minutes, read off the wall clock at each step."""

    def __init__(self, document: dict) -> None:
        self.zone = ZoneInfo(document["timezone"])
        self.weekly = document["weekly"]
        self.french = document["holidays"] is not None
        self.closures = {closure["date"]: closure["windows"] for closure in document["closures"]}
        # Slow as it is, an answer once walked to is kept.
        self.is_open, self.add = cache(self.is_open), cache(self.add)
        self.between, self.add_days = cache(self.between), cache(self.add_days)

    def windows(self, day: date) -> list:
        if day.isoformat() in self.closures:
            return self.closures[day.isoformat()]
        if self.french and french_holiday(day):
            return []
        return self.weekly.get(str(day.isoweekday()), [])

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(minutes_of(a) <= minute < minutes_of(b) for a, b in self.windows(local.date()))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        at = start.astimezone(UTC)
        while amount:
            if self.is_open(at):
                amount -= STEP
            at += STEP
        return at

    def between(self, start: datetime, end: datetime) -> timedelta:
        if end < start:
            return -self.between(end, start)
        at, total = start.astimezone(UTC), timedelta()
        while at < end:
            if self.is_open(at):
                total += STEP
            at += STEP
        return total

    def next_open(self, at: datetime) -> datetime:
        at = at.astimezone(UTC)
        while not self.is_open(at):
            at += STEP
        return at

    def all_steps_of(self, day: date) -> list[datetime]:
        """Return every step of a local date, in order."""
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=30)
        steps = [at + count * STEP for count in range(84 * 4)]
        return [step for step in steps if step.astimezone(self.zone).date() == day]

    def steps_of(self, day: date) -> list[datetime]:
        """Return the open steps of a local date, in order; none: not a business day (K-4)."""
        return [step for step in self.all_steps_of(day) if self.is_open(step)]

    def business_day_after(self, day: date, count: int) -> date:
        while count:
            day += timedelta(days=1)
            if self.steps_of(day):
                count -= 1
        return day

    def end_of_business_day(self, start: datetime, count: int) -> datetime:
        return self.steps_of(self.business_day_after(start.astimezone(self.zone).date(), count))[-1] + STEP

    def start_of_business_day(self, start: datetime, count: int) -> datetime:
        return self.steps_of(self.business_day_after(start.astimezone(self.zone).date(), count))[0]

    def add_days(self, start: datetime, count: int) -> datetime:
        local = self.next_open(start).astimezone(self.zone)
        landing = self.business_day_after(local.date(), count)
        wall = datetime.combine(landing, local.time())
        # Reading the clock forward finds the first occurrence, and the end of a gap (K-6).
        for step in self.all_steps_of(landing):
            if step.astimezone(self.zone).replace(tzinfo=None) >= wall:
                later = [at for at in self.steps_of(landing) if at >= step]
                if later:
                    return later[0]
                break
        return self.steps_of(landing)[-1] + STEP
