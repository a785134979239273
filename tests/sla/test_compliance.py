"""The arithmetic of rates and times, by hand-made cases."""

from datetime import UTC, datetime

import pytest

from sla.compliance import Period, Rate, Times, times_of

HOUR = 3_600_000_000


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 5, number, hour, tzinfo=UTC)


def test_a_period_holds_its_beginning_and_not_its_end() -> None:
    period = Period(day(1), day(31))
    assert day(1) in period
    assert day(31) not in period
    assert day(30, 23) in period
    assert None not in period


@pytest.mark.parametrize(
    ("met", "missed", "tenths"),
    [
        (3, 1, 750),  # K-13's own example
        (0, 0, None),  # an empty denominator is no percentage, never 100 % (K-13)
        (2, 1, 667),
        (1, 2, 333),
        (4, 0, 1000),
        (0, 4, 0),
        (9999, 1, 999),  # 99.99 %: one was missed, so never 100 %
        (1, 9999, 1),  # 0.01 %: one was met, so never 0 %
        (1, 15, 63),  # 6.25 %: halves go up
    ],
)
def test_a_rate_is_said_in_tenths_of_a_percent_with_its_counts(met: int, missed: int, tenths: int) -> None:
    rate = Rate(met, missed)
    assert rate.total == met + missed
    assert rate.tenths == tenths


def test_times_give_the_mean_the_median_the_ninetieth_percentile_and_the_worst() -> None:
    # 2 h + 0.8 × 7 h: what a spreadsheet's PERCENTILE.INC of 0.9 gives.
    assert times_of([9 * HOUR, HOUR, 2 * HOUR]) == Times(
        3, 4 * HOUR, 2 * HOUR, 7 * HOUR + HOUR * 6 // 10, 9 * HOUR
    )
    assert times_of([HOUR, 2 * HOUR]) == Times(2, HOUR * 3 // 2, HOUR * 3 // 2, HOUR * 19 // 10, 2 * HOUR)
    assert times_of([0]) == Times(1, 0, 0, 0, 0)
    assert times_of([]) is None
