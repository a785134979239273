"""C-OUT-4, rule by rule: a study, a quote at the prices of the day of the request, an answer before its end."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, transaction

from accounts.models import Role
from tests.tickets.quotes.lives import (
    accept,
    accepted,
    last_quote,
    outside,
    quoted,
    refuse,
    requested,
    studied,
)
from tests.world import World, paris, person
from tickets.actions import client, manager, quotes, vendor
from tickets.actions.prices import PriceLine, change_price_list, draft_price_list, publish_price_list
from tickets.actions.work import IllegalMove
from tickets.chains import read_again
from tickets.effects.runner import run_due
from tickets.ledger import facts_of
from tickets.life import replay
from tickets.models import LedgerEntry, PriceList, Quote, Ticket
from tickets.words import (
    ClosingGround,
    ContestSubject,
    EffectKind,
    EntryKind,
    OutOfScopeGround,
    State,
    Turn,
    WorkStage,
)


def stage(ticket: Ticket) -> str:
    """Return how far the paid work has come: the index, which must say what the ledger says."""
    indexed = Ticket.objects.get(pk=ticket.pk)
    work = replay(facts_of(indexed)).work
    assert indexed.work_stage == (work.stage if work else "")
    return indexed.work_stage


def raise_prices(world: World, published: str, since: date, price: str = "1000.00") -> PriceList:
    """Publish another list, in which a day costs 1,000 euros, or another price."""
    at = paris(published)
    draft = draft_price_list(by=world.maud, at=at)
    lines = [PriceLine("JOUR", "Journée de développement", "jour", Decimal(price), Decimal(20))]
    change_price_list(
        draft, by=world.maud, at=at, title="Tarif révisé", in_force_from=since, validity_days=30, conditions="",
        lines=lines,
    )  # fmt: skip
    return publish_price_list(draft, by=world.maud, at=at)


# --- The way it goes ------------------------------------------------------------------------


def test_c_out_4_from_the_request_to_the_work_done(world: World) -> None:
    ticket = requested(world)
    assert (stage(ticket), ticket.turn) == (WorkStage.REQUESTED, Turn.VENDOR)
    ticket = quotes.study(
        ticket, by=world.agnes, at=paris("2026-05-05 10:00"), feasible=True, message="Deux jours."
    )
    assert (stage(ticket), ticket.turn) == (WorkStage.FEASIBLE, Turn.VENDOR)
    ticket = quoted(world, ticket)
    assert (stage(ticket), ticket.turn) == (WorkStage.QUOTED, Turn.CLIENT)
    assert ticket.work_expires_at == paris("2026-06-06 00:00")
    ticket = accept(ticket, by=world.marc, at=paris("2026-05-12 10:00"))
    assert (stage(ticket), ticket.turn) == (WorkStage.ACCEPTED, Turn.VENDOR)
    assert ticket.work_expires_at is None
    ticket = quotes.finish_work(ticket, by=world.agnes, at=paris("2026-06-01 10:00"), message="Livré.")
    assert (stage(ticket), ticket.turn) == (WorkStage.DONE, Turn.VENDOR)
    assert ticket.state == State.OUT_OF_SCOPE
    closing = {"ground": ClosingGround.OUT_OF_SCOPE, "message": "Terminé."}
    ticket = vendor.close(ticket, by=world.agnes, at=paris("2026-06-02 10:00"), **closing)
    assert stage(ticket) == WorkStage.DONE


def test_no_clock_moves_while_paid_work_is_discussed(world: World) -> None:
    before = outside(world)
    after = quoted(world, quotes.study(
        quotes.request_work(before, by=world.claire, at=paris("2026-05-04 10:00"), message="Un devis."),
        by=world.agnes, at=paris("2026-05-05 10:00"), feasible=True, message="Oui.",
    ))  # fmt: skip
    for column in ("acknowledge_state", "acknowledged_at", "resolve_state", "resolve_due_at", "next_due_at"):
        assert getattr(after, column) == getattr(before, column), column


def test_c_out_4_the_prices_are_those_of_the_day_of_the_request(world: World) -> None:
    ticket = requested(world, at="2026-05-31 23:50")
    raise_prices(world, "2026-05-20 10:00", date(2026, 6, 1))
    ticket = quotes.study(ticket, by=world.agnes, at=paris("2026-06-02 10:00"), feasible=True, message="Oui.")
    ticket = quoted(world, ticket, at="2026-06-03 10:00", valid_until=date(2026, 7, 1))
    quote = last_quote(ticket)
    assert (quote.net, quote.price_list.title) == (Decimal("2250.00"), "Tarif 2025")
    assert quote.requested_on == date(2026, 5, 31)


def test_c_out_4_a_request_of_the_next_day_has_the_next_prices(world: World) -> None:
    ticket = outside(world)
    raise_prices(world, "2026-05-20 10:00", date(2026, 6, 1))
    ticket = quotes.request_work(ticket, by=world.marc, at=paris("2026-06-01 00:00"), message="Un devis.")
    ticket = quotes.study(ticket, by=world.agnes, at=paris("2026-06-02 10:00"), feasible=True, message="Oui.")
    ticket = quoted(world, ticket, at="2026-06-03 10:00", valid_until=date(2026, 7, 1))
    assert last_quote(ticket).net == Decimal("2500.00")


def test_c_out_4_what_is_not_feasible_ends_there_and_may_be_asked_for_again(world: World) -> None:
    ticket = quotes.study(
        requested(world), by=world.agnes, at=paris("2026-05-05 10:00"), feasible=False, message="Impossible."
    )
    assert (stage(ticket), ticket.turn) == (WorkStage.NOT_FEASIBLE, Turn.NOBODY)
    with pytest.raises(IllegalMove, match="C-OUT-4"):
        quoted(world, ticket)
    again = quotes.request_work(
        ticket, by=world.claire, at=paris("2026-05-07 10:00"), message="Et autrement ?"
    )
    assert stage(again) == WorkStage.REQUESTED


def test_c_out_4_only_an_accepted_quote_starts_work(world: World) -> None:
    at = paris("2026-05-12 10:00")
    for ticket in (outside(world), requested(world), studied(world), quoted(world)):
        with pytest.raises(IllegalMove, match="C-OUT-4"):
            quotes.finish_work(ticket, by=world.agnes, at=at, message="Fait.")
    refused = refuse(quoted(world), by=world.marc, at=at, message="Trop cher.")
    assert (stage(refused), refused.turn) == (WorkStage.REFUSED, Turn.NOBODY)
    with pytest.raises(IllegalMove, match="C-OUT-4"):
        quotes.finish_work(refused, by=world.agnes, at=at, message="Fait.")


def test_a_new_quote_replaces_the_one_that_awaits(world: World) -> None:
    ticket = quoted(world)
    first = last_quote(ticket)
    ticket = quoted(world, ticket, at="2026-05-07 10:00", lines={"JOUR": Decimal(1), "FORM": Decimal(1)})
    second = last_quote(ticket)
    assert second.document["replaces"] == first.reference
    ticket = accept(ticket, by=world.marc, at=paris("2026-05-12 10:00"))
    fact = LedgerEntry.objects.get(ticket=ticket, kind=EntryKind.QUOTE_ACCEPTED)
    assert (fact.data["quote"], fact.data["digest"]) == (second.pk, second.digest)
    with pytest.raises(IllegalMove, match="C-OUT-4"):
        quoted(world, ticket, at="2026-05-13 10:00")


def test_nobody_accepts_another_quote_than_the_one_read(world: World) -> None:
    ticket, at = quoted(world), paris("2026-05-08 10:00")
    first = last_quote(ticket)
    ticket = quoted(world, ticket, at="2026-05-07 10:00", lines={"JOUR": Decimal(9)})
    for answer in (
        lambda: quotes.accept_quote(ticket, by=world.marc, at=at, quote=first.pk, agreed=True),
        lambda: quotes.refuse_quote(ticket, by=world.marc, at=at, quote=first.pk),
    ):
        with pytest.raises(IllegalMove, match=last_quote(ticket).reference):
            answer()
    assert stage(ticket) == WorkStage.QUOTED


# --- The end of the validity ----------------------------------------------------------------


def test_c_out_4_the_last_day_of_the_validity_is_included(world: World) -> None:
    last_instant = paris("2026-06-06 00:00") - timedelta(microseconds=1)
    ticket = accept(quoted(world), by=world.marc, at=last_instant)
    assert stage(ticket) == WorkStage.ACCEPTED


def test_c_out_4_after_it_nobody_accepts_even_before_the_timetable_says_so(world: World) -> None:
    ticket = quoted(world)
    for answer in (
        lambda at: accept(ticket, by=world.marc, at=at),
        lambda at: refuse(ticket, by=world.marc, at=at),
    ):
        with pytest.raises(IllegalMove, match="C-OUT-4"):
            answer(paris("2026-06-06 00:00"))
    assert stage(ticket) == WorkStage.QUOTED


def test_the_timetable_reminds_once_then_ends_a_quote_that_nobody_answered(world: World) -> None:
    ticket = quoted(world)
    assert run_due(paris("2026-05-31 23:59"))[EffectKind.QUOTE_REMINDER] == 0
    # Five days before its end is a Monday at midnight: a reminder waits for support to open.
    assert run_due(paris("2026-06-01 08:59"))[EffectKind.QUOTE_REMINDER] == 0
    assert run_due(paris("2026-06-01 09:00"))[EffectKind.QUOTE_REMINDER] == 1
    assert run_due(paris("2026-06-05 23:59")) == Counter()
    assert run_due(paris("2026-06-06 00:00")) == Counter({EffectKind.QUOTE_EXPIRY: 1})
    assert run_due(paris("2026-06-08 10:00")) == Counter()
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (stage(ticket), ticket.turn) == (WorkStage.EXPIRED, Turn.NOBODY)
    again = quotes.request_work(ticket, by=world.claire, at=paris("2026-06-09 10:00"), message="Un autre ?")
    assert stage(again) == WorkStage.REQUESTED


def test_an_answer_ends_the_reminder_and_the_expiry(world: World) -> None:
    accepted(world)
    assert run_due(paris("2026-07-01 10:00")) == Counter()


def test_a_quote_is_not_ended_before_its_time(world: World) -> None:
    with pytest.raises(IllegalMove):
        quotes.expire_quote(quoted(world), at=paris("2026-06-05 23:59"))


# --- Who ------------------------------------------------------------------------------------


def test_only_a_manager_of_the_vendor_issues_and_only_a_manager_of_the_client_answers(world: World) -> None:
    at, ticket = paris("2026-05-06 10:00"), studied(world)
    for who in (world.agnes, world.paul, world.claire, world.marc, world.olivia):
        with pytest.raises(PermissionDenied):
            quotes.issue_quote(
                ticket, by=who, at=at, lines={"JOUR": Decimal(1)}, valid_until=at.date(), execution="En mai."
            )
    ticket = quoted(world, ticket)
    foreign = person("Nadia Marchand", Role.CLIENT_MANAGER, world.other_client)
    for who in (world.claire, world.lucas, world.rachel, world.agnes, world.maud, foreign):
        with pytest.raises(PermissionDenied):
            accept(ticket, by=who, at=at)
        with pytest.raises(PermissionDenied):
            refuse(ticket, by=who, at=at)
    assert stage(ticket) == WorkStage.QUOTED


def test_a_quote_that_nobody_could_accept_is_not_issued(world: World) -> None:
    ticket = studied(world)
    world.marc.is_active = False
    world.marc.save()
    with pytest.raises(IllegalMove, match=r"no active manager|aucun responsable"):
        quoted(world, ticket)
    assert not Quote.objects.exists()


# --- What is refused ------------------------------------------------------------------------


def test_without_a_price_list_in_force_no_quote_is_asked_for(world: World) -> None:
    ticket = vendor.class_out_of_scope(
        world.file(), by=world.agnes, at=paris("2026-04-28 11:00"), ground=OutOfScopeGround.TRAINING,
        explanation="Hors contrat.",
    )  # fmt: skip
    raise_prices(world, "2026-04-01 10:00", date(2026, 5, 5))
    with pytest.raises(IllegalMove, match="C-OUT-4"):
        quotes.request_work(ticket, by=world.claire, at=paris("2026-05-04 10:00"), message="Un devis.")
    asked = quotes.request_work(ticket, by=world.claire, at=paris("2026-05-05 10:00"), message="Un devis.")
    assert stage(asked) == WorkStage.REQUESTED


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"lines": {}}, "lines"),
        ({"lines": {"INCONNU": Decimal(1)}}, "lines"),
        ({"lines": {"JOUR": Decimal(0)}}, "lines"),
        ({"lines": {"JOUR": Decimal(-1)}}, "lines"),
        ({"lines": {"JOUR": Decimal(100_000)}}, "lines"),
        ({"lines": {"JOUR": Decimal("NaN")}}, "lines"),
        ({"valid_until": date(2026, 5, 5)}, "valid_until"),
        ({"valid_until": date(2027, 5, 7)}, "valid_until"),
        ({"execution": "  "}, "execution"),
    ],
)
def test_a_quote_that_cannot_be_is_refused_by_its_field(world: World, fields: dict, field: str) -> None:
    ticket = studied(world)
    with pytest.raises(ValidationError) as refused:
        quoted(world, ticket, **fields)
    assert set(refused.value.error_dict) == {field}
    assert (stage(ticket), Quote.objects.count()) == (WorkStage.FEASIBLE, 0)


def test_a_quote_of_a_billion_is_refused_before_it_overflows(world: World) -> None:
    raise_prices(world, "2026-04-01 10:00", date(2026, 4, 28), price="99999999.99")
    ticket = studied(world)
    for quantity in (Decimal(99_999), Decimal(10)):
        with pytest.raises(ValidationError):
            quoted(world, ticket, lines={"JOUR": quantity})
    assert last_quote(quoted(world, ticket, lines={"JOUR": Decimal(8)})).net == Decimal("799999999.92")


def test_a_quote_is_accepted_in_so_many_words(world: World) -> None:
    with pytest.raises(ValidationError):
        accept(quoted(world), by=world.marc, at=paris("2026-05-12 10:00"), agreed=False)


def test_nothing_is_asked_for_twice_nor_in_scope(world: World) -> None:
    at = paris("2026-05-12 10:00")
    for ticket in (requested(world), studied(world), quoted(world), accepted(world)):
        with pytest.raises(IllegalMove):
            quotes.request_work(ticket, by=world.marc, at=at, message="Encore.")
    with pytest.raises(IllegalMove):
        quotes.request_work(world.file(), by=world.marc, at=at, message="Un devis.")


# --- What else happens to the ticket --------------------------------------------------------


def test_the_vendor_answers_before_it_closes(world: World) -> None:
    closing = {"ground": ClosingGround.OUT_OF_SCOPE, "message": "Nous fermons."}
    for ticket in (requested(world), studied(world), quoted(world)):
        with pytest.raises(IllegalMove):
            vendor.close(ticket, by=world.agnes, at=paris("2026-05-12 10:00"), **closing)


def test_an_accepted_quote_binds_both_parties(world: World) -> None:
    ticket, at = accepted(world), paris("2026-05-13 10:00")
    with pytest.raises(IllegalMove):
        vendor.close(ticket, by=world.agnes, at=at, ground=ClosingGround.OUT_OF_SCOPE, message="Non.")
    with pytest.raises(IllegalMove):
        client.withdraw(ticket, by=world.claire, at=at)
    with pytest.raises(IllegalMove):
        vendor.put_in_scope(ticket, by=world.agnes, at=at, message="Finalement, non.")
    closed = vendor.close(
        ticket, by=world.agnes, at=at, ground=ClosingGround.AGREED, message="D'un commun accord."
    )
    assert stage(closed) == WorkStage.LAPSED


def test_back_in_scope_nothing_is_to_be_paid(world: World) -> None:
    for ticket in (quoted(world), accepted(world)):
        contested = client.contest_scope(
            ticket, by=world.claire, at=paris("2026-05-13 10:00"), reason="C'est une anomalie."
        )
        settled = manager.settle(
            contested, by=world.maud, at=paris("2026-05-13 11:00"), subject=ContestSubject.SCOPE, upheld=True,
            motive="En effet.",
        )  # fmt: skip
        assert stage(settled) == WorkStage.LAPSED
        with pytest.raises(IllegalMove):
            quotes.finish_work(settled, by=world.agnes, at=paris("2026-05-13 12:00"), message="Fait.")
    assert run_due(paris("2026-07-01 10:00"))[EffectKind.QUOTE_EXPIRY] == 0


def test_a_withdrawal_ends_a_quote_that_awaits(world: World) -> None:
    ticket = client.withdraw(quoted(world), by=world.claire, at=paris("2026-05-12 10:00"))
    assert (stage(ticket), ticket.state) == (WorkStage.LAPSED, State.CLOSED)


# --- The document ---------------------------------------------------------------------------


def test_the_amounts_are_added_up_by_rate_and_rounded_half_up(world: World) -> None:
    ticket = quoted(world, lines={"JOUR": Decimal("0.35"), "FORM": Decimal("2.5")})
    document = last_quote(ticket).document
    # 0.35 × 900 = 315.00 at 20 %; 2.5 × 1200 = 3000.00 without VAT.
    assert [line["net"] for line in document["lines"]] == ["3000.00", "315.00"]
    assert document["vat"] == [
        {"rate": "0.00", "base": "3000.00", "amount": "0.00"},
        {"rate": "20.00", "base": "315.00", "amount": "63.00"},
    ]
    assert (document["net"], document["gross"]) == ("3315.00", "3378.00")


def test_half_a_cent_is_rounded_up(world: World) -> None:
    raise_prices(world, "2026-04-01 10:00", date(2026, 4, 28), price="9.99")
    quote = last_quote(quoted(world, lines={"JOUR": Decimal("0.5")}))
    # 9.99 × 0.5 is 4.995; 20 % of 5.00 is 1.00.
    assert (quote.net, quote.gross) == (Decimal("5.00"), Decimal("6.00"))


def test_quotes_of_a_client_are_numbered_without_a_gap_and_each_client_by_itself(world: World) -> None:
    first, second = quoted(world), quoted(world)
    assert [last_quote(each).number for each in (first, second)] == [1, 2]
    with pytest.raises(ValidationError):
        quoted(world, studied(world), lines={})
    assert last_quote(quoted(world)).number == 3
    assert last_quote(first).reference == f"DV-{world.client.pk}-001"


def test_the_database_refuses_any_change_to_a_quote(world: World) -> None:
    quote = last_quote(quoted(world))
    for change in (
        lambda: Quote.objects.filter(pk=quote.pk).update(net=1),
        lambda: Quote.objects.filter(pk=quote.pk).delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_what_is_quoted_and_accepted_is_sealed_in_the_clients_chain(world: World) -> None:
    accepted(world)
    assert read_again(world.client).fault is None
    facts = LedgerEntry.objects.filter(kind__in=[EntryKind.QUOTED, EntryKind.QUOTE_ACCEPTED])
    for entry in facts:
        # An erasure leaves what binds the parties: digest, amounts and number are stated, not personal.
        assert not {"data.digest", "data.net", "data.gross", "data.number"} & set(entry.digests)
