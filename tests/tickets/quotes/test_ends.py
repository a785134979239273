"""How paid work ends, and what stays of each quote: withdrawn, cancelled, replaced, contested, late (C-OUT-4)."""

import io
import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from tests.playing import offered, play
from tests.tickets.notifications.test_letters import sent, text_of
from tests.tickets.quotes.lives import accept, accepted, last_quote, quoted, refuse, requested, studied
from tests.tickets.quotes.test_pages import browsing, text
from tests.tickets.quotes.test_rules import stage
from tests.world import World, paris
from tickets.actions import client, manager, quotes, vendor
from tickets.actions.work import IllegalMove
from tickets.acts import Action
from tickets.effects.runner import run_due
from tickets.ledger import facts_of
from tickets.life import replay
from tickets.models import Ticket
from tickets.quotes.outcomes import outcomes_of
from tickets.record.offers import offers_to
from tickets.words import ClosingGround, ContestSubject, QuoteStanding, Turn, WorkStage


@pytest.fixture(autouse=True)
def in_english(world: World) -> Iterator[None]:
    User.objects.update(language="en")
    with translation.override("en"):
        yield


def standing(ticket: Ticket, number: int) -> QuoteStanding:
    return outcomes_of([ticket.pk])[ticket.quotes.get(number=number).pk].standing


def first_acts(person: User, ticket: Ticket, at: str) -> list[Action]:
    ticket = Ticket.objects.get(pk=ticket.pk)
    return [each.action for each in offers_to(person, ticket, replay(facts_of(ticket)), paris(at)).first]


def withdrawn(world: World) -> Ticket:
    ticket = quoted(world)
    return quotes.withdraw_quote(
        ticket, by=world.maud, at=paris("2026-05-07 10:00"), quote=last_quote(ticket).pk, message="Une ligne manque."
    )  # fmt: skip


# --- The vendor takes a quote back ----------------------------------------------------------


def test_c_out_4_a_withdrawn_quote_is_accepted_no_more_and_another_is_due(world: World) -> None:
    ticket = withdrawn(world)
    assert (stage(ticket), ticket.turn, ticket.work_expires_at) == (WorkStage.FEASIBLE, Turn.VENDOR, None)
    with pytest.raises(IllegalMove, match="No quote awaits"):
        accept(ticket, by=world.marc, at=paris("2026-05-08 10:00"))
    ticket = quoted(world, ticket, at="2026-05-11 10:00")
    second = last_quote(ticket)
    assert (second.number, second.document["replaces"]) == (2, None)
    assert [standing(ticket, number) for number in (1, 2)] == [
        QuoteStanding.WITHDRAWN, QuoteStanding.AWAITING,
    ]  # fmt: skip


def test_c_out_4_managers_alone_withdraw_and_say_why(world: World) -> None:
    ticket = quoted(world)
    given = {"at": paris("2026-05-07 10:00"), "quote": last_quote(ticket).pk}
    for person in (world.agnes, world.claire, world.marc):
        with pytest.raises(PermissionDenied):
            quotes.withdraw_quote(ticket, by=person, message="Non.", **given)
    with pytest.raises(ValidationError):
        quotes.withdraw_quote(ticket, by=world.maud, message="  ", **given)
    assert stage(ticket) == WorkStage.QUOTED


def test_the_client_is_told_that_a_quote_is_withdrawn(world: World) -> None:
    withdrawn(world)
    letters = [letter for letter in sent("2026-05-07 10:00") if "is withdrawn" in text_of(letter)]
    assert {letter["To"].split(".")[0] for letter in letters} == {"claire", "marc"}
    assert all("Une ligne manque." in text_of(letter) for letter in letters)


# --- The client cancels ---------------------------------------------------------------------


def test_c_out_4_a_request_is_cancelled_until_a_quote_is_issued(world: World) -> None:
    for ticket in (requested(world), studied(world)):
        quotes.cancel_work(ticket, by=world.marc, at=paris("2026-05-05 11:00"))
        assert stage(ticket) == WorkStage.CANCELLED
        assert Ticket.objects.get(pk=ticket.pk).turn == Turn.NOBODY
    with pytest.raises(IllegalMove, match="before its quote"):
        quotes.cancel_work(quoted(world), by=world.claire, at=paris("2026-05-07 10:00"))
    with pytest.raises(PermissionDenied):
        quotes.cancel_work(requested(world), by=world.agnes, at=paris("2026-05-05 11:00"))


