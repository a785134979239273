"""Other engines of business time, each under the benchmark's calendar and used in its fastest honest way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytz
from business_duration import businessDuration
from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule
from django_bizcal import WorkingCalendar
from holidays import country_holidays
from opening_hours import OpeningHours, State
from timegrid import TimeGridCalendar
from workclock import Holidays, Schedule, WorkDay

PARIS = ZoneInfo("Europe/Paris")
UTC_BY_NAME = ZoneInfo("UTC")
OPENS, CLOSES = time(9), time(18)
YEARS = range(2023, 2036)
HOLIDAYS: tuple[date, ...] = tuple(sorted(country_holidays("FR", years=YEARS)))
FAR = datetime(2035, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Peer:
    """One engine: `add` and `between` answer one question each, from datetimes to a datetime or an amount.

    `instant` and `hours` put a question in the engine's own form beforehand, outside what is measured;
    turning the datetimes themselves, where the engine asks for it, is measured. None: it cannot answer.
    """

    name: str
    package: str
    written_in: str
    add: Callable[[Any, Any], datetime] | None
    between: Callable[[Any, Any], Any] | None
    hours: Callable[[int], Any] = lambda hours: timedelta(hours=hours)
    instant: Callable[[datetime], Any] = lambda at: at
    microseconds: Callable[[Any], int] = lambda amount: amount // timedelta(microseconds=1)
    remark: str = ""
    # One question out of this many is put to it, for the slow ones.
    share: int = 1
    # The same for whole lists in one call, where it has that.
    add_many: Callable[[list[Any], list[Any]], Iterable[datetime]] | None = None
    between_many: Callable[[list[Any], list[Any]], Sequence[Any]] | None = None

    @property
    def title(self) -> str:
        """The engine and its version."""
        return f"{self.name} {version(self.package)}"


def _on_the_wall(at: datetime) -> datetime:
    return at.astimezone(PARIS).replace(tzinfo=None)


def _pandas() -> Peer:
    offsets = {
        hours: pd.offsets.CustomBusinessHour(hours, start="09:00", end="18:00", holidays=list(HOLIDAYS))
        for hours in range(1, 121)
    }
    return Peer(
        "pandas CustomBusinessHour",
        "pandas",
        "Python, Cython",
        add=lambda at, offset: at.astimezone(PARIS) + offset,
        between=None,
        hours=offsets.__getitem__,
        remark="whole hours only; counts none between two instants",
        share=10,
    )


def _businesstimedelta() -> Peer:
    zone = pytz.timezone("Europe/Paris")
    working = WorkDayRule(OPENS, CLOSES, [0, 1, 2, 3, 4], tz=zone)
    rules = Rules([working, HolidayRule(frozenset(HOLIDAYS), tz=zone)])
    return Peer(
        "businesstimedelta",
        "businesstimedelta",
        "Python",
        add=lambda at, amount: at + amount,
        between=rules.difference,
        hours=lambda hours: BusinessTimeDelta(rules, hours=hours),
        microseconds=lambda amount: amount.timedelta // timedelta(microseconds=1),
        share=100,
    )


def _opening_hours() -> Peer:
    hours = OpeningHours("Mo-Fr 09:00-18:00; PH off", timezone=PARIS, country="FR", auto_timezone=False)

    far = FAR.astimezone(UTC_BY_NAME)

    def add(at: datetime, amount: timedelta) -> datetime:
        for opens, closes, state, _ in hours.intervals(at, far):
            if state == State.OPEN:
                # No opening spans a change of clocks here: the difference of two clock readings is the time.
                if closes - opens >= amount:
                    return opens + amount
                amount -= closes - opens
        raise ValueError("never open again")

    def between(start: datetime, end: datetime) -> timedelta:
        return sum(
            (
                closes - opens
                for opens, closes, state, _ in hours.intervals(start, end)
                if state == State.OPEN
            ),
            timedelta(),
        )

    return Peer(
        "opening-hours-py",
        "opening-hours-py",
        "Rust",
        add=add,
        between=between,
        instant=lambda at: at.astimezone(UTC_BY_NAME),
        remark="no arithmetic of its own: its openings are walked",
        share=50,
    )


def _timegrid() -> Peer:
    calendar = TimeGridCalendar.weekdays(OPENS, CLOSES)
    for day in HOLIDAYS:
        calendar = calendar.close(day)
    timeline = calendar.compile(datetime(2024, 1, 1), datetime(2034, 1, 1))  # noqa: DTZ001  # it has no zones
    return Peer(
        "timegrid",
        "timegrid",
        "Rust",
        add=lambda at, amount: (
            calendar.add_work_duration(_on_the_wall(at), amount).replace(tzinfo=PARIS).astimezone(UTC)
        ),
        between=lambda start, end: timeline.get_working_duration(_on_the_wall(start), _on_the_wall(end)),
        remark="naive: the zone is converted by its caller; compiled for counting",
    )


def _workclock() -> Peer:
    schedule = Schedule([WorkDay(OPENS, CLOSES), Holidays(list(HOLIDAYS))], time_zone=PARIS)
    return Peer(
        "workclock",
        "workclock",
        "Rust",
        add=schedule.add,
        between=schedule.between,
        add_many=schedule.add_many,
        between_many=schedule.between_many,
    )


def _django_bizcal() -> Peer:
    week = {weekday: [("09:00", "18:00")] for weekday in range(5)}
    calendar = WorkingCalendar.from_country(
        country="FR", years=list(YEARS), tz="Europe/Paris", weekly_schedule=week
    )
    return Peer(
        "django-bizcal",
        "django-bizcal",
        "Python",
        add=calendar.add_business_time,
        between=calendar.business_time_between,
        share=20,
    )


def _business_duration() -> Peer:
    holidays = dict.fromkeys(HOLIDAYS)

    def between(start: datetime, end: datetime) -> float:
        return businessDuration(
            _on_the_wall(start), _on_the_wall(end), OPENS, CLOSES, [5, 6], holidays, "sec"
        )

    return Peer(
        "business-duration",
        "business-duration",
        "Python, pandas",
        add=None,
        between=between,
        microseconds=lambda seconds: round(seconds * 1_000_000),
        remark="counts only, by the second; naive",
        share=50,
    )


def peers() -> list[Peer]:
    """Return every engine, ready to answer."""
    return [
        _workclock(),
        _timegrid(),
        _pandas(),
        _opening_hours(),
        _django_bizcal(),
        _businesstimedelta(),
        _business_duration(),
    ]
