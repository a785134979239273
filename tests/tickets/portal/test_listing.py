"""A client's own list: what it holds, for whom, under which tabs, at which price, and who may file."""

from datetime import date

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Training, User
from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.models import Ticket
from tickets.words import DeliveryKind

NOW = "2026-04-30 11:00"


@pytest.fixture(autouse=True)
def on_the_last_of_april():
    with time_machine.travel(paris(NOW), tick=False):
        yield


def read(browser: Browser, person: User, **query: object):
    browser.force_login(person)
    return browser.get(reverse("portal"), query)


def numbers(answer) -> list[int]:
    return [row.ticket.pk for row in answer.context["rows"]]


def counts(answer) -> dict[str, int]:
    return {tab.name: tab.count for tab in answer.context["tabs"]}


@pytest.fixture
def four(world: World) -> dict[str, Ticket]:
    """A fresh ticket, one that waits for the client, one under test, one closed."""
    found = {
        "fresh": world.file("2026-04-28 10:00", "bloquante"),
        "asked": world.file("2026-04-28 11:00"),
        "tested": world.file("2026-04-28 12:00", title="Clôture impossible"),
        "closed": world.file("2026-04-28 13:00"),
    }
    vendor.ask(found["asked"], by=world.agnes, at=paris("2026-04-28 14:00"), message="Quelle version ?")
    vendor.deliver(
        found["tested"], by=world.agnes, at=paris("2026-04-29 14:00"), what=DeliveryKind.FIX, content="4.2.1",
        how_to_test="Relancer.",
    )  # fmt: skip
    client_side.withdraw(found["closed"], by=world.claire, at=paris("2026-04-28 15:00"))
    return found


@pytest.fixture
def theirs(world: World) -> Ticket:
    """A ticket of the other client's."""
    filing = Filing("Planning de Clinique illisible", "Rien.", Severity.BLOQUANTE)
    return file_ticket(world.other_contract, filing, by=world.olivia, at=paris("2026-04-29 09:00"))


def test_each_tab_counts_what_it_shows_the_last_filed_first(client: Browser, world: World, four) -> None:
    answer = read(client, world.claire)
    assert numbers(answer) == [four["tested"].pk, four["asked"].pk, four["fresh"].pk]
    tabs = counts(answer)
    assert tabs == {
        "open": 3, "my_turn": 2, "organisation_turn": 0, "vendor_turn": 1, "under_test": 1, "closed": 1, "all": 4,
    }  # fmt: skip
    for name, count in tabs.items():
        assert len(numbers(read(client, world.claire, view=name))) == count, name


def test_the_turn_is_the_readers_only_for_who_may_act(client: Browser, world: World, four) -> None:
    User.objects.update(language="en")
    tested = {"q": str(four["tested"].pk)}
    assert "Your turn" in read(client, world.claire, **tested).text
    assert counts(read(client, world.marc))["organisation_turn"] == 2
    for_marc = read(client, world.marc, **tested)
    assert "my_turn" not in counts(for_marc)
    assert "Your turn" not in for_marc.text
    assert "Your organisation&#x27;s turn" in for_marc.text
    Training.objects.filter(person=world.claire).update(solution=world.other_solution)
    of_another = counts(read(client, world.claire))
    assert (of_another["my_turn"], of_another["organisation_turn"]) == (0, 2)


def test_a_line_already_drawn_is_drawn_anew_in_another_language_zone_or_wording(
    client: Browser, world: World, four
) -> None:
    asked = {"q": str(four["asked"].pk)}
    User.objects.update(language="fr", time_zone="Europe/Paris")
    in_french = read(client, world.claire, **asked).text
    assert "28/04/2026 11\u00a0h" in in_french
    assert "À vous d’agir" in in_french
    User.objects.update(language="en")
    in_english = read(client, world.claire, **asked).text
    assert "Your turn" in in_english
    assert "28/04/2026 11:00" in in_english
    User.objects.update(time_zone="America/Guadeloupe")
    elsewhere = read(client, world.claire, **asked).text
    assert "28/04/2026 5:00" in elsewhere
    assert 'datetime="2026-04-28T05:00:00-04:00"' in elsewhere
    Ticket.objects.filter(pk=four["asked"].pk).update(title="Autre <titre>")
    assert "Autre &lt;titre&gt;" in read(client, world.claire, **asked).text


def test_filters_combine(client: Browser, world: World, four) -> None:
    assert numbers(read(client, world.claire, q="cloture")) == [four["tested"].pk]
    assert numbers(read(client, world.claire, q=str(four["asked"].pk))) == [four["asked"].pk]
    assert numbers(read(client, world.claire, severity="bloquante")) == [four["fresh"].pk]
    assert numbers(read(client, world.claire, state="waiting_client", severity="majeure")) == [
        four["asked"].pk
    ]
    assert numbers(read(client, world.claire, state="closed")) == []
    assert numbers(read(client, world.claire, state="closed", view="all")) == [four["closed"].pk]
    assert len(numbers(read(client, world.claire, solution=world.solution.pk))) == 3


def test_the_deadline_and_the_closing_by_silence_are_said(client: Browser, world: World, four) -> None:
    answer = read(client, world.claire)
    clocks = {row.ticket.pk: (row.clock.key, row.clock.state) for row in answer.context["rows"]}
    assert clocks == {
        four["fresh"].pk: ("acknowledge", "missed"),
        four["asked"].pk: ("resolve", "paused"),
        four["tested"].pk: ("resolve", "paused"),
    }


