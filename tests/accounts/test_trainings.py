"""How a training stands on a day."""

from datetime import date, timedelta

import pytest

from accounts.models import Solution, Training
from accounts.trainings import SOON, best_by_solution, standing

DAY = date(2026, 5, 4)


def held(on: date, until: date | None = None, solution: int = 1) -> Training:
    return Training(
        trained_on=on, expires_on=until, solution=Solution(pk=solution, name=f"Solution {solution}")
    )


@pytest.mark.parametrize(
    ("training", "said"),
    [
        (held(date(2025, 1, 1)), "valid"),
        (held(DAY), "valid"),
        (held(DAY + timedelta(days=1)), "to_come"),
        (held(date(2025, 1, 1), DAY), "soon"),
        (held(date(2025, 1, 1), DAY - timedelta(days=1)), "expired"),
        (held(date(2025, 1, 1), DAY + SOON), "soon"),
        (held(date(2025, 1, 1), DAY + SOON + timedelta(days=1)), "valid"),
    ],
)
def test_the_last_day_of_validity_is_a_day_of_validity(training, said):
    assert standing(training, DAY).key == said
    assert standing(training, DAY).allows_filing == (said in {"valid", "soon"})


def test_of_several_trainings_the_one_that_serves_longest_is_shown():
    old = held(date(2024, 1, 1), date(2025, 1, 1))
    new = held(date(2025, 1, 1), date(2027, 1, 1))
    other = held(date(2025, 1, 1), solution=2)
    shown = best_by_solution([new, other, old], DAY)
    assert [each.training for each in shown] == [new, other]


def test_a_session_to_come_does_not_hide_the_training_in_force():
    now, later = held(date(2025, 1, 1), date(2026, 6, 1)), held(date(2026, 6, 1))
    assert best_by_solution([now, later], DAY)[0].training is now
