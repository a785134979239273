"""The client's own page: who may file, under what, and who decides what readers read."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Training
from sla.models import Contract, PolicyVersion
from tests.world import person

PAGE = "/organisation/"
SWITCH = "/organisation/readers/"


@pytest.mark.parametrize(("who", "status"), [
    ("claire", 200), ("lucas", 200), ("marc", 200), ("rachel", 403), ("agnes", 403), ("maud", 403), ("paul", 403),
])  # fmt: skip
def test_the_page_is_for_those_who_run_the_organisation(client, world, who, status):
    client.force_login(getattr(world, who))
    assert client.get(PAGE).status_code == status


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get(PAGE)["Location"] == "/account/login/?next=/organisation/"


def test_it_names_those_who_may_file_and_nobody_of_another_client(client, world):
    client.force_login(world.marc)
    page = client.get(PAGE)
    assert [found.get_full_name() for found in page.context["commitments"][0].filers] == ["Claire Fontaine"]
    text = page.content.decode()
    assert "Olivia" not in text
    assert "Clinique" not in text


def test_an_expired_training_is_shown_and_does_not_let_file(client, world):
    Training.objects.filter(person=world.claire).update(expires_on=date(2025, 6, 1))
    client.force_login(world.marc)
    page = client.get(PAGE)
    assert page.context["commitments"][0].filers == []
    claire = next(member for member in page.context["members"] if member.person == world.claire)
    assert [each.key for each in claire.standings] == ["expired"]


def test_no_commitment_is_said_as_such(client, world):
    world.marc.language = "en"
    world.marc.save()
    client.force_login(world.marc)
    assert client.get(PAGE).context["commitments"][0].levels == [
        ("bloquante", "2 business hours", "24 business hours"),
        ("majeure", "4 business hours", "7 business days"),
        ("mineure", "24 business hours", "no commitment"),
    ]


@pytest.mark.parametrize(("who", "status"), [
    ("claire", 302), ("marc", 302), ("lucas", 403), ("rachel", 403), ("agnes", 403), ("paul", 403),
])  # fmt: skip
def test_the_client_manager_or_a_trained_administrator_decides_what_readers_read(client, world, who, status):
    client.force_login(getattr(world, who))
    assert client.post(SWITCH, {"allowed": "yes"}).status_code == status
    world.client.refresh_from_db()
    assert world.client.readers_allowed == (status == 302)


def test_the_decision_is_kept_with_its_author_and_touches_no_other_client(client, world):
    client.force_login(world.marc)
    client.post(SWITCH, {"allowed": "yes"})
    world.client.refresh_from_db()
    world.other_client.refresh_from_db()
    assert world.client.history.latest().history_user == world.marc
    assert not world.other_client.readers_allowed
    client.post(SWITCH, {"allowed": "no"})
    world.client.refresh_from_db()
    assert not world.client.readers_allowed
    assert world.client.history.count() == 3


def test_saying_it_twice_writes_it_once(client, world):
    client.force_login(world.marc)
    for _ in range(2):
        client.post(SWITCH, {"allowed": "yes"})
    assert world.client.history.count() == 2


def test_the_decision_takes_a_form(client, world):
    client.force_login(world.marc)
    assert client.get(SWITCH).status_code == 405


def test_people_and_contracts_cost_the_same_number_of_queries_however_many(
    client, world, django_assert_num_queries
):
    client.force_login(world.marc)
    client.get(PAGE)
    with django_assert_num_queries(14):
        client.get(PAGE)
    for number in range(3):
        extra = person(f"Zoe Martin{number}", "administrator", world.client)
        Training.objects.create(
            client=world.client,
            person=extra,
            solution=world.solution,
            trained_on=date(2025, 1, 1),
            trainer="F",
        )
        Contract.objects.create(
            reference=f"C-{number}", client=world.client, solution=world.other_solution,
            policy=world.contract.policy, calendar=world.contract.calendar,
            starts_on=date(2020 + number, 1, 1), ends_on=date(2020 + number, 12, 31),
        )  # fmt: skip
    with django_assert_num_queries(14):
        client.get(PAGE)


def test_an_organisation_without_a_contract_is_told_so(client, world):
    Contract.objects.filter(client=world.client).delete()
    client.force_login(world.marc)
    page = client.get(PAGE)
    assert page.context["commitments"] == []
    assert "empty-state" in page.content.decode()


@pytest.mark.parametrize("said", [{}, {"allowed": ""}, {"allowed": "perhaps"}])
def test_a_decision_about_readers_that_says_nothing_changes_nothing(client, world, said):
    world.client.readers_allowed = True
    world.client.save()
    client.force_login(world.marc)
    assert client.post(SWITCH, said).status_code == 400
    world.client.refresh_from_db()
    assert world.client.readers_allowed


def test_a_delay_that_is_not_whole_is_said_as_the_reader_writes_numbers(client, world):
    targets = PolicyVersion.objects.get().targets | {
        "majeure": {"acknowledge": {"hours": 1.5}, "resolve": {"days": 7}}
    }
    PolicyVersion.objects.create(
        policy=world.contract.policy, number=2, targets=targets, published_at=timezone.now()
    )
    client.force_login(world.marc)
    assert client.get(PAGE).context["commitments"][0].levels[1][1] == "1,5 heure ouvrée"
