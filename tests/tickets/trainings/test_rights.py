"""Training as a right (C-WHO-1, C-WHO-2): ending one takes the right at once; a deputy gets mail, never a right."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.deputies import end_deputation, name_deputy
from accounts.models import Deputation, Solution, Training, User
from tests.world import World, paris
from tickets.actions import vendor
from tickets.actions.trainings import correct_training, end_training, record_training
from tickets.actions.work import IllegalMove
from tickets.effects.runner import run_due
from tickets.models import Mail, Ticket
from tickets.notifications.sending import send_waiting
from tickets.permissions import colleagues_who_may_file, contracts_for_filing, support_day

NOW = paris("2026-05-04 10:00")
TODAY = support_day(NOW)


def held(world: World, person: User, solution: Solution | None = None, until: date | None = None) -> Training:
    return record_training(
        person=person,
        solution=solution or world.solution,
        trained_on=date(2025, 3, 1),
        trainer="Formatrice",
        expires_on=until,
        by=world.maud,
    )


def deputy_of_claire(world: World, **changes: object) -> Deputation:
    said = {
        "person": world.claire, "deputy": world.lucas, "first_day": date(2026, 5, 4), "last_day": date(2026, 5, 8),
        "by": world.claire, "at": NOW, "today": TODAY,
    }  # fmt: skip
    return name_deputy(**{**said, **changes})


def told_of(ticket: Ticket, template: str) -> set[User]:
    return {mail.recipient for mail in Mail.objects.filter(ticket=ticket, template=template)}


# --- Ending early -----------------------------------------------------------------------


def test_a_training_ended_takes_the_right_to_file_at_once(world: World) -> None:
    training = Training.objects.get(person=world.claire)
    assert contracts_for_filing(world.claire, NOW).exists()
    end_training(training, motive="A changé de poste.", by=world.maud, at=NOW)
    assert not contracts_for_filing(world.claire, NOW).exists()
    with pytest.raises(PermissionDenied):
        world.file("2026-05-04 10:00")


def test_what_was_filed_before_the_end_stays_registrable_for_its_day(world: World) -> None:
    end_training(Training.objects.get(person=world.claire), motive="Partie.", by=world.maud, at=NOW)
    assert contracts_for_filing(world.claire, paris("2026-05-03 23:59")).exists()


def test_the_person_and_their_manager_are_told_why(world: World, mailoutbox) -> None:
    end_training(
        Training.objects.get(person=world.claire), motive="A changé de poste.", by=world.maud, at=NOW
    )
    send_waiting(NOW)
    assert {message.to[0] for message in mailoutbox} == {world.claire.email, world.marc.email}
    assert all("A changé de poste." in message.body for message in mailoutbox)


def test_a_training_ends_once_with_a_motive_and_is_corrected_no_more(world: World) -> None:
    training = Training.objects.get(person=world.claire)
    with pytest.raises(ValidationError):
        end_training(training, motive="  ", by=world.maud, at=NOW)
    end_training(training, motive="Partie.", by=world.maud, at=NOW)
    with pytest.raises(IllegalMove):
        end_training(training, motive="Encore.", by=world.maud, at=NOW)
    with pytest.raises(IllegalMove):
        correct_training(training, trainer="Autre", expires_on=None, by=world.maud)
    training.refresh_from_db()
    assert (training.end_motive, training.ended_by) == ("Partie.", world.maud)


@pytest.mark.parametrize("name", ["agnes", "marc", "claire"])
def test_nobody_else_keeps_the_register(world: World, name: str) -> None:
    by = getattr(world, name)
    training = Training.objects.get(person=world.claire)
    with pytest.raises(PermissionDenied):
        end_training(training, motive="Non.", by=by, at=NOW)
    with pytest.raises(PermissionDenied):
        correct_training(training, trainer="x", expires_on=None, by=by)
    with pytest.raises(PermissionDenied):
        record_training(
            person=world.lucas, solution=world.solution, trained_on=TODAY, trainer="x", expires_on=None, by=by
        )
    assert Training.objects.count() == 2


def test_impossible_trainings_are_refused_by_field(world: World) -> None:
    for changes, field in [
        ({"expires_on": date(2024, 1, 1)}, "expires_on"),
        ({"trainer": " "}, "trainer"),
        ({"person": world.agnes}, "person"),
        ({"person": world.claire, "trained_on": date(2025, 1, 15)}, "trained_on"),
    ]:
        said = {
            "person": world.lucas, "solution": world.solution, "trained_on": date(2025, 3, 1), "trainer": "F",
            "expires_on": None, "by": world.maud,
        }  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            record_training(**{**said, **changes})
        assert list(refused.value.message_dict) == [field]


# --- Deputies ---------------------------------------------------------------------------


def test_a_deputy_receives_the_mails_of_the_colleague_who_is_away(world: World) -> None:
    held(world, world.lucas)
    deputy_of_claire(world)
    ticket = world.file("2026-05-04 10:00")
    vendor.acknowledge(ticket, by=world.agnes, at=paris("2026-05-04 11:00"), owner=world.agnes, message="Vu.")
    assert told_of(ticket, "acknowledged") == {world.claire, world.lucas}


@pytest.mark.parametrize("at", ["2026-05-02 11:00", "2026-05-11 11:00"])
def test_outside_the_days_named_the_deputy_receives_nothing(world: World, at: str) -> None:
    held(world, world.lucas)
    deputy_of_claire(world, at=paris("2026-05-01 10:00"), today=date(2026, 5, 1))
    ticket = world.file("2026-05-01 10:00")
    vendor.acknowledge(ticket, by=world.agnes, at=paris(at), owner=world.agnes, message="Vu.")
    assert told_of(ticket, "acknowledged") == {world.claire}


def test_being_named_never_widens_the_right_to_file(world: World) -> None:
    held(world, world.claire, world.other_solution)
    training = held(world, world.lucas, world.other_solution)
    deputy_of_claire(world)
    assert not contracts_for_filing(world.lucas, NOW).exists(), "trained for the other solution alone"
    ticket = world.file("2026-05-04 10:00")
    vendor.acknowledge(ticket, by=world.agnes, at=paris("2026-05-04 11:00"), owner=world.agnes, message="Vu.")
    assert told_of(ticket, "acknowledged") == {world.claire}, "and gets no mail about this one"
    end_training(training, motive="Fin.", by=world.maud, at=NOW)
    assert not Deputation.objects.serving(world.other_solution, TODAY).exists()


def test_a_refusal_names_the_deputy_with_whom_they_stand_in_for(world: World) -> None:
    held(world, world.lucas)
    deputation = deputy_of_claire(world)
    colleagues = {
        person: person.deputising for person in colleagues_who_may_file(world.rachel, world.solution, NOW)
    }
    assert colleagues == {world.claire: [], world.lucas: [deputation]}


def test_only_a_trained_colleague_may_be_a_deputy(world: World) -> None:
    for deputy in (world.lucas, world.rachel, world.olivia, world.claire, world.agnes):
        with pytest.raises(ValidationError) as refused:
            deputy_of_claire(world, deputy=deputy)
        assert list(refused.value.message_dict) == ["deputy"]
    assert not Deputation.objects.exists()


def test_an_administrator_names_their_own_deputy_and_the_client_manager_anybody_s(world: World) -> None:
    held(world, world.lucas)
    for by in (world.lucas, world.rachel, world.olivia, world.agnes, world.maud, world.paul):
        with pytest.raises(PermissionDenied):
            deputy_of_claire(world, by=by)
    deputation = deputy_of_claire(world, by=world.marc)
    for by in (world.lucas, world.olivia):
        with pytest.raises(PermissionDenied):
            end_deputation(deputation, by=by, at=NOW)
    end_deputation(deputation, by=world.claire, at=NOW)
    assert not Deputation.objects.running_on(TODAY).exists()


@pytest.mark.parametrize(
    ("first_day", "last_day", "field"),
    [
        (date(2026, 5, 8), date(2026, 5, 4), "last_day"),
        (date(2026, 4, 1), date(2026, 5, 3), "last_day"),
        (date(2026, 5, 4), date(2028, 5, 4), "last_day"),
    ],
)
def test_impossible_days_are_refused(world: World, first_day: date, last_day: date, field: str) -> None:
    held(world, world.lucas)
    with pytest.raises(ValidationError) as refused:
        deputy_of_claire(world, first_day=first_day, last_day=last_day)
    assert list(refused.value.message_dict) == [field]


def test_two_deputies_are_not_named_for_the_same_days(world: World) -> None:
    held(world, world.lucas)
    deputy_of_claire(world)
    with pytest.raises(ValidationError) as refused:
        deputy_of_claire(world, first_day=date(2026, 5, 8), last_day=date(2026, 5, 20))
    assert list(refused.value.message_dict) == ["first_day"]


# --- The letters ------------------------------------------------------------------------


def test_the_vendor_s_copy_of_a_warning_says_whose_training_it_is(world: World, mailoutbox) -> None:
    Training.objects.filter(person=world.claire).update(expires_on=date(2026, 6, 30))
    run_due(paris("2026-05-04 09:00"))
    send_waiting(NOW)
    assert [
        world.client.name in message.body for message in mailoutbox if message.to == [world.maud.email]
    ] == [True]


def test_a_warning_that_waited_past_the_end_of_the_training_is_dropped(world: World, mailoutbox) -> None:
    training = Training.objects.get(person=world.claire)
    Training.objects.filter(pk=training.pk).update(expires_on=date(2026, 6, 30))
    run_due(paris("2026-05-04 09:00"))
    end_training(training, motive="Partie.", by=world.maud, at=NOW)
    send_waiting(NOW)
    assert not [message for message in mailoutbox if "bientôt" in message.subject]
