"""Trainings about to expire are told 60, 30 and 7 days before, at the opening of that day."""

from collections import Counter
from datetime import date, datetime

from accounts.models import Client, Solution, Training, User
from sla.models import Calendar, CalendarVersion, Contract
from tests.world import BEGINNING, World, paris
from tickets.actions.trainings import end_training
from tickets.effects.runner import run_due
from tickets.effects.trainings import plan_warnings
from tickets.models import Effect, Mail
from tickets.words import EffectKind

WARNED = Counter({EffectKind.TRAINING_EXPIRY: 1})


def expires(world: World, day: str) -> Training:
    training = Training.objects.get(person=world.claire)
    training.expires_on = date.fromisoformat(day)
    training.save()
    return training


def planned() -> list[datetime]:
    return list(Effect.objects.filter(done_at=None).order_by("due_at").values_list("due_at", flat=True))


def told() -> set[User]:
    return {mail.recipient for mail in Mail.objects.select_related("recipient")}


def test_the_training_contact_of_the_solution_is_told_in_the_managers_stead(world: World) -> None:
    Solution.objects.filter(pk=world.solution.pk).update(training_lead=world.agnes)
    expires(world, "2026-06-30")
    run_due(paris("2026-05-04 09:00"))
    assert told() == {world.claire, world.marc, world.agnes}


def test_a_training_ended_early_is_told_of_no_more(world: World) -> None:
    training = expires(world, "2026-06-30")
    plan_warnings(paris("2026-05-01 08:00"))
    end_training(training, motive="A changé de poste.", by=world.maud, at=paris("2026-05-02 10:00"))
    assert run_due(paris("2026-05-04 09:00")) == Counter()
    assert planned() == []


def test_the_three_warnings_are_planned_at_an_opening(world: World) -> None:
    # 60 days before 30 June is Friday 1 May, a holiday: Monday the 4th; 30 days is Sunday 31 May: Monday 1 June.
    expires(world, "2026-06-30")
    plan_warnings(paris("2026-05-01 08:00"))
    assert planned() == [paris("2026-05-04 09:00"), paris("2026-06-01 09:00"), paris("2026-06-23 09:00")]


def test_the_person_their_manager_and_the_vendor_s_contact_are_told_once_each_time(world: World) -> None:
    expires(world, "2026-06-30")
    assert run_due(paris("2026-05-04 08:59")) == Counter()
    for at in ("2026-05-04 09:00", "2026-06-01 09:00", "2026-06-23 09:00"):
        Mail.objects.all().delete()
        assert run_due(paris(at)) == WARNED
        assert run_due(paris(at)) == Counter()
        assert told() == {world.claire, world.marc, world.maud}
    assert run_due(paris("2026-07-01 09:00")) == Counter()


def test_planning_again_changes_nothing(world: World) -> None:
    expires(world, "2026-06-30")
    for minute in range(3):
        plan_warnings(paris(f"2026-05-01 08:0{minute}"))
    assert len(planned()) == 3


def test_a_training_known_late_is_told_once_then_again_at_seven_days(world: World) -> None:
    expires(world, "2026-05-29")
    assert run_due(paris("2026-05-11 10:00")) == WARNED
    assert planned() == [paris("2026-05-22 09:00")]


def test_a_date_put_off_moves_the_warnings(world: World) -> None:
    expires(world, "2026-06-30")
    plan_warnings(paris("2026-05-01 08:00"))
    expires(world, "2026-07-02")
    plan_warnings(paris("2026-05-02 08:00"))
    # 60 days before 2 July is Sunday 3 May; 2 and 25 June are a Tuesday and a Thursday.
    assert planned() == [paris("2026-05-04 09:00"), paris("2026-06-02 09:00"), paris("2026-06-25 09:00")]


def test_a_training_renewed_or_without_an_end_is_told_of_no_more(world: World) -> None:
    training = expires(world, "2026-06-30")
    plan_warnings(paris("2026-05-01 08:00"))
    Training.objects.create(
        client=world.client,
        person=world.claire,
        solution=world.solution,
        trained_on=date(2026, 4, 30),
        trainer="F.",
    )
    assert run_due(paris("2026-05-04 09:00")) == Counter()
    assert planned() == []
    training.delete()
    assert run_due(paris("2026-05-04 09:00")) == Counter()


def test_nobody_is_told_who_has_left_or_has_no_contract(world: World) -> None:
    expires(world, "2026-06-30")
    Contract.objects.filter(pk=world.contract.pk).update(ends_on=date(2026, 4, 30))
    assert run_due(paris("2026-05-04 09:00")) == Counter()
    Contract.objects.filter(pk=world.contract.pk).update(ends_on=None)
    world.claire.is_active = False
    world.claire.save()
    assert run_due(paris("2026-05-04 09:00")) == Counter()
    world.claire.is_active = True
    world.claire.save()
    Client.objects.filter(pk=world.client.pk).update(is_active=False)
    assert run_due(paris("2026-05-04 09:00")) == Counter()


def test_no_warning_comes_after_the_end(world: World) -> None:
    expires(world, "2026-06-30")
    plan_warnings(paris("2026-06-20 08:00"))
    assert run_due(paris("2026-07-01 09:00")) == Counter()
    assert planned() == []


def test_a_calendar_that_cannot_be_read_stops_nobody_else(world: World) -> None:
    never = Calendar.objects.create(name="Jamais ouvert")
    CalendarVersion.objects.create(calendar=never, number=1, published_at=BEGINNING, weekly={})
    Contract.objects.filter(pk=world.other_contract.pk).update(calendar=never)
    Training.objects.filter(person=world.olivia).update(expires_on=date(2026, 6, 30))
    expires(world, "2026-06-30")
    assert run_due(paris("2026-05-04 09:00")) == WARNED
    assert told() == {world.claire, world.marc, world.maud}
