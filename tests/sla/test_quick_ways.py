"""Adding and counting take a quick way, day by day: it says what the plain integer arithmetic says, everywhere."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from sla.calendar import BusinessCalendar, from_instant, to_instant

HOUR = 3_600_000_000
WEEK = {str(day): [["09:00", "18:00"]] for day in range(1, 6)}
NIGHTS = {str(day): [["00:00", "06:00"], ["22:00", "24:00"]] for day in range(1, 8)}
CALENDARS = {
    "one opening a day": {"timezone": "Europe/Paris", "weekly": WEEK, "holidays": {"country": "FR"}},
    "three, to the second": {
        "timezone": "America/St_Johns",
        "weekly": {"2": [["00:00", "00:00:01"], ["07:59:59", "12:00"], ["12:00:01", "24:00"]]},
    },
    "nights, over midnight in UTC": {"timezone": "Pacific/Auckland", "weekly": NIGHTS},
    "always": {"timezone": "UTC", "weekly": {str(day): [["00:00", "24:00"]] for day in range(1, 8)}},
}
# Edges of days and years in UTC, the changes of clocks, and a microsecond on either side.
EDGES = [
    datetime(2026, month, day, hour, tzinfo=UTC) + timedelta(microseconds=shift)
    for month, day in ((1, 1), (3, 29), (5, 1), (5, 8), (10, 25), (12, 31))
    for hour in (0, 7, 8, 12, 16, 17, 23)
    for shift in (-1, 0, 1)
]


@pytest.mark.parametrize("name", CALENDARS)
def test_adding_is_the_same_by_the_quick_way(name: str) -> None:
    calendar = BusinessCalendar.from_document(CALENDARS[name])
    for start in EDGES:
        for amount in (1, HOUR, 9 * HOUR, 45 * HOUR + 1, 500 * HOUR, 3000 * HOUR):
            plain = from_instant(calendar.openings.add(to_instant(start), amount))
            assert calendar.add(start, amount) == plain, (start, amount)


@pytest.mark.parametrize("name", CALENDARS)
def test_counting_is_the_same_by_the_quick_way(name: str) -> None:
    calendar = BusinessCalendar.from_document(CALENDARS[name])
    for start, end in [*pairwise(EDGES), *zip(EDGES, reversed(EDGES), strict=True)]:
        plain = calendar.openings.measure(to_instant(end)) - calendar.openings.measure(to_instant(start))
        assert calendar.between(start, end) == plain, (start, end)


def test_years_added_before_what_was_known_change_no_answer() -> None:
    calendar = BusinessCalendar.from_document(CALENDARS["one opening a day"])
    start, end = datetime(2026, 4, 28, 8, 30, tzinfo=UTC), datetime(2026, 5, 11, 8, 30, tzinfo=UTC)
    before = calendar.between(start, end), calendar.add(start, 63 * HOUR)
    calendar.between(datetime(2019, 1, 1, tzinfo=UTC), start)
    assert (calendar.between(start, end), calendar.add(start, 63 * HOUR)) == before
