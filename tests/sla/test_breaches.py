"""K-11, pure: a breach kept by a recompute stands over whatever the new versions say."""

from datetime import UTC, datetime

import pytest

from sla.breaches import KeptBreaches, with_breaches
from sla.calendar import BusinessCalendar
from sla.clock import ClockState, Event, EventKind, assess
from sla.policy import Policy, Severity

CALENDAR = BusinessCalendar.from_document({"timezone": "UTC", "weekly": {"1": [["09:00", "18:00"]]}})
POLICY = Policy.from_document({
    "bloquante": {"acknowledge": {"hours": 2}, "resolve": {"hours": 8}},
    "majeure": {"acknowledge": {"hours": 4}, "resolve": {"days": 7}},
    "mineure": {"acknowledge": {"hours": 24}, "resolve": None},
})  # fmt: skip
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
DUE = datetime(2026, 5, 4, 10, tzinfo=UTC)


def statement(at: datetime, *events: Event):
    received = Event(EventKind.RECEIVED, MONDAY, severity=Severity.BLOQUANTE)
    return assess([received, *events], POLICY, CALENDAR, at)


def test_a_breach_is_read_off_a_statement() -> None:
    at = datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert KeptBreaches.of(statement(at)) == KeptBreaches(acknowledge=datetime(2026, 5, 4, 11, tzinfo=UTC))
    assert KeptBreaches.of(statement(MONDAY)) == KeptBreaches()


def test_a_running_clock_and_a_met_one_become_missed_at_the_deadline_first_missed() -> None:
    at = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    for events in ([], [Event(EventKind.ACKNOWLEDGED, at)]):
        before = statement(at, *events)
        after = with_breaches(before, KeptBreaches(acknowledge=DUE))
        assert (after.acknowledge.state, after.acknowledge.due, after.acknowledge.left) == (
            ClockState.MISSED, DUE, None,
        )  # fmt: skip
        assert after.acknowledge.done == before.acknowledge.done
        assert after.resolve == before.resolve


def test_nothing_kept_changes_nothing() -> None:
    before = statement(MONDAY)
    assert with_breaches(before, KeptBreaches()) == before


def test_a_document_is_read_back() -> None:
    kept = KeptBreaches(acknowledge=DUE)
    assert kept.as_document() == {"acknowledge": "2026-05-04T10:00:00+00:00", "resolve": None}
    assert KeptBreaches.from_document(kept.as_document()) == kept
    assert KeptBreaches.from_document(None) == KeptBreaches()
    with pytest.raises(ValueError, match="no offset"):
        KeptBreaches.from_document({"resolve": "2026-05-04T10:00:00"})
