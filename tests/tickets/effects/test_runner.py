"""What is due is done once: in time, late, repeated, at the same time in two workers."""

import threading
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Role, Training, User
from accounts.scope import scope_of, worker_scope
from sla.models import CalendarVersion, Closure
from tests.world import World, paris, person
from tickets.actions import client, vendor
from tickets.effects.runner import run_due
from tickets.models import Effect, LedgerEntry, Mail, Ticket
from tickets.words import ClosingGround, DeliveryKind, EffectKind, EntryKind, State


def told(template: str) -> list[str]:
    mails = Mail.objects.filter(template=template).order_by("recipient__email")
    return [mail.recipient.first_name for mail in mails.select_related("recipient")]


def taken(world: World, ticket: Ticket, at: str) -> Ticket:
    return vendor.acknowledge(
        ticket, by=world.agnes, at=paris(at), owner=world.agnes, message="Je m'en occupe."
    )


def delivered(world: World, at: str = "2026-04-30 10:00", what: DeliveryKind = DeliveryKind.FIX) -> Ticket:
    ticket = taken(world, world.file("2026-04-28 10:30"), "2026-04-28 11:00")
    return vendor.deliver(
        ticket, by=world.agnes, at=paris(at), what=what, content="4.2.1", how_to_test="Relancer."
    )


# --- Escalations ------------------------------------------------------------------------


def test_nothing_happens_before_its_time(world: World) -> None:
    world.file("2026-04-28 10:30")
    assert run_due(paris("2026-04-28 12:30") - timedelta(microseconds=1)) == Counter()
    assert run_due(paris("2026-04-28 12:30")) == Counter({EffectKind.ESCALATION: 1})


def test_an_escalation_happens_once_however_often_it_is_asked(world: World) -> None:
    world.file("2026-04-28 10:30")
    for _run in range(3):
        run_due(paris("2026-04-28 12:30"))
    assert told("escalation") == ["Agnes", "Bruno", "Maud"]


def test_the_owner_is_told_first_and_the_managers_from_75_percent(world: World) -> None:
    taken(world, world.file("2026-04-28 10:30"), "2026-04-28 11:00")
    run_due(paris("2026-05-04 15:00"))
    assert told("escalation") == ["Agnes"]
    run_due(paris("2026-05-06 12:45"))
    assert told("escalation") == ["Agnes", "Agnes", "Maud"]
    run_due(paris("2026-05-11 10:30"))
    assert told("escalation") == ["Agnes", "Agnes", "Agnes", "Maud", "Maud"]


def test_the_team_is_told_when_the_owner_has_left(world: World) -> None:
    taken(world, world.file("2026-04-28 10:30"), "2026-04-28 11:00")
    world.agnes.is_active = False
    world.agnes.save()
    run_due(paris("2026-05-04 15:00"))
    assert told("escalation") == ["Bruno", "Maud"]


def test_the_team_is_told_when_the_owner_works_on_tickets_no_more(world: World) -> None:
    taken(world, world.file("2026-04-28 10:30"), "2026-04-28 11:00")
    world.agnes.role = Role.PLATFORM_ADMINISTRATOR
    world.agnes.save()
    run_due(paris("2026-05-04 15:00"))
    assert told("escalation") == ["Bruno", "Maud"]


def test_after_an_outage_only_the_highest_part_is_told(world: World) -> None:
    taken(world, world.file("2026-04-28 10:30"), "2026-04-28 11:00")
    assert run_due(paris("2026-05-12 10:00")) == Counter({EffectKind.ESCALATION: 1})
    assert {mail.context["percent"] for mail in Mail.objects.filter(template="escalation")} == {100}
    assert not Effect.objects.filter(done_at=None).exists()
    assert Effect.objects.filter(done_at=paris("2026-05-12 10:00")).count() == 3


def test_those_of_a_majeure_wait_for_the_opening_those_of_a_bloquante_do_not(world: World) -> None:
    world.file("2026-05-04 14:00", "majeure")
    world.file("2026-05-04 16:00", "bloquante")
    run_due(paris("2026-05-04 17:59"))
    Mail.objects.all().delete()
    run_due(paris("2026-05-04 18:00"))
    assert {mail.context["severity"] for mail in Mail.objects.filter(template="escalation")} == {"bloquante"}
    run_due(paris("2026-05-05 03:00"))
    assert Mail.objects.filter(template="escalation").count() == 3
    run_due(paris("2026-05-05 09:00"))
    assert {mail.context["severity"] for mail in Mail.objects.all()} == {"bloquante", "majeure"}


def test_what_an_outage_made_late_still_waits_for_the_opening(world: World) -> None:
    world.file("2026-04-28 10:30", "majeure")
    assert run_due(paris("2026-04-28 20:00")) == Counter()
    assert run_due(paris("2026-04-29 09:00")) == Counter({EffectKind.ESCALATION: 1})


