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
from tickets.actions.erasing import erase_person
from tickets.actions.work import IllegalMove, working
from tickets.acts import Action
from tickets.chains import read_again
from tickets.effects.runner import run_due
from tickets.ledger import facts_of
from tickets.life import replay
from tickets.models import Ticket
from tickets.quotes.outcomes import outcomes_of
from tickets.record.offers import offers_to
from tickets.words import (
    ClosingGround,
    ContestSubject,
    EffectKind,
    EntryKind,
    QuoteStanding,
    Turn,
    WorkStage,
)


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


def contested(ticket: Ticket, world: World, at: str = "2026-05-07 10:00") -> Ticket:
    return client.contest_scope(ticket, by=world.claire, at=paris(at), reason="La notice le dit.")


def dismissed(ticket: Ticket, world: World, at: str = "2026-07-06 11:00") -> Ticket:
    return manager.settle(
        ticket, by=world.maud, at=paris(at), subject=ContestSubject.SCOPE, upheld=False, motive="Hors contrat."
    )  # fmt: skip


def test_c_out_4_a_contested_quote_does_not_expire_and_gets_back_the_days_of_the_contest(
    world: World,
) -> None:
    ticket = contested(quoted(world), world)
    done = run_due(paris("2026-07-01 10:00"))
    assert (done[EffectKind.QUOTE_EXPIRY], done[EffectKind.QUOTE_REMINDER]) == (0, 0)
    assert (stage(ticket), ticket.work_expires_at) == (WorkStage.QUOTED, None)
    assert outcomes_of([ticket.pk])[last_quote(ticket).pk].is_held
    with pytest.raises(IllegalMove):
        quotes.expire_quote(ticket, at=paris("2026-07-01 10:00"))
    ticket = dismissed(ticket, world)  # sixty days later: 5 June becomes 4 August
    assert ticket.work_expires_at == paris("2026-08-05 00:00")
    outcome = outcomes_of([ticket.pk])[last_quote(ticket).pk]
    assert (outcome.is_held, outcome.valid_until) == (False, date(2026, 8, 4))
    assert any("4 August 2026" in text_of(letter) for letter in sent("2026-07-06 11:00", to="claire"))
    assert run_due(paris("2026-07-30 17:00"))[EffectKind.QUOTE_REMINDER] == 0
    assert run_due(paris("2026-07-31 10:00"))[EffectKind.QUOTE_REMINDER] == 1
    assert any("4 August 2026" in text_of(letter) for letter in sent("2026-07-31 10:00", to="marc"))
    assert run_due(paris("2026-08-04 23:59"))[EffectKind.QUOTE_EXPIRY] == 0
    assert run_due(paris("2026-08-05 00:00"))[EffectKind.QUOTE_EXPIRY] == 1
    assert stage(ticket) == WorkStage.EXPIRED


def test_c_out_4_a_quote_is_accepted_on_the_last_day_that_the_contest_gave_back(world: World) -> None:
    ticket = dismissed(contested(quoted(world), world), world)
    with pytest.raises(IllegalMove, match="validity"):
        accept(ticket, by=world.marc, at=paris("2026-08-05 00:00"))
    assert stage(accept(ticket, by=world.marc, at=paris("2026-08-04 23:59"))) == WorkStage.ACCEPTED


def test_c_out_4_a_contest_settled_within_the_day_gives_no_day_back(world: World) -> None:
    ticket = dismissed(contested(quoted(world), world), world, "2026-05-07 17:00")
    assert ticket.work_expires_at == paris("2026-06-06 00:00")


def test_c_out_4_a_contest_revives_no_quote_that_is_over(world: World) -> None:
    ticket = contested(quoted(world), world, "2026-06-06 10:00")
    assert run_due(paris("2026-06-06 10:01"))[EffectKind.QUOTE_EXPIRY] == 1
    dismissed(ticket, world)
    assert stage(ticket) == WorkStage.EXPIRED


def test_c_out_4_a_contested_quote_may_be_refused(world: World) -> None:
    ticket = contested(quoted(world), world)
    refuse(ticket, by=world.marc, at=paris("2026-06-20 10:00"))
    assert stage(ticket) == WorkStage.REFUSED