def test_c_out_4_a_cancelled_request_may_be_asked_again(world: World) -> None:
    ticket = quotes.cancel_work(studied(world), by=world.claire, at=paris("2026-05-05 11:00"))
    ticket = quotes.request_work(
        ticket, by=world.claire, at=paris("2026-05-06 10:00"), message="Finalement, oui."
    )
    assert stage(ticket) == WorkStage.REQUESTED


# --- A contest comes first ------------------------------------------------------------------


def test_no_quote_is_issued_nor_accepted_while_the_classing_is_contested(world: World) -> None:
    offered, found = quoted(world), studied(world)
    for ticket in (offered, found):
        client.contest_scope(
            ticket, by=world.claire, at=paris("2026-05-07 10:00"), reason="La notice le dit."
        )
    with pytest.raises(IllegalMove, match="contested"):
        accept(offered, by=world.marc, at=paris("2026-05-08 10:00"))
    with pytest.raises(IllegalMove, match="contested"):
        quoted(world, found, at="2026-05-08 10:00")
    manager.settle(
        offered, by=world.maud, at=paris("2026-05-08 11:00"), subject=ContestSubject.SCOPE, upheld=False, motive="Non."
    )  # fmt: skip
    assert stage(accept(offered, by=world.marc, at=paris("2026-05-08 12:00"))) == WorkStage.ACCEPTED


# --- Closing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "ground", "closes"),
    [
        (requested, ClosingGround.AGREED, True),
        (studied, ClosingGround.DUPLICATE, True),
        (studied, ClosingGround.OUT_OF_SCOPE, False),
        (quoted, ClosingGround.AGREED, False),
        (accepted, ClosingGround.AGREED, True),
        (accepted, ClosingGround.DUPLICATE, False),
    ],
)
def test_what_was_asked_for_ends_by_agreement_or_goes_on_with_the_original(
    world: World, life, ground: ClosingGround, closes: bool
) -> None:
    original, ticket = world.file("2026-04-27 10:00"), life(world)
    fields = {"duplicate_of": original} if ground == ClosingGround.DUPLICATE else {}
    given = {"by": world.agnes, "at": paris("2026-05-20 10:00"), "ground": ground, "message": "Entendu."}
    if closes:
        assert vendor.close(ticket, **given, **fields).closed_at
        assert stage(ticket) == WorkStage.LAPSED
    else:
        with pytest.raises(IllegalMove):
            vendor.close(ticket, **given, **fields)


# --- A timetable that is late ---------------------------------------------------------------


def test_nothing_is_done_with_a_quote_whose_validity_is_over_even_if_the_timetable_is_late(
    world: World,
) -> None:
    ticket = quoted(world)
    after = "2026-06-06 00:00"
    life = replay(facts_of(ticket))
    assert life.work.stage == WorkStage.QUOTED
    assert first_acts(world.marc, ticket, "2026-06-05 23:59") == [Action.ACCEPT_QUOTE, Action.REFUSE_QUOTE]
    assert first_acts(world.marc, ticket, after) == []
    for act in (
        lambda: accept(ticket, by=world.marc, at=paris(after)),
        lambda: refuse(ticket, by=world.marc, at=paris(after)),
        lambda: quoted(world, ticket, at=after, valid_until=date(2026, 7, 1)),
        lambda: quotes.withdraw_quote(
            ticket, by=world.maud, at=paris(after), quote=last_quote(ticket).pk, message="Non."
        ),
    ):
        with pytest.raises(IllegalMove, match="validity"):
            act()


# --- What is offered first, whose turn it is -------------------------------------------------


def test_what_moves_paid_work_on_is_offered_first(world: World) -> None:
    at = "2026-05-20 10:00"
    found = studied(world)
    assert first_acts(world.maud, found, at) == [Action.ISSUE_QUOTE]
    assert first_acts(world.agnes, found, at) == []
    assert first_acts(world.agnes, quoted(world), at) == []
    done = quotes.finish_work(accepted(world), by=world.agnes, at=paris(at), message="Livré.")
    assert first_acts(world.agnes, done, at) == [Action.CLOSE]
    assert first_acts(world.claire, done, at) == []


