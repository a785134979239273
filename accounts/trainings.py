"""How a training stands on a day, in words: valid, about to expire, expired, ended early, yet to come (C-WHO-1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import Training

# Time enough to join another session.
SOON = timedelta(days=60)

STANDINGS = {
    "valid": (_("valid"), "success", "circle-check"),
    "soon": (_("expires soon"), "warning", "calendar-exclamation"),
    "expired": (_("expired"), "danger", "calendar-x"),
    "ended": (_("ended early"), "danger", "calendar-cancel"),
    "to_come": (_("to come"), "info", "calendar-time"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A training, with the word, tone and icon that say how it stands."""

    training: Training
    key: str

    @property
    def label(self) -> str:
        """Return the word."""
        return str(STANDINGS[self.key][0])

    @property
    def tone(self) -> str:
        """Return the tone of the badge."""
        return STANDINGS[self.key][1]

    @property
    def icon(self) -> str:
        """Return the icon of the badge."""
        return STANDINGS[self.key][2]

    @property
    def allows_filing(self) -> bool:
        """Tell whether the training lets its person file that day."""
        return self.key in {"valid", "soon"}


def standing(training: Training, day: date) -> Standing:
    """Say how a training stands on `day`, a local date."""
    if training.ended_on is not None and training.ended_on <= day:
        return Standing(training, "ended")
    if training.trained_on > day:
        return Standing(training, "to_come")
    if training.expires_on is None:
        return Standing(training, "valid")
    if training.expires_on < day:
        return Standing(training, "expired")
    return Standing(training, "soon" if training.expires_on - day <= SOON else "valid")


def best_by_solution(trainings: Iterable[Training], day: date) -> list[Standing]:
    """Return one standing a solution: of several trainings, the one that serves longest."""
    best: dict[int, Standing] = {}
    for each in sorted(trainings, key=lambda training: _usefulness(training, day)):
        best[each.solution_id] = standing(each, day)
    return sorted(best.values(), key=lambda found: found.training.solution.name)


def _usefulness(training: Training, day: date) -> tuple[bool, date]:
    return standing(training, day).allows_filing, training.expires_on or date.max