def test_an_opening_is_the_one_of_the_ticket_s_own_calendar(world: World) -> None:
    ticket = world.file("2026-04-28 10:30", "majeure")
    draft = CalendarVersion.objects.create(calendar=world.contract.calendar, number=2)
    Closure.objects.create(
        version=draft, first_day="2026-04-28", last_day="2026-04-28", windows=[], motive="Inventaire"
    )
    CalendarVersion.objects.filter(pk=draft.pk).update(published_at=paris("2026-04-28 11:00"))
    later = world.file("2026-04-28 11:30", "majeure")
    assert ticket.calendar_version_id != later.calendar_version_id
    run_due(paris("2026-04-28 17:00"))
    assert set(Mail.objects.filter(template="escalation").values_list("ticket", flat=True)) == {ticket.pk}


# --- Reminders and closings -------------------------------------------------------------


def test_the_client_is_reminded_twice_then_the_ticket_closes(world: World) -> None:
    ticket = delivered(world)
    assert run_due(paris("2026-05-05 09:00"))[EffectKind.REMINDER] == 1
    assert run_due(paris("2026-05-05 09:01")) == Counter()
    assert run_due(paris("2026-05-07 09:00"))[EffectKind.REMINDER] == 1
    assert told("reminder") == ["Claire", "Claire"]
    assert run_due(paris("2026-05-11 18:00") - timedelta(seconds=1)) == Counter()
    assert run_due(paris("2026-05-11 18:00")) == Counter({EffectKind.CLOSING: 1})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closing_ground) == (State.CLOSED, ClosingGround.TACIT)
    assert run_due(paris("2026-05-11 18:01")) == Counter()


def test_an_accepted_delivery_closes_without_a_production_declaration(world: World) -> None:
    ticket = client.accept(delivered(world), by=world.claire, at=paris("2026-05-04 10:00"))
    assert run_due(paris("2026-05-12 18:00"))[EffectKind.CLOSING] == 1
    ticket.refresh_from_db()
    assert ticket.closing_ground == ClosingGround.TACIT_PRODUCTION


def test_a_workaround_is_reminded_of_and_never_closed(world: World) -> None:
    ticket = delivered(world, what=DeliveryKind.WORKAROUND)
    days = ["2026-05-05", "2026-05-07", "2026-05-12", "2026-05-15", "2026-05-19"]
    for number, day in enumerate(days, start=1):
        run_due(paris(f"{day} 08:59"))
        assert Mail.objects.filter(template="reminder").count() == number - 1
        run_due(paris(f"{day} 09:00"))
        assert Mail.objects.filter(template="reminder").count() == number
    ticket.refresh_from_db()
    assert ticket.state == State.UNDER_TEST


def test_reminders_that_an_outage_made_late_are_one(world: World) -> None:
    delivered(world, what=DeliveryKind.WORKAROUND)
    run_due(paris("2026-05-20 10:00"))
    run_due(paris("2026-05-20 10:01"))
    assert told("reminder") == ["Claire"]
    # Wednesday 20 May is the 11th business day after 30 April: the next reminder is on the 12th.
    assert list(Effect.objects.filter(done_at=None).values_list("due_at", flat=True)) == [
        paris("2026-05-21 09:00")
    ]


def test_a_closing_that_an_outage_made_late_is_not_preceded_by_a_reminder(world: World) -> None:
    ticket = delivered(world)
    assert run_due(paris("2026-05-12 10:00")) == Counter({EffectKind.CLOSING: 1})
    assert told("reminder") == []
    ticket.refresh_from_db()
    assert ticket.closed_at == paris("2026-05-12 10:00")


def test_the_managers_of_the_client_are_reminded_once_nobody_else_is_left(world: World) -> None:
    delivered(world)
    world.claire.is_active = False
    world.claire.save()
    run_due(paris("2026-05-05 09:00"))
    assert told("reminder") == ["Marc"]


def test_a_client_without_a_manager_is_told_through_whoever_is_trained(world: World) -> None:
    delivered(world)
    nadia = person("Nadia Colin", Role.ADMINISTRATOR, world.client)
    Training.objects.create(
        client=world.client,
        person=nadia,
        solution=world.solution,
        trained_on=date(2025, 3, 3),
        trainer="Formateur",
    )
    User.objects.filter(pk__in=[world.claire.pk, world.marc.pk]).update(is_active=False)
    run_due(paris("2026-05-05 09:00"))
    assert told("reminder") == ["Nadia"]


