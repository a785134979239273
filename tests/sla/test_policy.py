"""The policy: what it promises, and what it refuses."""

from decimal import Decimal

import pytest

from sla.policy import Policy, PolicyError, Severity, Target

pytestmark = pytest.mark.usefixtures("in_english")

TARGETS = {
    "bloquante": {"acknowledge": {"hours": 2}, "resolve": {"hours": 24}},
    "majeure": {"acknowledge": {"hours": 4}, "resolve": {"days": 7}},
    "mineure": {"acknowledge": {"hours": 24}, "resolve": None},
}
NOTHING = {"acknowledge": None, "resolve": None}


def test_a_policy_gives_its_targets_and_the_default_conventions():
    policy = Policy.from_document(TARGETS)
    assert policy.acknowledge(Severity.BLOQUANTE) == Target(hours=2)
    assert policy.resolve(Severity.MAJEURE) == Target(days=7)
    assert policy.resolve(Severity.MINEURE) is None
    assert (policy.closing_days, policy.reminder_days, policy.escalation_percents) == (
        5,
        (2, 4),
        (50, 75, 100),
    )


def test_a_policy_may_change_the_conventions():
    changed = {"closing_days": 10, "reminder_days": [], "escalation_percents": [80]}
    policy = Policy.from_document({**TARGETS, **changed})
    assert (policy.closing_days, policy.reminder_days, policy.escalation_percents) == (10, (), (80,))


def test_severities_have_an_order():
    assert sorted(Severity, key=lambda severity: severity.rank) == ["mineure", "majeure", "bloquante"]


@pytest.mark.parametrize(
    ("hours", "microseconds"),
    [(1, 3_600_000_000), (0.25, 900_000_000), (Decimal("0.1"), 360_000_000), (1 / 3, 1_200_000_000)],
)
def test_hours_are_counted_in_whole_microseconds(hours, microseconds):
    assert Target(hours=hours).microseconds == microseconds


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"bloquante": None}, "bloquante"),
        ({"majeure": {"acknowledge": {"hours": 4}}}, "majeure.resolve"),
        ({"majeure": {"resolve": {"hours": 4}}}, "majeure.acknowledge"),
        ({"majeure": {**NOTHING, "close": None}}, "majeure.close"),
        ({"critique": NOTHING}, "critique"),
        ({"majeure": {"acknowledge": 4, "resolve": None}}, "majeure.acknowledge"),
        ({"majeure": {"acknowledge": {}, "resolve": None}}, "majeure.acknowledge"),
        ({"majeure": {"acknowledge": {"hours": None}, "resolve": None}}, "majeure.acknowledge"),
        ({"majeure": {"acknowledge": {"hours": 4, "days": 1}, "resolve": None}}, "majeure.acknowledge"),
        ({"majeure": {"acknowledge": {"minutes": 4}, "resolve": None}}, "majeure.acknowledge"),
        ({"majeure": {"acknowledge": {"hours": 0}, "resolve": None}}, "majeure.acknowledge.hours"),
        ({"majeure": {"acknowledge": {"hours": -2}, "resolve": None}}, "majeure.acknowledge.hours"),
        ({"majeure": {"acknowledge": {"hours": "4"}, "resolve": None}}, "majeure.acknowledge.hours"),
        ({"majeure": {"acknowledge": {"hours": True}, "resolve": None}}, "majeure.acknowledge.hours"),
        ({"majeure": {"acknowledge": {"hours": float("nan")}, "resolve": None}}, "majeure.acknowledge.hours"),
        ({"majeure": {"acknowledge": {"hours": float("inf")}, "resolve": None}}, "majeure.acknowledge.hours"),
        ({"majeure": {"acknowledge": {"hours": 1e-12}, "resolve": None}}, "majeure.acknowledge.hours"),
        ({"majeure": {"acknowledge": {"hours": 87_661}, "resolve": None}}, "majeure.acknowledge.hours"),
        ({"majeure": {"acknowledge": None, "resolve": {"days": 0}}}, "majeure.resolve.days"),
        ({"majeure": {"acknowledge": None, "resolve": {"days": 1.5}}}, "majeure.resolve.days"),
        ({"majeure": {"acknowledge": None, "resolve": {"days": 3_661}}}, "majeure.resolve.days"),
        ({"closing_days": 0}, "closing_days"),
        ({"closing_days": "5"}, "closing_days"),
        ({"reminder_days": 2}, "reminder_days"),
        ({"reminder_days": [2, 2]}, "reminder_days[1]"),
        ({"reminder_days": [6]}, "reminder_days[0]"),
        ({"escalation_percents": [50, 101]}, "escalation_percents[1]"),
        ({"escalation_percents": [0]}, "escalation_percents[0]"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_with_its_place(change, path):
    with pytest.raises(PolicyError) as refused:
        Policy.from_document({**TARGETS, **change})
    assert refused.value.path == path
    assert str(refused.value).startswith(f"{path}: ")


def test_a_policy_that_promises_nothing_is_refused():
    with pytest.raises(PolicyError, match="no severity has a target"):
        Policy.from_document(dict.fromkeys(Severity, NOTHING))
    with pytest.raises(PolicyError, match="a policy is an object"):
        Policy.from_document([])


def test_a_target_is_hours_or_days():
    with pytest.raises(PolicyError, match="either"):
        Target()
    with pytest.raises(PolicyError, match="either"):
        Target(hours=1, days=1)
