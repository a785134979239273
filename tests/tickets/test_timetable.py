"""When escalations, reminders and closings become due, against instants computed by hand."""

from datetime import datetime

from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client, manager, vendor
from tickets.models import Effect, Ticket
from tickets.words import DeliveryKind, OutOfScopeGround


def pending(ticket: Ticket, prefix: str) -> dict[str, datetime]:
    rows = Effect.objects.filter(ticket=ticket, key__startswith=prefix, done_at=None)
    return dict(rows.values_list("key", "due_at"))


def taken(world: World, ticket: Ticket, at: str) -> Ticket:
    return vendor.acknowledge(
        ticket, by=world.agnes, at=paris(at), owner=world.agnes, message="Je m'en occupe."
    )


def delivered(world: World, ticket: Ticket, at: str, what: DeliveryKind = DeliveryKind.FIX) -> Ticket:
    return vendor.deliver(
        ticket, by=world.agnes, at=paris(at), what=what, content="4.2.1", how_to_test="Relancer."
    )


def test_both_clocks_escalate_at_50_75_and_100_percent(world: World) -> None:
    ticket = world.file("2026-04-28 10:30", "majeure")
    assert pending(ticket, "acknowledge:") == {
        "acknowledge:majeure:50": paris("2026-04-28 12:30"),
        "acknowledge:majeure:75": paris("2026-04-28 13:30"),
        "acknowledge:majeure:100": paris("2026-04-28 14:30"),
    }
    # Seven business days from Tuesday 10:30 are 63 hours: 31 h 30 end on Monday 4 May (1 May is a holiday)
    # at 15:00, 47 h 15 on Wednesday 6 May at 12:45.
    assert pending(ticket, "resolve:") == {
        "resolve:majeure:50": paris("2026-05-04 15:00"),
        "resolve:majeure:75": paris("2026-05-06 12:45"),
        "resolve:majeure:100": paris("2026-05-11 10:30"),
    }


def test_an_acknowledgement_ends_its_own_escalations_only(world: World) -> None:
    ticket = taken(world, world.file("2026-04-28 10:30", "majeure"), "2026-04-28 11:00")
    assert not pending(ticket, "acknowledge:")
    assert len(pending(ticket, "resolve:")) == 3


def test_a_pause_takes_the_escalations_away_and_moves_them_with_the_deadline(world: World) -> None:
    ticket = taken(world, world.file("2026-04-28 10:30", "majeure"), "2026-04-28 11:00")
    ticket = vendor.ask(ticket, by=world.agnes, at=paris("2026-04-29 09:00"), message="Quelle version ?")
    assert not pending(ticket, "resolve:")
    ticket = client.answer(ticket, by=world.claire, at=paris("2026-04-29 13:00"), message="La 4.2")
    # Four business hours later than without the pause.
    assert pending(ticket, "resolve:") == {
        "resolve:majeure:50": paris("2026-05-05 10:00"),
        "resolve:majeure:75": paris("2026-05-06 16:45"),
        "resolve:majeure:100": paris("2026-05-11 14:30"),
    }


def test_a_bloquante_escalates_at_the_very_closing_a_majeure_at_the_next_opening(world: World) -> None:
    # 24 hours from Monday 9:00: 18 of them end on Tuesday at 18:00.
    ticket = world.file("2026-05-04 09:00", "bloquante")
    assert pending(ticket, "resolve:")["resolve:bloquante:75"] == paris("2026-05-05 18:00")
    assert not Effect.objects.filter(ticket=ticket, needs_opening=True).exists()
    # 4 hours from Monday 14:00 end at 18:00, when support has just closed.
    held = world.file("2026-05-04 14:00", "majeure")
    assert held.acknowledge_due_at == paris("2026-05-04 18:00")
    assert pending(held, "acknowledge:")["acknowledge:majeure:100"] == paris("2026-05-05 09:00")
    assert not Effect.objects.filter(ticket=held, needs_opening=False).exists()


def test_no_commitment_escalates_nothing(world: World) -> None:
    ticket = world.file("2026-04-28 10:30", "mineure")
    assert not pending(ticket, "resolve:")
    # 24 hours from Tuesday 10:30: half of them end on Wednesday at 13:30.
    assert pending(ticket, "acknowledge:")["acknowledge:mineure:50"] == paris("2026-04-29 13:30")


def test_a_raised_severity_escalates_on_the_nearer_deadline(world: World) -> None:
    ticket = taken(world, world.file("2026-04-28 10:30", "majeure"), "2026-04-28 11:00")
    ticket = vendor.requalify(
        ticket,
        by=world.agnes,
        at=paris("2026-04-30 10:00"),
        severity=Severity.BLOQUANTE,
        motive="Arrêt total.",
    )
    # 24 hours from the raise: 8 on Thursday, 9 on Monday (1 May is a holiday), 7 on Tuesday until 16:00.
    assert pending(ticket, "resolve:") == {
        "resolve:bloquante:50": paris("2026-05-04 13:00"),
        "resolve:bloquante:75": paris("2026-05-05 10:00"),
        "resolve:bloquante:100": paris("2026-05-05 16:00"),
    }