# --- Exact quantities -----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["1e2", "1E2", "0x10", "1_000", "+5", "-1", "2,555", "1.000,5", "NaN", "٣"])
def test_a_quantity_is_plain_digits(world: World, typed: str) -> None:
    ticket = studied(world)
    with time_machine.travel(paris("2026-05-06 10:00"), tick=False):
        answer = browsing(world.maud).post(
            f"{ticket.get_absolute_url()}issue_quote/",
            {"lines-JOUR": typed, "valid_until": "2026-06-05", "execution": "En juin.", "seen": ticket.last_seq},
        )  # fmt: skip
    assert answer.status_code == 422
    assert not ticket.quotes.exists()


def test_a_quantity_has_two_decimals_whoever_asks(world: World) -> None:
    with pytest.raises(ValidationError, match="two decimals"):
        quoted(world, lines={"JOUR": Decimal("2.555")})


# --- An answer to a quote that was replaced -------------------------------------------------


def test_an_acceptance_of_a_quote_replaced_meanwhile_is_asked_again_for_the_new_one(world: World) -> None:
    ticket = quoted(world)
    first, seen = last_quote(ticket), ticket.last_seq
    ticket = quoted(world, ticket, at="2026-05-07 10:00", lines={"JOUR": Decimal(3)})
    second = last_quote(ticket)
    address = f"{ticket.get_absolute_url()}accept_quote/"
    with time_machine.travel(paris("2026-05-11 10:00"), tick=False):
        marc = browsing(world.marc)
        typed = {"quote": first.pk, "agreed": "on", "order_reference": "BC-1", "seen": seen}
        answer = marc.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert reverse("quote", args=[second.pk]) in page
        assert f'name="quote" value="{second.pk}"' in page
        assert f"I accept the quote {second.reference}" in page
        assert not re.search(r'name="agreed"[^>]*checked', page)
        assert 'value="BC-1"' in page
        assert stage(ticket) == WorkStage.QUOTED
        again = {**typed, "quote": second.pk, "seen": ticket.last_seq}
        assert marc.post(address, again).status_code == 302
    assert standing(ticket, 1) == QuoteStanding.REPLACED
    assert standing(ticket, 2) == QuoteStanding.ACCEPTED


def test_what_lapses_is_said_before_it_does(world: World) -> None:
    ticket = quoted(world)
    reference = last_quote(ticket).reference
    with time_machine.travel(paris("2026-05-11 10:00"), tick=False):
        for person, action in ((world.agnes, "put_in_scope"), (world.claire, "withdraw")):
            page = text(browsing(person).get(f"{ticket.get_absolute_url()}{action}/"))
            assert "The quote lapses" in page
            assert reference in page
        page = text(browsing(world.maud).get(f"{ticket.get_absolute_url()}issue_quote/"))
        assert f"will replace {reference}" in page
        assert "Deux jours." in page
        assert "Un devis, alors." in page
    ordered = accepted(world)
    with time_machine.travel(paris("2026-05-20 10:00"), tick=False):
        page = text(browsing(world.agnes).get(f"{ordered.get_absolute_url()}close/"))
    assert "The quote lapses" in page
    assert last_quote(ordered).reference in page


# --- What stays -----------------------------------------------------------------------------


def test_an_accepted_quote_says_by_whom_when_and_under_which_order_for_ever(world: World) -> None:
    ticket = quotes.finish_work(
        accepted(world), by=world.agnes, at=paris("2026-05-20 10:00"), message="Livré."
    )
    quote = last_quote(ticket)
    ticket = quotes.request_work(
        ticket, by=world.claire, at=paris("2026-05-21 10:00"), message="Un autre écran."
    )
    with time_machine.travel(paris("2027-02-01 10:00"), tick=False):
        marc = browsing(world.marc)
        page = text(marc.get(reverse("quote", args=[quote.pk])))
        assert f"{world.marc} accepted the quote {quote.reference}" in page
        assert "12 May 2026" in page
        assert "BC-118" in page
        assert "Accepted, work done" in page
        page = text(marc.get(reverse("quotes")))
        assert quote.reference in page
        assert "Feasibility to be studied" in page
        [row] = json.loads(b"".join(marc.get("/list-exports/quotes.json").streaming_content))
        assert (row["quote"], row["outcome"], row["order_reference"], row["accepted_by"]) == (
            quote.reference, "Accepted, work done", "BC-118", str(world.marc),
        )  # fmt: skip
        pdf = marc.get(reverse("quote_file", args=[quote.pk, "pdf"])).content
    said = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())
    assert "Accepté par le client" in said
    assert "BC-118" in said
    assert "12 mai 2026" in said
    assert "6 mai 2026" in said  # issued on