def test_olivia_never_sees_claires_tickets_nor_claire_hers(
    client: Browser, world: World, four, theirs
) -> None:
    assert numbers(read(client, world.olivia)) == [theirs.pk]
    assert counts(read(client, world.olivia)) == {
        "open": 1, "my_turn": 0, "organisation_turn": 0, "vendor_turn": 1, "under_test": 0, "closed": 0, "all": 1,
    }  # fmt: skip
    for query in (
        {"q": "Clôture"},
        {"q": str(four["fresh"].pk)},
        {"view": "closed"},
        {"state": "under_test"},
    ):
        answer = read(client, world.olivia, **query)
        assert numbers(answer) == []
        assert "Clôture impossible" not in answer.text
    assert theirs.pk not in numbers(read(client, world.claire, view="all"))
    assert numbers(read(client, world.claire, q="Planning")) == []


def test_a_product_that_the_client_never_bought_is_no_filter(client: Browser, world: World, four) -> None:
    answer = read(client, world.claire, solution=world.other_solution.pk)
    assert len(answer.context["form"].mistakes) == 1
    assert "Planora" not in answer.text
    assert len(numbers(answer)) == 3


def test_who_may_file_is_offered_to_and_who_may_not_is_told_who_may(client: Browser, world: World) -> None:
    assert read(client, world.claire).context["may_file"]
    answer = read(client, world.lucas)
    assert not answer.context["may_file"]
    assert answer.context["may_file_by_solution"] == {world.solution: [world.claire]}
    assert "Claire Fontaine" in answer.text
    assert "formation@vendor.example" in answer.text
    assert "Olivia" not in answer.text


def test_who_may_file_follows_the_trainings_of_the_day(client: Browser, world: World) -> None:
    Training.objects.filter(person=world.claire).update(expires_on=date(2026, 4, 29))
    answer = read(client, world.claire)
    assert not answer.context["may_file"]
    assert answer.context["may_file_by_solution"] == {world.solution: []}
    world.contract.ends_on = date(2026, 4, 29)
    world.contract.save()
    assert read(client, world.claire).context["may_file_by_solution"] == {}


def test_a_reader_whom_nothing_was_opened_to_is_told_so(client: Browser, world: World, four) -> None:
    answer = read(client, world.rachel)
    assert answer.status_code == 200
    assert numbers(answer) == []
    assert answer.context["reads_own_only"]
    assert set(counts(answer).values()) == {0}
    for ticket in four.values():
        assert ticket.title not in answer.text


@pytest.mark.parametrize("role", ["rachel", "lucas"])
def test_what_is_opened_to_readers_is_read(client: Browser, world: World, four, role: str) -> None:
    world.client.readers_allowed = True
    world.client.save()
    answer = read(client, getattr(world, role))
    assert len(numbers(answer)) == 3
    assert not answer.context["reads_own_only"]


def test_an_administrator_whose_training_ended_reads_what_they_filed(
    client: Browser, world: World, four
) -> None:
    Training.objects.filter(person=world.claire).update(expires_on=date(2026, 4, 29))
    assert len(numbers(read(client, world.claire))) == 3
    assert numbers(read(client, world.lucas)) == []


def test_the_client_manager_reads_all_of_the_organisation(
    client: Browser, world: World, four, theirs
) -> None:
    assert len(numbers(read(client, world.marc, view="all"))) == 4


def test_nobody_of_an_organisation_that_left_reads_anything(client: Browser, world: World, four) -> None:
    world.client.is_active = False
    world.client.save()
    for person in (world.claire, world.marc, world.rachel):
        answer = read(client, person)
        assert answer.status_code == 200
        assert numbers(answer) == []


@pytest.mark.parametrize("role", ["agnes", "maud", "paul"])
def test_the_vendors_side_is_refused(client: Browser, world: World, role: str) -> None:
    assert read(client, getattr(world, role)).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: Browser, db) -> None:
    assert client.get(reverse("portal")).status_code == 302


@pytest.mark.parametrize(
    "query", [{"severity": "cosmetic"}, {"state": "open"}, {"view": "mine"}, {"solution": "x"}, {"q": "\x00"}]
)
def test_a_filter_not_understood_is_said_and_the_list_shown(
    client: Browser, world: World, four, query
) -> None:
    answer = read(client, world.claire, **query)
    assert answer.status_code == 400
    assert len(answer.context["form"].mistakes) == 1
    assert len(numbers(answer)) == 3


@pytest.mark.parametrize("many", [1, 3])
def test_the_price_is_the_same_for_one_row_and_for_three(
    client: Browser, world: World, django_assert_num_queries, many: int
) -> None:
    for minute in range(many):
        world.file(f"2026-04-30 10:{minute:02d}")
    read(client, world.claire)
    # Session, person, organisation; may file; trained; tabs; page; solutions.
    with django_assert_num_queries(8):
        answer = client.get(reverse("portal"))
    assert len(numbers(answer)) == many


def test_the_price_of_who_may_file_does_not_grow_with_the_people(
    client: Browser, world: World, django_assert_num_queries
) -> None:
    for person in (world.lucas, world.rachel, world.marc):
        Training.objects.create(
            client=world.client, person=person, solution=world.other_solution, trained_on=date(2025, 1, 1),
            trainer="Formateur",
        )  # fmt: skip
    world.file("2026-04-30 10:00")
    read(client, world.marc)
    # Session, person, organisation; contracts, trainings; tabs; page; solutions.
    with django_assert_num_queries(9):
        client.get(reverse("portal"))


@pytest.mark.parametrize("number", ["abc", "0", "1.5"])
def test_a_page_that_is_none_is_said_and_the_first_is_shown(
    world: World, client: Browser, number: str
) -> None:
    ticket = world.file()
    client.force_login(world.claire)
    answer = client.get(reverse("portal"), {"page": number})
    assert answer.status_code == 400
    assert "Page" in answer.context["form"].mistakes[0]
    assert ticket.get_absolute_url() in answer.content.decode()
