"""The policy: what is promised for each severity, and the conventions that a contract may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Self

from django.utils.translation import gettext as _

from sla.intervals import HOUR

LARGEST_HOURS = 87_660
LARGEST_DAYS = 3_660
CONVENTION_FIELDS = frozenset({"closing_days", "reminder_days", "escalation_percents", "name", "comment"})


class PolicyError(ValueError):
    """A policy is refused; `path` is the place, like "majeure.resolve.days"."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path


class Severity(StrEnum):
    """How much an anomaly hinders use (C-SEV-1), the least first."""

    MINEURE = "mineure"
    MAJEURE = "majeure"
    BLOQUANTE = "bloquante"

    @property
    def rank(self) -> int:
        """Return the place in order of severity: 0 for Mineure to 2 for Bloquante."""
        return RANKS[self]


SEVERITIES = tuple(Severity)
RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Target:
    """A delay promised: either business hours (K-2) or business days (K-3)."""

    hours: Decimal | int | None = None
    days: int | None = None
    # The hours as whole microseconds of business time, worked out once.
    microseconds: int | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.days is None):
            raise PolicyError(_("a target is either a number of hours or a number of days"))
        if self.days is not None:
            _check_days(self.days, "days")
            object.__setattr__(self, "microseconds", None)
            return
        object.__setattr__(self, "microseconds", hours_to_microseconds(self.hours, LARGEST_HOURS))


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy version: targets by severity, None where there is no commitment (C-SLA-3).

    `closing_days` and `reminder_days` are business days after a delivery (K-5, K-18);
    `escalation_percents` are parts of a running clock.
    """

    acknowledge_targets: Mapping[Severity, Target | None]
    resolve_targets: Mapping[Severity, Target | None]
    closing_days: int = 5
    reminder_days: tuple[int, ...] = (2, 4)
    escalation_percents: tuple[int, ...] = (50, 75, 100)
    # The same targets from Mineure to Bloquante, for the clocks, which know a severity by its rank.
    acknowledge_by_rank: tuple[Target | None, ...] = field(init=False, repr=False, compare=False)
    resolve_by_rank: tuple[Target | None, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "acknowledge_by_rank", tuple(map(self.acknowledge, SEVERITIES)))
        object.__setattr__(self, "resolve_by_rank", tuple(map(self.resolve, SEVERITIES)))

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> Self:
        """Read a policy in the exchange format; PolicyError names the field refused and why."""
        if not isinstance(document, Mapping):
            raise PolicyError(_("a policy is an object with the targets of each severity"), "policy")
        for name in document:
            if name not in RANKS and name not in CONVENTION_FIELDS:
                raise PolicyError(_("unknown field"), str(name))
        acknowledge = {severity: _read_target(document, severity, "acknowledge") for severity in SEVERITIES}
        resolve = {severity: _read_target(document, severity, "resolve") for severity in SEVERITIES}
        if not any(acknowledge.values()) and not any(resolve.values()):
            raise PolicyError(_("no severity has a target: this policy would promise nothing"), "policy")
        closing_days = _check_days(document.get("closing_days", 5), "closing_days")
        return cls(
            acknowledge,
            resolve,
            closing_days,
            _read_rising(document.get("reminder_days", [2, 4]), closing_days, "reminder_days"),
            _read_rising(document.get("escalation_percents", [50, 75, 100]), 100, "escalation_percents"),
        )

    def acknowledge(self, severity: Severity) -> Target | None:
        """Return the acknowledgement target, None for no commitment."""
        return self.acknowledge_targets[severity]

    def resolve(self, severity: Severity) -> Target | None:
        """Return the resolution target, None for no commitment."""
        return self.resolve_targets[severity]


def hours_to_microseconds(hours: object, largest: int) -> int:
    """Return hours as whole microseconds; PolicyError unless they are above 0 and at most `largest`."""
    if isinstance(hours, bool) or not isinstance(hours, int | float | Decimal):
        raise PolicyError(_("“%(hours)s” is not a number of hours") % {"hours": hours}, "hours")
    amount = Decimal(str(hours))
    if not amount.is_finite() or not 0 < amount <= largest:
        raise PolicyError(
            _("“%(hours)s” is not a number of hours above 0 and at most %(largest)d")
            % {"hours": hours, "largest": largest},
            "hours",
        )
    microseconds = round(amount * HOUR)
    if microseconds == 0:
        raise PolicyError(_("“%(hours)s” hours are less than a microsecond") % {"hours": hours}, "hours")
    return microseconds


def _check_days(days: object, path: str) -> int:
    if type(days) is not int or not 0 < days <= LARGEST_DAYS:
        raise PolicyError(
            _("“%(days)s” is not a whole number of days from 1 to %(largest)d")
            % {"days": days, "largest": LARGEST_DAYS},
            path,
        )
    return days


def _read_target(document: Mapping[str, object], severity: Severity, delay: str) -> Target | None:
    levels = document.get(severity)
    if not isinstance(levels, Mapping):
        raise PolicyError(_("missing: an object with “acknowledge” and “resolve”"), severity)
    for name in levels:
        if name not in {"acknowledge", "resolve"}:
            raise PolicyError(_("unknown field"), f"{severity}.{name}")
    path = f"{severity}.{delay}"
    if delay not in levels:
        raise PolicyError(_("missing; null says that there is no commitment"), path)
    target = levels[delay]
    if target is None:
        return None
    if not isinstance(target, Mapping) or len(target) != 1 or not target.keys() <= {"hours", "days"}:
        raise PolicyError(_("a target is null, {“hours”: …} or {“days”: …}"), path)
    if None in target.values():
        raise PolicyError(_("a target has an amount"), path)
    try:
        return Target(**target)
    except PolicyError as error:
        raise PolicyError(str(error).removeprefix(f"{error.path}: "), f"{path}.{error.path}") from error


def _read_rising(values: object, largest: int, path: str) -> tuple[int, ...]:
    if not isinstance(values, list | tuple):
        raise PolicyError(_("not a list of whole numbers"), path)
    previous = 0
    for index, value in enumerate(values):
        if type(value) is not int or not previous < value <= largest:
            raise PolicyError(
                _("“%(value)s” is not a whole number above %(previous)d and at most %(largest)d")
                % {"value": value, "previous": previous, "largest": largest},
                f"{path}[{index}]",
            )
        previous = value
    return tuple(values)