def test_a_refusal_tells_who_takes_part_on_both_sides(world: World) -> None:
    ticket = quoted(world)
    refuse(ticket, by=world.marc, at=paris("2026-05-08 10:00"), message="Trop cher.")
    told = [letter for letter in sent("2026-05-08 10:00") if "is refused" in text_of(letter)]
    assert {letter["To"].split(".")[0] for letter in told} == {"claire", "agnes", "maud"}
    assert standing(ticket, 1) == QuoteStanding.REFUSED


def test_who_may_not_accept_is_told_who_may(world: World) -> None:
    ticket = quoted(world)
    with time_machine.travel(paris("2026-05-11 10:00"), tick=False):
        answer = browsing(world.claire).get(f"{ticket.get_absolute_url()}accept_quote/")
        page = answer.content.decode()
        assert answer.status_code == 403
        assert world.marc.email in page
        assert world.olivia.email not in page


def test_a_client_manager_with_nothing_to_do_is_not_said_to_read_only(world: World) -> None:
    ticket = accepted(world)
    with time_machine.travel(paris("2026-05-13 10:00"), tick=False):
        page = text(browsing(world.marc).get(ticket.get_absolute_url()))
    assert "Nothing is for you to do now" in page
    assert "reads tickets; it does not act" not in page


# --- Two readings of one ledger -------------------------------------------------------------

# What a stage of the work says of the last quote; after a withdrawn one the request goes on without it.
AGREES = {
    WorkStage.QUOTED: {QuoteStanding.AWAITING},
    WorkStage.ACCEPTED: {QuoteStanding.ACCEPTED},
    WorkStage.DONE: {QuoteStanding.DONE},
    WorkStage.REFUSED: {QuoteStanding.REFUSED},
    WorkStage.EXPIRED: {QuoteStanding.EXPIRED},
    WorkStage.LAPSED: {QuoteStanding.LAPSED, QuoteStanding.WITHDRAWN},
    WorkStage.FEASIBLE: {QuoteStanding.WITHDRAWN},
    WorkStage.NOT_FEASIBLE: {QuoteStanding.WITHDRAWN},
    WorkStage.CANCELLED: {QuoteStanding.WITHDRAWN},
}
PLAYED = {
    Action.REQUEST_WORK, Action.STUDY, Action.ISSUE_QUOTE, Action.WITHDRAW_QUOTE, Action.ACCEPT_QUOTE,
    Action.REFUSE_QUOTE, Action.CANCEL_WORK, Action.FINISH_WORK, Action.PUT_IN_SCOPE, Action.CLASS_OUT_OF_SCOPE,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_what_became_of_a_quote_never_belies_how_far_the_work_has_come(world: World, seed: int) -> None:
    chance, at, ticket = random.Random(seed), paris("2026-05-07 10:00"), quoted(world)
    met = set()
    for _step in range(20):
        at += timedelta(hours=chance.choice([1, 30, 200]))
        run_due(at)
        life = replay(facts_of(ticket))
        acts = [each for each in offered(ticket, world, life, at) if each[1] in PLAYED]
        if acts:
            who, action = chance.choice(acts)
            if action == Action.PUT_IN_SCOPE and chance.random() < 0.8:
                continue
            play(ticket, action, world, life, chance, by=who, at=at)
        ticket = Ticket.objects.get(pk=ticket.pk)
        work, outcomes = replay(facts_of(ticket)).work, outcomes_of([ticket.pk])
        assert set(outcomes) == set(ticket.quotes.values_list("pk", flat=True))
        awaiting = [each for each in outcomes.values() if each.standing == QuoteStanding.AWAITING]
        assert len(awaiting) == (work.stage == WorkStage.QUOTED)
        if work.quote is not None:
            assert outcomes[work.quote].standing in AGREES[work.stage], work
            met.add(work.stage)
    assert len(met) > 1
