"""May 2026 as its report is built, and issued on 2 June: what most tests of the monthly report begin with."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.kept_world import Told
from tests.tickets.monthly.telling import find_all
from tests.world import World, paris
from tickets.models import MonthlyReport
from tickets.monthly.issuing import build_report, issue_report
from tickets.reports.months import Month

BUILT_AT, ISSUED_AT = "2026-06-01 10:00", "2026-06-02 11:00"


@pytest.fixture
def in_june() -> Iterator[None]:
    with time_machine.travel(paris(ISSUED_AT), tick=False):
        yield


@pytest.fixture
def draft(world: World, may: Told, in_june: None) -> MonthlyReport:
    return build_report(world.contract, Month(2026, 5), by=None, at=paris(BUILT_AT))


@pytest.fixture
def issued(world: World, draft: MonthlyReport) -> MonthlyReport:
    find_all(draft, world)
    return issue_report(draft, by=world.maud, at=paris(ISSUED_AT))