def test_an_instant_before_the_last_fact_changes_nothing(world: World) -> None:
    ticket = delivered(world)
    client.refuse(ticket, by=world.claire, at=paris("2026-05-12 10:00"), motive="Toujours vide.")
    Mail.objects.all().delete()
    assert run_due(paris("2026-05-11 18:00")) == Counter()
    ticket.refresh_from_db()
    assert ticket.state == State.IN_PROGRESS


# --- Failures and concurrency -----------------------------------------------------------


def test_a_broken_effect_keeps_nobody_back_and_is_tried_again(world: World, caplog) -> None:
    broken, sound = world.file("2026-04-28 10:30"), world.file("2026-04-28 10:31")
    effect = Effect.objects.get(ticket=broken, key="acknowledge:majeure:50")
    whole = effect.data
    Effect.objects.filter(pk=effect.pk).update(data={})
    assert run_due(paris("2026-04-28 12:31")) == Counter({EffectKind.ESCALATION: 1, "failed": 1})
    assert "failed; it is tried again in a minute" in caplog.text
    assert set(Mail.objects.filter(template="escalation").values_list("ticket", flat=True)) == {sound.pk}
    Effect.objects.filter(pk=effect.pk).update(data=whole)
    assert run_due(paris("2026-04-28 12:32")) == Counter({EffectKind.ESCALATION: 1})


def test_more_than_a_page_is_done_in_one_run(world: World, monkeypatch) -> None:
    monkeypatch.setattr("tickets.effects.due.PAGE", 2)
    for minute in range(5):
        world.file(f"2026-04-28 10:3{minute}")
    assert run_due(paris("2026-04-28 12:45"))[EffectKind.ESCALATION] == 5
    assert run_due(paris("2026-04-28 18:00") - timedelta(seconds=1))[EffectKind.ESCALATION] == 5


def test_a_run_cut_short_leaves_the_rest_to_the_next(world: World) -> None:
    world.file("2026-04-28 10:30")
    world.file("2026-04-28 10:31")

    def cut(_done: Counter[str]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_due(paris("2026-04-28 12:31"), cut)
    assert run_due(paris("2026-04-28 12:31")) == Counter({EffectKind.ESCALATION: 1})
    assert Mail.objects.filter(template="escalation").count() == 6


def in_threads(number: int, at: datetime) -> list[Counter[str]]:
    results: list[Counter[str]] = []
    gate = threading.Barrier(number)

    def work() -> None:
        try:
            gate.wait(timeout=30)
            with worker_scope():
                results.append(run_due(at))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_concurrent_runners_do_each_effect_once(world: World) -> None:
    tickets = [world.file(f"2026-04-28 10:{minute:02d}") for minute in range(10, 22)]
    delivery = delivered(world)
    results = in_threads(4, paris("2026-05-11 18:00") - timedelta(minutes=1))
    results += in_threads(4, paris("2026-05-11 18:00"))
    done = sum(results, Counter())
    # Each untaken ticket has two clocks, each told once after the outage; the delivered one closes once.
    assert done == Counter(
        {EffectKind.ESCALATION: 2 * len(tickets), EffectKind.REMINDER: 1, EffectKind.CLOSING: 1}
    )
    assert Mail.objects.filter(template="escalation").count() == 2 * len(tickets) * 3
    assert LedgerEntry.objects.filter(ticket=delivery, kind=EntryKind.CLOSED).count() == 1
    assert not Effect.objects.filter(done_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_somebody_holds_is_left_to_the_next_run(world: World) -> None:
    held, free = world.file("2026-04-28 10:30"), world.file("2026-04-28 10:31")
    at = paris("2026-04-28 12:31")
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=held.pk)
        assert in_threads(1, at) == [Counter({EffectKind.ESCALATION: 1})]
    assert set(Mail.objects.filter(template="escalation").values_list("ticket", flat=True)) == {free.pk}
    assert run_due(at) == Counter({EffectKind.ESCALATION: 1})


@pytest.mark.django_db(transaction=True)
def test_an_answer_given_while_the_closing_is_due_wins_or_comes_too_late_never_both(world: World) -> None:
    ticket = delivered(world)
    at = paris("2026-05-11 18:00")
    outcome: list[str] = []

    def refuse() -> None:
        try:
            with scope_of(world.claire):
                client.refuse(ticket, by=world.claire, at=at, motive="Toujours vide.")
            outcome.append("refused")
        except Exception as error:  # noqa: BLE001  (what the loser of the race gets is the point)
            outcome.append(type(error).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=refuse)
    thread.start()
    run_due(at)
    thread.join(timeout=60)
    run_due(at)
    ticket.refresh_from_db()
    ending = (outcome, ticket.state, ticket.entries.last().kind)
    assert ending in (
        (["refused"], State.IN_PROGRESS, EntryKind.REJECTED),
        (["IllegalMove"], State.CLOSED, EntryKind.CLOSED),
    )
