"""The month of a report, on the contract's own clock."""

from datetime import UTC, datetime

import pytest

from tests.world import paris
from tickets.reports.months import Month


def test_a_month_begins_and_ends_at_midnight_in_paris_in_winter_as_in_summer() -> None:
    march = Month(2026, 3).period
    assert march.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert march.end == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert paris("2026-03-31 23:59") in march
    assert paris("2026-04-01 00:00") not in march


def test_an_instant_belongs_to_the_month_of_paris() -> None:
    assert Month.of(datetime(2026, 4, 30, 21, 59, tzinfo=UTC)) == Month(2026, 4)
    assert Month.of(datetime(2026, 4, 30, 22, tzinfo=UTC)) == Month(2026, 5)


def test_months_follow_over_the_year() -> None:
    assert Month(2026, 12).following == Month(2027, 1)
    assert Month(2026, 1).previous == Month(2025, 12)
    assert str(Month(2026, 5)) == "2026-05"
    assert Month(2026, 5) < Month(2026, 11)


@pytest.mark.parametrize(
    "text",
    [
        "2026-",
        "2026",
        "2026-13",
        "2026-00",
        "2026-5",
        "26-05",
        "2026-05-01",
        "1999-12",
        "9999-12",
        "٢٠٢٦-٠٥",
        "mai",
    ],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Month.from_text(text)


def test_a_month_is_read_as_it_is_written() -> None:
    assert Month.from_text("2026-05") == Month(2026, 5)
