"""Months that a contract's reports take in: while it runs, then while a ticket of it is open."""

from datetime import date

import pytest
import time_machine

from sla.models import Contract
from tests.tickets.monthly.reading import text_of
from tests.tickets.monthly.telling import find_all
from tests.tickets.reports.month_of_may import Life
from tests.world import World, paris
from tickets.actions.work import IllegalMove
from tickets.models import MonthlyReport
from tickets.monthly.document import document_of
from tickets.monthly.files import write_pdf
from tickets.monthly.issuing import build_report, issue_report
from tickets.monthly.timetable import build_due_reports
from tickets.reports.months import Month
from tickets.words import ClosingGround

APRIL, MAY, JUNE, JULY = (Month(2026, number) for number in (4, 5, 6, 7))


@pytest.fixture
def ended(world: World) -> Life:
    """A ticket of 28 April, due on 11 May, of a contract that ends on 30 April."""
    life = Life(world, "04-28 10:00").acknowledge("04-28 11:00")
    world.contract.ends_on = date(2026, 4, 30)
    world.contract.save()
    return life


def test_a_ticket_open_after_its_contract_is_reported_until_it_is_closed(world: World, ended: Life) -> None:
    at = paris("2026-06-01 10:00")
    may = build_report(world.contract, MAY, by=world.maud, at=at)
    assert may.body["figures"]["totals"]["resolve"]["missed"] == 1
    with time_machine.travel(at, tick=False):
        find_all(may, world, "2026-06-01 10:00")
        assert issue_report(may, by=world.maud, at=at).is_issued
    ended.close("06-02 10:00", ClosingGround.NOT_REPRODUCIBLE)
    assert build_report(world.contract, JUNE, by=world.maud, at=paris("2026-07-01 10:00")).pk
    with pytest.raises(IllegalMove, match="aucun de ses tickets"):
        build_report(world.contract, JULY, by=world.maud, at=paris("2026-08-03 10:00"))


def test_the_timetable_builds_those_months_too(world: World, ended: Life) -> None:
    build_due_reports(paris("2026-06-01 10:00"))
    assert MonthlyReport.objects.filter(contract=world.contract, month=MAY.first_day).exists()
    ended.close("06-02 10:00", ClosingGround.NOT_REPRODUCIBLE)
    build_due_reports(paris("2026-08-03 10:00"))
    assert not MonthlyReport.objects.filter(contract=world.contract, month=JULY.first_day).exists()


def test_a_renewed_contract_says_that_its_figures_begin_with_it(world: World, ended: Life) -> None:
    renewed = Contract.objects.create(
        reference="C-brasserie-2", client=world.client, solution=world.solution, policy=world.contract.policy,
        calendar=world.contract.calendar, starts_on=date(2026, 5, 1),
    )  # fmt: skip
    document = document_of(build_report(renewed, MAY, by=world.maud, at=paris("2026-06-01 10:00")))
    assert document["contract"]["follows"] == {"reference": "C-brasserie", "ends_on": "2026-04-30"}
    assert "Ce contrat fait suite au contrat C-brasserie" in text_of(write_pdf(document))
    first = document_of(build_report(world.contract, APRIL, by=world.maud, at=paris("2026-06-01 10:00")))
    assert first["contract"]["follows"] is None
    assert "fait suite" not in text_of(write_pdf(first))
