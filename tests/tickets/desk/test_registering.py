"""Registering what was received otherwise: the clock starts from reception, and every refusal is said in its place."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from accounts.models import Client, Role, Training
from sla.models import Contract
from tests.world import World, paris, person
from tickets.models import Draft, Ticket


@pytest.fixture(autouse=True)
def monday_evening(db):
    with time_machine.travel(paris("2026-11-23 17:40"), tick=False):
        yield


@pytest.fixture
def agnes(client, world: World):
    world.agnes.language = "en"
    world.agnes.save()
    client.force_login(world.agnes)
    return client


def call(world: World, **changed: object) -> dict[str, object]:
    return {
        "client": world.client.pk,
        "reporter": world.claire.pk,
        "contract": world.contract.pk,
        "means": "telephone",
        "received_at": "2026-11-23T16:00",
        "title": "L'export comptable s'arrête",
        "description": "Le fichier est vide.",
        "severity": "bloquante",
        **changed,
    }


def refusals(answer) -> dict[str, list[str]]:
    assert answer.status_code == 422
    assert not Ticket.objects.exists()
    page = answer.content.decode()
    assert "Le fichier est vide." in page, "what was typed is lost"
    return dict(answer.context["form"].errors)


def test_the_clock_starts_from_reception(agnes, world: World) -> None:
    answer = agnes.post("/register/", call(world))
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/tickets/{ticket.pk}/"
    assert (ticket.reporter, ticket.registered_by, ticket.means) == (world.claire, world.agnes, "telephone")
    assert ticket.received_at == paris("2026-11-23 16:00")
    assert ticket.registered_at == paris("2026-11-23 17:40")
    assert ticket.acknowledge_due_at == paris("2026-11-23 18:00")
    assert ticket.acknowledged_at is None
    [said] = [str(message) for message in answer.wsgi_request._messages]
    assert "Monday 23 November, 18:00" in said


def test_the_reception_is_told_in_the_agent_s_own_time_zone(agnes, world: World) -> None:
    world.agnes.time_zone = "Indian/Reunion"  # three hours ahead of Paris in winter
    world.agnes.save()
    assert 'value="2026-11-23T20:40"' in agnes.get(f"/register/?client={world.client.pk}").content.decode()
    agnes.post("/register/", call(world, received_at="2026-11-23T19:00"))
    assert Ticket.objects.get().received_at == paris("2026-11-23 16:00")


def test_a_reception_in_the_future_is_refused(agnes, world: World) -> None:
    assert refusals(agnes.post("/register/", call(world, received_at="2026-11-23T17:41"))) == {
        "received_at": ["A reception cannot come after its registration."]
    }


def test_a_reception_in_the_future_is_refused_even_if_the_rest_is_missing(agnes, world: World) -> None:
    answer = agnes.post("/register/", call(world, received_at="2026-11-24T09:00", reporter=""))
    assert set(refusals(answer)) == {"received_at", "reporter"}


def test_a_reception_outside_the_contract_is_refused(agnes, world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(ends_on=date(2026, 11, 20))
    assert refusals(agnes.post("/register/", call(world))) == {
        "received_at": ["The contract was not in force on that day."]
    }
    assert agnes.post("/register/", call(world, received_at="2026-11-20T10:00")).status_code == 302


def test_an_untrained_person_is_refused(agnes, world: World) -> None:
    [said] = refusals(agnes.post("/register/", call(world, reporter=world.lucas.pk)))["reporter"]
    assert "C-WHO-1" in said


def test_a_training_is_judged_on_the_day_of_reception(agnes, world: World) -> None:
    Training.objects.filter(person=world.claire).update(expires_on=date(2026, 11, 20))
    assert "reporter" in refusals(agnes.post("/register/", call(world)))
    assert agnes.post("/register/", call(world, received_at="2026-11-20T10:00")).status_code == 302


def test_a_person_of_another_client_is_refused(agnes, world: World) -> None:
    assert refusals(agnes.post("/register/", call(world, reporter=world.olivia.pk))) == {
        "reporter": ["This person does not belong to the client."]
    }


def test_a_contract_of_another_client_is_refused(agnes, world: World) -> None:
    answer = agnes.post("/register/", call(world, contract=world.other_contract.pk))
    assert refusals(answer) == {"contract": ["This solution is not under contract with the client."]}


@pytest.mark.parametrize("received_at", ["", "hier", "2026-02-30T10:00"])
def test_an_impossible_reception_is_refused(agnes, world: World, received_at: str) -> None:
    assert "received_at" in refusals(agnes.post("/register/", call(world, received_at=received_at)))


def test_an_hour_that_an_autumn_night_repeats_is_its_first_occurrence(agnes, world: World) -> None:
    assert agnes.post("/register/", call(world, received_at="2026-10-25T02:30")).status_code == 302
    received = Ticket.objects.get().received_at
    assert received == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "K-6: the summer one"


def test_an_hour_that_a_spring_night_skipped_is_refused_in_words(agnes, world: World) -> None:
    assert refusals(agnes.post("/register/", call(world, received_at="2026-03-29T02:30"))) == {
        "received_at": ["This time did not exist: that night the clocks went forward."]
    }


def test_the_portal_is_no_means_of_registering(agnes, world: World) -> None:
    assert "means" in refusals(agnes.post("/register/", call(world, means="portal")))


def test_the_client_is_chosen_first_then_its_own_people_and_solutions(agnes, world: World) -> None:
    page = agnes.get("/register/").content.decode()
    assert "Brasserie du Nord" in page
    assert 'name="description"' not in page
    page = agnes.get(f"/register/?client={world.client.pk}").content.decode()
    assert "Claire Fontaine (Gestia)" in page
    assert "Olivia" not in page
    assert "Lucas Petit" not in page


def test_an_expired_training_is_told_in_the_choice(agnes, world: World) -> None:
    Training.objects.filter(person=world.claire).update(expires_on=date(2026, 11, 20))
    page = agnes.get(f"/register/?client={world.client.pk}").content.decode()
    assert "Claire Fontaine (Gestia, expired on Friday 20 November)" in page


@pytest.mark.parametrize("chosen", ["999999", "x"])
def test_an_unknown_client_is_asked_again(agnes, world: World, chosen: str) -> None:
    answer = agnes.get(f"/register/?client={chosen}")
    assert answer.status_code == 200
    assert answer.context["choice"].errors
    assert 'name="description"' not in answer.content.decode()


def test_a_client_without_contract_is_not_offered(agnes, world: World) -> None:
    Client.objects.create(name="Sans contrat", code="sans")
    assert "Sans contrat" not in agnes.get("/register/").content.decode()


def test_the_draft_of_a_call_comes_back_with_its_client(agnes, world: World) -> None:
    agnes.post("/drafts/register/", call(world))
    page = agnes.get("/register/").content.decode()
    assert "was restored" in page
    assert "Le fichier est vide." in page
    assert 'value="2026-11-23T16:00"' in page
    agnes.post("/register/", call(world))
    assert not Draft.objects.exists()


@pytest.mark.parametrize("name", ["claire", "lucas", "rachel", "marc", "paul"])
def test_only_agents_and_managers_register(client, world: World, name: str) -> None:
    client.force_login(getattr(world, name))
    assert client.get("/register/").status_code == 403
    assert client.post("/register/", call(world)).status_code == 403
    assert not Ticket.objects.exists()


def test_a_manager_registers_too(client, world: World) -> None:
    client.force_login(world.maud)
    assert client.post("/register/", call(world)).status_code == 302


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_has_a_price(agnes, world: World, django_assert_num_queries, people: int) -> None:
    for number in range(people - 1):
        Training.objects.create(
            client=world.client, person=person(f"Personne N{number}", Role.ADMINISTRATOR, world.client),
            solution=world.solution, trained_on=date(2025, 1, 15), trainer="Formateur",
        )  # fmt: skip
    agnes.get(f"/register/?client={world.client.pk}")
    # Session, person, draft, client chosen, clients offered, contracts, trainings, two versions, versions given.
    with django_assert_num_queries(10):
        agnes.get(f"/register/?client={world.client.pk}")
