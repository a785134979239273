"""The contract's rules, by name, as the actions keep them; instants computed by hand."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import Training, User
from sla.models import CalendarVersion, Closure
from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client, manager, vendor
from tickets.actions.filing import Filing, file_ticket, register_ticket
from tickets.actions.silence import close_tacitly
from tickets.actions.work import IllegalMove, StaleForm
from tickets.models import LedgerEntry, Mail, Message, Ticket
from tickets.words import (
    ClosingGround,
    ContestSubject,
    DeliveryKind,
    EntryKind,
    Means,
    OutOfScopeGround,
    State,
)


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.entries.order_by("seq").values_list("kind", flat=True))


def delivered(
    world: World, ticket: Ticket, at: str, what: DeliveryKind = DeliveryKind.FIX, by: User | None = None
) -> Ticket:
    return vendor.deliver(
        ticket, by=by or world.agnes, at=paris(at), what=what, content="Correctif", how_to_test="Relancer."
    )


# --- Severity ---------------------------------------------------------------------------


def test_c_sev_2_a_different_severity_needs_a_motive(world: World) -> None:
    ticket = world.file(severity="bloquante")
    with pytest.raises(ValidationError) as refused:
        vendor.requalify(ticket, by=world.agnes, at=paris("2026-04-28 11:00"), severity=Severity.MINEURE)
    assert "motive" in refused.value.message_dict
    assert kinds(ticket) == [EntryKind.RECEIVED]


def test_c_sev_2_a_contest_upheld_restores_the_severity_claimed(world: World) -> None:
    ticket = world.file("2026-04-28 10:30", severity="bloquante")
    ticket = vendor.requalify(
        ticket,
        by=world.agnes,
        at=paris("2026-04-28 11:00"),
        severity=Severity.MAJEURE,
        motive="Usage partiel.",
    )
    assert (ticket.severity_claimed, ticket.severity_retained, ticket.severity) == (
        "bloquante",
        "majeure",
        "majeure",
    )
    assert ticket.resolve_due_at == paris("2026-05-11 10:30")
    ticket = client.contest_severity(
        ticket, by=world.claire, at=paris("2026-04-28 12:00"), reason="Tout est figé."
    )
    assert ticket.is_contested
    ticket = manager.settle(
        ticket,
        by=world.maud,
        at=paris("2026-04-28 14:00"),
        subject=ContestSubject.SEVERITY,
        upheld=True,
        motive="En effet.",
    )
    # 24 business hours from the receipt: 7 h 30 on the 28th, 9 h on the 29th, 7 h 30 on the 30th.
    assert (ticket.severity, ticket.is_contested) == ("bloquante", False)
    assert ticket.resolve_due_at == paris("2026-04-30 16:30")


def test_c_sev_2_only_a_manager_settles(world: World) -> None:
    ticket = world.file(severity="bloquante")
    vendor.requalify(
        ticket, by=world.agnes, at=paris("2026-04-28 11:00"), severity=Severity.MINEURE, motive="Détail."
    )
    client.contest_severity(ticket, by=world.claire, at=paris("2026-04-28 12:00"), reason="Non.")
    with pytest.raises(PermissionDenied):
        manager.settle(
            ticket,
            by=world.agnes,
            at=paris("2026-04-28 13:00"),
            subject=ContestSubject.SEVERITY,
            upheld=False,
            motive="Si.",
        )


def test_k_9_severity_does_not_change_under_test(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-04-28 11:00")
    with pytest.raises(IllegalMove):
        vendor.requalify(
            ticket, by=world.agnes, at=paris("2026-04-28 12:00"), severity=Severity.MINEURE, motive="Détail."
        )


def test_k_9_a_severity_contested_under_test_is_upheld_after_it(world: World) -> None:
    ticket = world.file(severity="bloquante")
    vendor.requalify(
        ticket, by=world.agnes, at=paris("2026-04-28 10:45"), severity=Severity.MAJEURE, motive="Partiel."
    )
    delivered(world, ticket, "2026-04-28 11:00")
    client.contest_severity(ticket, by=world.claire, at=paris("2026-04-28 12:00"), reason="Tout est figé.")

    def uphold(at: str) -> Ticket:
        return manager.settle(
            ticket,
            by=world.maud,
            at=paris(at),
            subject=ContestSubject.SEVERITY,
            upheld=True,
            motive="En effet.",
        )

    with pytest.raises(IllegalMove):
        uphold("2026-04-28 13:00")
    client.refuse(ticket, by=world.claire, at=paris("2026-04-28 14:00"), motive="Toujours vide.")
    assert uphold("2026-04-28 15:00").severity == "bloquante"


# --- Acknowledgement --------------------------------------------------------------------


def test_c_sla_2_the_automatic_receipt_is_no_acknowledgement(world: World) -> None:
    ticket = world.file()
    assert Mail.objects.filter(ticket=ticket, recipient=world.claire, template="received").exists()
    assert (ticket.state, ticket.acknowledged_at) == (State.NEW, None)


def test_c_sla_2_any_first_act_is_the_acknowledgement_just_before_it(world: World) -> None:
    at = paris("2026-04-28 11:00")
    first_acts = {
        EntryKind.QUESTION: lambda ticket: vendor.ask(ticket, by=world.agnes, at=at, message="Quand ?"),
        EntryKind.SEVERITY: lambda ticket: vendor.requalify(
            ticket, by=world.agnes, at=at, severity=Severity.MINEURE, motive="Détail."
        ),
        EntryKind.DELIVERED: lambda ticket: delivered(world, ticket, "2026-04-28 11:00"),
        EntryKind.OUT_OF_SCOPE: lambda ticket: vendor.class_out_of_scope(
            ticket, by=world.agnes, at=at, ground=OutOfScopeGround.TRAINING, explanation="Formation."
        ),
    }
    for kind, act in first_acts.items():
        ticket = act(world.file())
        assert kinds(ticket) == [EntryKind.RECEIVED, EntryKind.ACKNOWLEDGED, EntryKind.ASSIGNED, kind]
        assert ticket.acknowledged_at == at
        assert ticket.owner_id == world.agnes.pk


def test_c_sla_2_taking_a_ticket_needs_an_owner_and_a_first_message(world: World) -> None:
    ticket = world.file()
    at = paris("2026-04-28 11:00")
    with pytest.raises(ValidationError):
        vendor.acknowledge(ticket, by=world.agnes, at=at, owner=world.agnes, message=" ")
    with pytest.raises(ValidationError):
        vendor.acknowledge(ticket, by=world.agnes, at=at, owner=world.claire, message="Vu.")
    assert kinds(ticket) == [EntryKind.RECEIVED]


def test_c_sla_3_no_commitment_is_said_never_faked(world: World) -> None:
    ticket = world.file(severity="mineure")
    assert (ticket.resolve_state, ticket.resolve_due_at) == ("none", None)


# --- Who --------------------------------------------------------------------------------


def test_c_who_1_an_untrained_or_expired_person_files_nothing(world: World) -> None:
    filing = Filing(title="Panne", description="Panne.", severity=Severity.MINEURE)
    with pytest.raises(PermissionDenied):
        file_ticket(world.contract, filing, by=world.lucas, at=paris("2026-04-28 10:00"))
    Training.objects.filter(person=world.claire).update(expires_on=date(2026, 4, 27))
    with pytest.raises(PermissionDenied):
        file_ticket(world.contract, filing, by=world.claire, at=paris("2026-04-28 00:00"))
    assert file_ticket(world.contract, filing, by=world.claire, at=paris("2026-04-27 23:59")).pk


def test_c_who_1_nobody_files_under_the_contract_of_another_client(world: World) -> None:
    filing = Filing(title="Panne", description="Panne.", severity=Severity.MINEURE)
    with pytest.raises(PermissionDenied):
        file_ticket(world.other_contract, filing, by=world.claire, at=paris("2026-04-28 10:00"))


def test_c_who_3_the_clock_of_a_telephoned_anomaly_starts_at_its_reception(world: World) -> None:
    filing = Filing(title="Panne", description="Panne.", severity=Severity.BLOQUANTE)
    ticket = register_ticket(
        world.contract,
        filing,
        reporter=world.claire,
        by=world.agnes,
        means=Means.TELEPHONE,
        received_at=paris("2026-04-28 09:15"),
        at=paris("2026-04-28 10:40"),
    )
    assert ticket.acknowledge_due_at == paris("2026-04-28 11:15")
    entry = ticket.entries.get()
    assert (entry.occurred_at, entry.recorded_at) == (paris("2026-04-28 09:15"), paris("2026-04-28 10:40"))
    assert entry.data["means"] == "telephone"


@pytest.mark.parametrize(
    ("received_at", "field"), [("2026-04-28 10:41", "received_at"), ("2024-12-31 10:00", "received_at")]
)
def test_c_who_3_an_impossible_reception_is_refused(world: World, received_at: str, field: str) -> None:
    filing = Filing(title="Panne", description="Panne.", severity=Severity.BLOQUANTE)
    with pytest.raises(ValidationError) as refused:
        register_ticket(
            world.contract,
            filing,
            reporter=world.claire,
            by=world.agnes,
            means=Means.TELEPHONE,
            received_at=paris(received_at),
            at=paris("2026-04-28 10:40"),
        )
    assert field in refused.value.message_dict
    assert not Ticket.objects.exists()


# --- Waiting, delivery, verdict ---------------------------------------------------------


def test_k_5_any_message_under_test_cancels_the_countdown_until_the_verdict_is_asked_again(
    world: World,
) -> None:
    ticket = delivered(world, world.file(), "2026-05-18 11:00")
    assert ticket.closes_at == paris("2026-05-26 18:00")  # 25 May is Whit Monday
    ticket = client.answer(ticket, by=world.claire, at=paris("2026-05-19 09:00"), message="Nous testons.")
    assert (ticket.state, ticket.closes_at, ticket.turn) == (State.UNDER_TEST, None, "vendor")
    ticket = vendor.ask_verdict(ticket, by=world.agnes, at=paris("2026-05-20 10:00"), message="Alors ?")
    assert (ticket.closes_at, ticket.turn) == (paris("2026-05-28 18:00"), "client")


def test_c_cli_2_a_longer_delay_is_agreed_longer_only(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-06-01 11:00")
    with pytest.raises(ValidationError):
        client.request_time(ticket, by=world.claire, at=paris("2026-06-02 10:00"), days=5, reason="Recette.")
    ticket = client.request_time(
        ticket, by=world.marc, at=paris("2026-06-02 10:00"), days=10, reason="Recette."
    )
    assert ticket.closes_at is None
    with pytest.raises(PermissionDenied):
        manager.agree_time(ticket, by=world.agnes, at=paris("2026-06-02 11:00"), days=10)
    ticket = manager.agree_time(ticket, by=world.maud, at=paris("2026-06-02 11:00"), days=10)
    assert ticket.closes_at == paris("2026-06-15 18:00")
    entry = ticket.entries.get(kind=EntryKind.TIME_AGREED)
    assert (entry.by, entry.data["days"]) == (world.maud, 10)


def test_c_cli_2_a_delay_that_would_be_over_already_is_not_agreed(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-06-01 11:00")
    client.request_time(ticket, by=world.marc, at=paris("2026-06-02 10:00"), days=6, reason="Recette.")
    # Six business days from the 1st: 2, 3, 4, 5, 8 and 9 June.
    with pytest.raises(ValidationError) as refused:
        manager.agree_time(ticket, by=world.maud, at=paris("2026-06-09 18:00"), days=6)
    assert "days" in refused.value.message_dict
    ticket = manager.agree_time(ticket, by=world.maud, at=paris("2026-06-09 18:00"), days=7)
    assert ticket.closes_at == paris("2026-06-10 18:00")


def test_c_cli_2_asking_for_the_verdict_again_takes_no_agreed_delay_back(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-06-01 11:00")
    client.request_time(ticket, by=world.marc, at=paris("2026-06-02 10:00"), days=10, reason="Recette.")
    ticket = manager.agree_time(ticket, by=world.maud, at=paris("2026-06-02 11:00"), days=10)
    assert ticket.closes_at == paris("2026-06-15 18:00")
    # Ten business days from the 3rd: 4, 5, 8, 9, 10, 11, 12, 15, 16 and 17 June.
    ticket = vendor.ask_verdict(ticket, by=world.agnes, at=paris("2026-06-03 10:00"), message="Alors ?")
    assert ticket.closes_at == paris("2026-06-17 18:00")
    ticket = client.answer(ticket, by=world.claire, at=paris("2026-06-04 09:00"), message="Nous testons.")
    assert ticket.closes_at is None
    # From the 5th: 8, 9, 10, 11, 12, 15, 16, 17, 18 and 19 June.
    ticket = vendor.ask_verdict(ticket, by=world.agnes, at=paris("2026-06-05 10:00"), message="Alors ?")
    assert ticket.closes_at == paris("2026-06-19 18:00")
    # What was agreed was agreed for that delivery: the next one starts with the policy's own five days.
    ticket = delivered(world, ticket, "2026-06-08 11:00")
    assert ticket.closes_at == paris("2026-06-15 18:00")


def test_c_cli_1_in_production_alone_says_tested_and_in_production(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-04-28 11:00")
    ticket = client.declare_production(ticket, by=world.claire, at=paris("2026-04-28 15:00"))
    assert kinds(ticket)[-3:] == [EntryKind.ACCEPTED, EntryKind.IN_PRODUCTION, EntryKind.CLOSED]
    assert (ticket.resolve_state, ticket.closing_ground) == ("met", ClosingGround.PRODUCTION)


def test_c_wka_2_a_provisional_workaround_leaves_the_anomaly_open(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-04-28 11:30", DeliveryKind.WORKAROUND)
    with pytest.raises(IllegalMove):
        client.accept(ticket, by=world.claire, at=paris("2026-04-28 12:00"))
    ticket = client.judge_provisional(
        ticket, by=world.claire, at=paris("2026-04-28 12:30"), message="Un poste seulement."
    )
    # One business hour under test shifts 11 May 10:30 to 11:30 (K-8, K-9).
    assert (ticket.state, ticket.resolve_due_at) == (State.IN_PROGRESS, paris("2026-05-11 11:30"))


def test_c_wka_2_a_definitive_workaround_resolves_it(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-04-28 11:30", DeliveryKind.WORKAROUND)
    ticket = client.judge_definitive(ticket, by=world.claire, at=paris("2026-04-29 12:30"))
    assert (ticket.state, ticket.resolve_state, ticket.resolved_at) == (
        State.ACCEPTED,
        "met",
        paris("2026-04-28 11:30"),
    )


def test_k_17_silence_on_a_workaround_closes_nothing(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-04-28 11:30", DeliveryKind.WORKAROUND)
    assert ticket.closes_at is None
    with pytest.raises(IllegalMove):
        close_tacitly(ticket, at=paris("2026-07-01 18:00"))
    with pytest.raises(IllegalMove):
        vendor.close(
            ticket,
            by=world.agnes,
            at=paris("2026-07-01 10:00"),
            ground=ClosingGround.NO_COOPERATION,
            message="Sans réponse.",
        )
    vendor.warn(ticket, by=world.agnes, at=paris("2026-07-01 10:00"), message="Dernier rappel.")
    ticket = vendor.close(
        ticket,
        by=world.agnes,
        at=paris("2026-07-10 10:00"),
        ground=ClosingGround.NO_COOPERATION,
        message="Sans réponse.",
    )
    assert ticket.resolve_state == "stopped"


def test_k_17_an_answer_lifts_the_warning(world: World) -> None:
    ticket = vendor.ask(world.file(), by=world.agnes, at=paris("2026-04-28 11:00"), message="Quand ?")
    vendor.warn(ticket, by=world.agnes, at=paris("2026-05-28 11:00"), message="Dernier rappel.")
    client.answer(ticket, by=world.claire, at=paris("2026-05-28 12:00"), message="Hier.")
    with pytest.raises(IllegalMove):
        vendor.close(
            ticket,
            by=world.agnes,
            at=paris("2026-05-29 10:00"),
            ground=ClosingGround.NO_COOPERATION,
            message="Sans réponse.",
        )


def closed_for_lack_of_cooperation(world: World, ticket: Ticket, at: str) -> Ticket:
    return vendor.close(
        ticket, by=world.agnes, at=paris(at), ground=ClosingGround.NO_COOPERATION, message="Sans réponse."
    )


def test_k_17_a_warning_about_a_question_says_nothing_of_the_delivery_that_follows(world: World) -> None:
    ticket = vendor.ask(
        world.file(), by=world.agnes, at=paris("2026-04-28 11:00"), message="Quelle version ?"
    )
    vendor.warn(ticket, by=world.agnes, at=paris("2026-05-04 11:00"), message="Sans réponse, nous fermerons.")
    delivered(world, ticket, "2026-05-05 11:00", DeliveryKind.WORKAROUND)
    with pytest.raises(IllegalMove):
        closed_for_lack_of_cooperation(world, ticket, "2026-05-05 11:01")


def test_k_17_a_warning_about_a_delivery_says_nothing_of_what_follows_its_refusal(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-04-28 11:00", DeliveryKind.WORKAROUND)
    vendor.warn(ticket, by=world.agnes, at=paris("2026-05-04 11:00"), message="Sans réponse, nous fermerons.")
    client.refuse(ticket, by=world.claire, at=paris("2026-05-04 12:00"), motive="Inutilisable.")
    vendor.ask(ticket, by=world.agnes, at=paris("2026-05-04 14:00"), message="Quelle version ?")
    with pytest.raises(IllegalMove):
        closed_for_lack_of_cooperation(world, ticket, "2026-05-04 14:01")


def test_a_fix_under_test_is_never_closed_by_the_vendor(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-04-28 11:30")
    with pytest.raises(IllegalMove):
        vendor.close(
            ticket, by=world.agnes, at=paris("2026-04-28 12:00"), ground=ClosingGround.AGREED, message="Fait."
        )


def test_k_18_an_accepted_ticket_closes_five_business_days_after_the_acceptance(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-06-01 11:00")
    ticket = client.accept(ticket, by=world.claire, at=paris("2026-06-02 10:00"))
    assert ticket.closes_at == paris("2026-06-09 18:00")
    ticket = close_tacitly(ticket, at=paris("2026-06-09 18:00"))
    assert ticket.closing_ground == ClosingGround.TACIT_PRODUCTION


def test_silence_closes_nothing_while_a_manager_owes_a_decision(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-06-01 11:00")
    ticket = client.accept(ticket, by=world.claire, at=paris("2026-06-02 10:00"))
    ticket = client.request_time(
        ticket, by=world.claire, at=paris("2026-06-03 10:00"), days=10, reason="Recette."
    )
    assert ticket.closes_at is None
    with pytest.raises(IllegalMove):
        close_tacitly(ticket, at=paris("2026-06-09 18:00"))
    ticket = manager.refuse_time(ticket, by=world.maud, at=paris("2026-06-10 10:00"), message="Non.")
    assert ticket.closes_at == paris("2026-06-09 18:00")
    assert close_tacitly(ticket, at=paris("2026-06-10 10:01")).state == State.CLOSED


def test_the_verdict_is_not_asked_again_while_more_time_is_asked_for(world: World) -> None:
    ticket = delivered(world, world.file(), "2026-06-01 11:00")
    client.request_time(ticket, by=world.claire, at=paris("2026-06-02 10:00"), days=10, reason="Recette.")
    with pytest.raises(IllegalMove):
        vendor.ask_verdict(ticket, by=world.agnes, at=paris("2026-06-02 11:00"), message="Alors ?")


def test_c_sla_2_settling_a_contest_is_a_first_act(world: World) -> None:
    ticket = client.contest_deadline(
        world.file(), by=world.claire, at=paris("2026-04-28 11:00"), reason="Non."
    )
    ticket = manager.settle(
        ticket,
        by=world.maud,
        at=paris("2026-04-28 12:00"),
        subject=ContestSubject.DEADLINE,
        upheld=False,
        motive="Si.",
    )
    assert (ticket.state, ticket.acknowledged_at) == (State.IN_PROGRESS, paris("2026-04-28 12:00"))


# --- Scope ------------------------------------------------------------------------------


def test_k_16_time_out_of_scope_counts_as_a_pause(world: World) -> None:
    ticket = vendor.class_out_of_scope(
        world.file("2026-04-28 10:30"),
        by=world.agnes,
        at=paris("2026-04-28 11:00"),
        ground=OutOfScopeGround.CONFIGURATION,
        explanation="Paramétrage.",
    )
    assert (ticket.state, ticket.resolve_due_at) == (State.OUT_OF_SCOPE, None)
    ticket = client.contest_scope(
        ticket, by=world.claire, at=paris("2026-04-28 12:00"), reason="C'est un défaut."
    )
    ticket = manager.settle(
        ticket,
        by=world.maud,
        at=paris("2026-04-28 15:00"),
        subject=ContestSubject.SCOPE,
        upheld=True,
        motive="En effet.",
    )
    assert (ticket.state, ticket.resolve_due_at) == (State.IN_PROGRESS, paris("2026-05-11 14:30"))


# --- Closing, following up, duplicates --------------------------------------------------


def test_c_out_3_a_contest_gives_the_turn_back_to_the_vendor(world: World) -> None:
    ticket = vendor.class_out_of_scope(
        world.file(),
        by=world.agnes,
        at=paris("2026-04-28 11:00"),
        ground=OutOfScopeGround.MISUSE,
        explanation="Hors notice.",
    )
    assert ticket.turn == "nobody"
    ticket = client.contest_scope(ticket, by=world.claire, at=paris("2026-04-28 12:00"), reason="Non.")
    assert ticket.turn == "vendor"
    ticket = manager.settle(
        ticket,
        by=world.maud,
        at=paris("2026-04-28 14:00"),
        subject=ContestSubject.SCOPE,
        upheld=False,
        motive="La notice le dit.",
    )
    assert ticket.turn == "nobody"


def test_k_15_a_closed_ticket_stays_closed_and_is_followed_up_in_one_act(world: World) -> None:
    ticket = client.withdraw(world.file(), by=world.claire, at=paris("2026-04-28 11:00"))
    with pytest.raises(IllegalMove):
        client.answer(ticket, by=world.claire, at=paris("2026-04-28 12:00"), message="Encore.")
    following = client.follow_up(ticket, by=world.claire, at=paris("2026-05-04 09:00"))
    assert (following.follow_up_of_id, following.state) == (ticket.pk, State.NEW)
    assert following.acknowledge_due_at == paris("2026-05-04 13:00")
    assert Ticket.objects.get(pk=ticket.pk).state == State.CLOSED


def test_k_15_a_follow_up_is_for_the_same_solution(world: World) -> None:
    Training.objects.create(
        client=world.client,
        person=world.claire,
        solution=world.other_solution,
        trained_on=date(2025, 3, 3),
        trainer="Formateur",
    )
    contract = world.contract
    contract.pk, contract.reference, contract.solution = None, "C-planora", world.other_solution
    contract.save(force_insert=True)
    filing = Filing(title="Panne", description="Panne.", severity=Severity.MINEURE)
    ticket = file_ticket(contract, filing, by=world.claire, at=paris("2026-04-28 10:30"))
    client.withdraw(ticket, by=world.claire, at=paris("2026-04-28 11:00"))
    following = client.follow_up(ticket, by=world.claire, at=paris("2026-04-29 11:00"))
    assert (following.solution, following.contract) == (world.other_solution, contract)


def test_k_19_a_duplicate_names_the_ticket_received_first(world: World) -> None:
    first, second = world.file("2026-04-28 10:00"), world.file("2026-04-28 10:30")
    close = {"by": world.agnes, "at": paris("2026-04-28 11:00"), "message": "Déjà signalée."}
    with pytest.raises(ValidationError):
        vendor.close(second, ground=ClosingGround.DUPLICATE, **close)
    with pytest.raises(ValidationError):
        vendor.close(first, ground=ClosingGround.DUPLICATE, duplicate_of=second, **close)
    ticket = vendor.close(second, ground=ClosingGround.DUPLICATE, duplicate_of=first, **close)
    assert (ticket.state, ticket.closing_ground) == (State.CLOSED, ClosingGround.DUPLICATE)
    assert Ticket.objects.get(pk=ticket.pk).duplicate_of_id == first.pk


def test_k_19_a_duplicate_is_nobodys_original(world: World) -> None:
    first, second, third = (world.file(f"2026-04-28 {hour}:30") for hour in ("10", "11", "12"))

    def close(ticket: Ticket, original: Ticket, at: str) -> Ticket:
        return vendor.close(
            ticket,
            by=world.agnes,
            at=paris(at),
            ground=ClosingGround.DUPLICATE,
            message="Déjà reçu.",
            duplicate_of=original,
        )

    second = close(second, first, "2026-04-28 14:00")
    second.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        close(third, second, "2026-04-28 14:05")
    assert "duplicate_of" in refused.value.message_dict
    assert Ticket.objects.get(pk=third.pk).state == State.NEW


def test_k_19_a_ticket_that_nobody_works_on_is_no_original(world: World) -> None:
    withdrawn, late = world.file("2026-04-28 10:00"), world.file("2026-04-28 10:30")
    client.withdraw(withdrawn, by=world.claire, at=paris("2026-04-28 10:40"))
    with pytest.raises(ValidationError) as refused:
        vendor.close(
            late,
            by=world.agnes,
            at=paris("2026-04-28 11:00"),
            ground=ClosingGround.DUPLICATE,
            duplicate_of=Ticket.objects.get(pk=withdrawn.pk),
            message="Idem.",
        )
    assert "duplicate_of" in refused.value.message_dict


def test_k_19_a_duplicate_of_another_clients_ticket_is_refused(world: World) -> None:
    theirs = file_ticket(
        world.other_contract,
        Filing(title="Panne", description="Panne.", severity=Severity.MINEURE),
        by=world.olivia,
        at=paris("2026-04-28 09:00"),
    )
    with pytest.raises(ValidationError):
        vendor.close(
            world.file(),
            by=world.agnes,
            at=paris("2026-04-28 11:00"),
            ground=ClosingGround.DUPLICATE,
            duplicate_of=theirs,
            message="Idem.",
        )


# --- The ledger and the wall ------------------------------------------------------------


def test_the_database_refuses_to_change_or_delete_a_fact(world: World) -> None:
    entry = world.file().entries.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).update(kind=EntryKind.CLOSED)
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).delete()


def test_c_cal_3_the_database_refuses_to_change_a_published_calendar(world: World) -> None:
    version = CalendarVersion.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarVersion.objects.update(weekly={})
    with pytest.raises(DatabaseError), transaction.atomic():
        Closure.objects.create(
            version=version, first_day=date(2026, 5, 15), last_day=date(2026, 5, 15), motive="Pont"
        )


def test_c_cal_3_a_ticket_keeps_the_calendar_it_was_registered_under(world: World) -> None:
    before = world.file("2026-05-13 17:30", "bloquante")
    version = CalendarVersion.objects.create(calendar=world.contract.calendar, number=2)
    Closure.objects.create(
        version=version, first_day=date(2026, 5, 15), last_day=date(2026, 5, 15), motive="Pont"
    )
    CalendarVersion.objects.filter(pk=version.pk).update(published_at=paris("2026-05-13 17:40"))
    after = world.file("2026-05-13 17:45", "bloquante")
    before = vendor.ask(before, by=world.agnes, at=paris("2026-05-13 17:50"), message="Quand ?")
    assert before.acknowledge_due_at == paris("2026-05-15 10:30")  # Ascension is on the 14th
    assert after.acknowledge_due_at == paris("2026-05-18 10:45")


def test_the_database_refuses_a_link_between_two_clients(world: World) -> None:
    ticket = world.file()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            client=world.other_client,
            ticket=ticket,
            author=world.olivia,
            body="Bonjour",
            sent_at=paris("2026-05-04 09:00"),
        )
        connection.check_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(reporter=world.olivia)
        connection.check_constraints()


def test_a_stale_form_writes_nothing_and_says_what_changed(world: World) -> None:
    ticket = world.file()
    seen = ticket.last_seq
    client.answer(ticket, by=world.claire, at=paris("2026-04-28 10:45"), message="Un détail.")
    with pytest.raises(StaleForm) as stale:
        vendor.ask(ticket, by=world.agnes, at=paris("2026-04-28 11:00"), message="Quand ?", seen=seen)
    assert [entry.kind for entry in stale.value.since] == [EntryKind.CLIENT_MESSAGE]
    assert not Message.objects.filter(body="Quand ?").exists()


def test_the_ledger_never_goes_back_in_time(world: World) -> None:
    ticket = vendor.ask(world.file(), by=world.agnes, at=paris("2026-04-28 11:00"), message="Quand ?")
    early = paris("2026-04-28 11:00") - timedelta(milliseconds=5)
    client.answer(ticket, by=world.claire, at=early, message="Hier.")
    assert ticket.entries.last().occurred_at == paris("2026-04-28 11:00")


def test_an_internal_note_stays_with_the_vendor(world: World) -> None:
    ticket = world.file()
    vendor.note(ticket, by=world.agnes, at=paris("2026-04-28 11:00"), message="Client difficile.")
    assert not ticket.messages.visible_to(world.claire).exists()
    assert ticket.messages.visible_to(world.bruno).exists()
    assert kinds(ticket) == [EntryKind.RECEIVED]
    with pytest.raises(PermissionDenied):
        vendor.note(ticket, by=world.claire, at=paris("2026-04-28 11:00"), message="Bonjour.")


# --- Reading ----------------------------------------------------------------------------


def test_nobody_acts_for_a_client_that_is_closed(world: World) -> None:
    ticket = world.file()
    world.client.is_active = False
    world.client.save()
    world.claire.refresh_from_db()
    with pytest.raises(PermissionDenied):
        client.answer(ticket, by=world.claire, at=paris("2026-04-28 11:00"), message="Toujours là ?")
    assert kinds(ticket) == [EntryKind.RECEIVED]


def test_visible_to_never_shows_another_clients_ticket(world: World) -> None:
    ticket, at = world.file(), paris("2026-05-04 09:00")
    for person, sees in (
        (world.claire, True),
        (world.marc, True),
        (world.agnes, True),
        (world.maud, True),
        (world.paul, True),
        (world.olivia, False),
        (world.rachel, False),  # readers only if the organisation allows it (C-WHO-2)
        (world.lucas, False),
    ):
        assert Ticket.objects.visible_to(person, at=at).filter(pk=ticket.pk).exists() is sees, person


def test_c_who_2_readers_read_once_their_organisation_allows_it(world: World) -> None:
    ticket, at = world.file(), paris("2026-05-04 09:00")
    world.client.readers_allowed = True
    world.client.save()
    world.other_client.readers_allowed = True
    world.other_client.save()
    assert (
        Ticket.objects.visible_to(User.objects.get(pk=world.rachel.pk), at=at).filter(pk=ticket.pk).exists()
    )
    assert (
        not Ticket.objects.visible_to(User.objects.get(pk=world.olivia.pk), at=at)
        .filter(pk=ticket.pk)
        .exists()
    )