def test_lowering_to_minor_takes_the_resolution_escalations_away(world: World) -> None:
    ticket = taken(world, world.file("2026-04-28 10:30", "majeure"), "2026-04-28 11:00")
    ticket = vendor.requalify(
        ticket,
        by=world.agnes,
        at=paris("2026-04-28 12:00"),
        severity=Severity.MINEURE,
        motive="Contournable.",
    )
    assert not pending(ticket, "resolve:")


def test_a_missed_clock_escalates_as_missed_only(world: World) -> None:
    # Found in the past: the 24 hours of a Bloquante ran from Tuesday 28 April 9:00 and ended on the 30th at 15:00.
    ticket = taken(world, world.file("2026-04-28 09:00", "bloquante"), "2026-04-28 09:30")
    ticket = vendor.requalify(
        ticket,
        by=world.agnes,
        at=paris("2026-04-28 10:00"),
        severity=Severity.MINEURE,
        motive="Contournable.",
    )
    assert not pending(ticket, "resolve:")
    ticket = vendor.requalify(
        ticket, by=world.agnes, at=paris("2026-05-04 10:00"), severity=Severity.BLOQUANTE, motive="Bloqué."
    )
    assert ticket.resolve_state == "missed"
    assert pending(ticket, "resolve:") == {"resolve:bloquante:100": paris("2026-04-30 15:00")}


def test_out_of_scope_stops_the_escalations_until_the_return(world: World) -> None:
    ticket = taken(world, world.file("2026-04-28 10:30", "majeure"), "2026-04-28 11:00")
    ticket = vendor.class_out_of_scope(
        ticket,
        by=world.agnes,
        at=paris("2026-04-29 10:00"),
        ground=OutOfScopeGround.MISUSE,
        explanation="Usage.",
    )
    assert not Effect.objects.filter(ticket=ticket, done_at=None).exists()
    ticket = vendor.put_in_scope(ticket, by=world.agnes, at=paris("2026-04-29 11:00"), message="À nouveau.")
    assert pending(ticket, "resolve:")["resolve:majeure:100"] == paris("2026-05-11 11:30")


def test_a_delivery_brings_two_reminders_and_a_closing(world: World) -> None:
    ticket = delivered(world, world.file("2026-04-28 10:30"), "2026-04-30 10:00")
    # After Thursday 30 April: Monday 4, Tuesday 5, 6, 7 and Monday 11 May (1 and 8 May are holidays).
    assert list(pending(ticket, "").values()) == [
        paris("2026-05-05 09:00"),
        paris("2026-05-07 09:00"),
        paris("2026-05-11 18:00"),
    ]


def test_an_answer_takes_the_closing_away_until_the_verdict_is_asked_again(world: World) -> None:
    ticket = delivered(world, world.file("2026-04-28 10:30"), "2026-04-30 10:00")
    ticket = client.answer(ticket, by=world.claire, at=paris("2026-05-05 10:00"), message="Nous testons.")
    assert not pending(ticket, "")
    ticket = vendor.ask_verdict(ticket, by=world.agnes, at=paris("2026-05-06 11:00"), message="Alors ?")
    # After Wednesday 6 May: 7, 11, 12, 13 and 15 May (8 May and Ascension, the 14th, are holidays).
    assert list(pending(ticket, "").values()) == [
        paris("2026-05-11 09:00"),
        paris("2026-05-13 09:00"),
        paris("2026-05-15 18:00"),
    ]


def test_a_longer_delay_moves_the_closing_and_repeats_no_past_reminder(world: World) -> None:
    ticket = delivered(world, world.file("2026-04-28 10:30"), "2026-04-30 10:00")
    ticket = client.request_time(
        ticket, by=world.claire, at=paris("2026-05-05 10:00"), days=10, reason="Recette."
    )
    ticket = manager.agree_time(ticket, by=world.maud, at=paris("2026-05-05 11:00"), days=10)
    # The ten days count from the delivery: … 11, 12, 13, 15, 18 and 19 May.
    assert list(pending(ticket, "").values()) == [paris("2026-05-07 09:00"), paris("2026-05-19 18:00")]


def test_silence_on_a_workaround_closes_nothing(world: World) -> None:
    ticket = delivered(world, world.file("2026-04-28 10:30"), "2026-04-30 10:00", DeliveryKind.WORKAROUND)
    assert ticket.closes_at is None
    assert list(pending(ticket, "").values()) == [
        paris("2026-05-05 09:00"),
        paris("2026-05-07 09:00"),
        paris("2026-05-12 09:00"),
    ]


def test_an_accepted_delivery_awaits_production_five_business_days(world: World) -> None:
    ticket = delivered(world, world.file("2026-04-28 10:30"), "2026-04-30 10:00")
    ticket = client.accept(ticket, by=world.claire, at=paris("2026-05-04 10:00"))
    assert list(pending(ticket, "").values()) == [paris("2026-05-12 18:00")]