def test_the_page_the_register_and_its_file_say_the_same_validity(world: World) -> None:
    ticket = contested(quoted(world), world)
    quote = last_quote(ticket)
    with time_machine.travel(paris("2026-07-01 10:00"), tick=False):
        marc = browsing(world.marc)
        for address in (reverse("quote", args=[quote.pk]), reverse("quotes")):
            assert "suspended" in text(marc.get(address))
    dismissed(ticket, world)
    with time_machine.travel(paris("2026-07-07 10:00"), tick=False):
        marc = browsing(world.marc)
        assert "4 August 2026" in text(marc.get(reverse("quote", args=[quote.pk])))
        assert "04/08/2026" in text(marc.get(reverse("quotes")))
        assert "4 August 2026" in text(marc.get(f"{ticket.get_absolute_url()}accept_quote/"))
        [row] = json.loads(b"".join(marc.get("/list-exports/quotes.json").streaming_content))
    assert row["valid_until"] == "2026-08-04"


def test_who_settles_reads_what_upholding_the_contest_undoes(world: World) -> None:
    with time_machine.travel(paris("2026-05-14 10:00"), tick=False):
        maud = browsing(world.maud)
        for ticket, said in (
            (quoted(world), "the quote lapses"),
            (accepted(world), "the accepted order is undone"),
        ):
            contested(ticket, world, "2026-05-13 10:00")
            page = text(maud.get(f"{ticket.get_absolute_url()}settle/"))
            assert said in page
            assert last_quote(ticket).reference in page
            assert "2,250.00" in page or "2 250,00" in page
        page = text(maud.get(f"{contested(studied(world), world).get_absolute_url()}settle/"))
    assert "request for a quote lapses" in page


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
    assert re.search(r'name="lines-JOUR"[^>]*aria-invalid="true"', answer.content.decode()), (
        "the focus goes there"
    )
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


def test_an_erased_signatory_is_still_named_on_the_quote_that_they_accepted(world: World) -> None:
    name, ticket = str(world.marc), accepted(world)
    erase_person(world.marc, motive="Demande.", by=world.paul, at=paris("2026-06-01 10:00"))
    acceptance = outcomes_of([ticket.pk])[last_quote(ticket).pk].acceptance
    assert acceptance is not None and acceptance.signatory == name
    assert read_again(world.client).fault is None


def test_an_acceptance_sealed_without_a_name_says_who_accepted_as_they_are_called_today(world: World) -> None:
    ticket = quoted(world)
    quote = last_quote(ticket)
    with working(ticket, Action.ACCEPT_QUOTE, by=world.marc, at=paris("2026-05-12 10:00")) as work:
        work.write(EntryKind.QUOTE_ACCEPTED, quote=quote.pk, number=quote.number, digest=quote.digest)
    acceptance = outcomes_of([ticket.pk])[quote.pk].acceptance
    assert acceptance is not None and acceptance.signatory == str(world.marc)


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
    Action.CONTEST_SCOPE, Action.SETTLE,
}  # fmt: skip


RARE = {Action.PUT_IN_SCOPE, Action.CONTEST_SCOPE, Action.REFUSE_QUOTE}  # what would end every life at once


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5])
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
            if action in RARE and chance.random() < 0.8:
                continue
            play(ticket, action, world, life, chance, by=who, at=at)
        ticket = Ticket.objects.get(pk=ticket.pk)
        work, outcomes = replay(facts_of(ticket)).work, outcomes_of([ticket.pk])
        assert set(outcomes) == set(ticket.quotes.values_list("pk", flat=True))
        awaiting = [each for each in outcomes.values() if each.standing == QuoteStanding.AWAITING]
        assert len(awaiting) == (work.stage == WorkStage.QUOTED)
        if work.quote is not None:
            known = outcomes[work.quote]
            assert known.standing in AGREES[work.stage], work
            assert (known.is_held, known.expires_at) == (work.is_held, work.expires_at)
            met.add(work.stage)
    assert len(met) > 1
