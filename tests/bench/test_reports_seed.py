"""The reports' benchmark seeds what the code reads: its bulk statements fit the tables as they are today."""

import pytest

from bench.reports_seed import completed, seed_outcomes, seed_reported_month
from tickets.models import LedgerEntry, Outcome, StaleDay, Ticket
from tickets.tallies.sweep import sum_up


@pytest.mark.django_db(transaction=True)
def test_a_few_tickets_and_a_small_month_are_seeded_and_summed_up() -> None:
    seed_outcomes(60, clients=3)
    assert Ticket.objects.count() == Outcome.objects.count() == 60
    assert Ticket.objects.exclude(state="closed").exists()
    assert set(Ticket.objects.values_list("client", flat=True)) == set(
        Outcome.objects.values_list("client", flat=True)
    )
    assert sum_up(limit=2000)
    assert not StaleDay.objects.exists()
    contracts = seed_reported_month(reported=2)
    assert len(contracts) == 3
    assert Ticket.objects.count() == Outcome.objects.count() == 60 + 3 * 2
    assert LedgerEntry.objects.values("client").distinct().count() == 3


def test_a_column_that_a_statement_does_not_name_is_as_the_model_leaves_it() -> None:
    statement, left = completed(
        "INSERT INTO tickets_ticket ({unnamed}client_id, title) SELECT {as_left}1, 'Export'", "Ticket"
    )
    assert left["work_stage"] == ""
    assert left["is_contested"] is False
    assert "title" not in left
    assert "owner_id" not in left  # it may be null
    assert statement.startswith("INSERT INTO tickets_ticket (solution_id, ")
    assert "work_stage, " in statement
    assert "%(work_stage)s, " in statement
