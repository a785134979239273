"""What resembles a ticket: by the letters of its title or two of its words, for who files and for who triages."""

import pytest
from django.test import Client as Browser

from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.models import Ticket
from tickets.similar import similar_for_triage, similar_open

AT = paris("2026-04-30 11:00")


@pytest.fixture
def lately(world: World) -> Ticket:
    return world.file(title="Export comptable bloqué")


def test_two_words_said_anywhere_are_enough(world: World, lately) -> None:
    said = world.file(title="Fin de mois", description="L'export des écritures comptables ne se termine pas.")
    one = world.file(title="Paie", description="La feuille comptable est blanche.")
    found = list(similar_open(world.claire, world.client, "exports comptables", at=AT))
    assert found == [lately, said]
    assert one not in found


def test_a_note_makes_nothing_resemble(world: World) -> None:
    ticket = world.file(title="Fin de mois", description="Rien.")
    vendor.note(ticket, by=world.agnes, at=AT, message="Encore l'export comptable.")
    assert list(similar_open(world.claire, world.client, "export comptable", at=AT)) == []
    assert similar_for_triage(world.agnes, world.file(title="Export comptable"), at=AT) == []


def test_triage_compares_with_the_clients_past_and_the_others_present(world: World, lately) -> None:
    past = world.file(title="Export comptable en échec")
    client_side.withdraw(past, by=world.claire, at=paris("2026-04-29 11:00"))
    filing = Filing("Export comptable impossible", "Échec.", Severity.MAJEURE)
    theirs, gone = (
        file_ticket(world.other_contract, filing, by=world.olivia, at=paris("2026-04-29 09:00"))
        for _twice in "ab"
    )
    client_side.withdraw(gone, by=world.olivia, at=paris("2026-04-29 11:00"))
    found = similar_for_triage(world.agnes, lately, at=AT)
    assert set(found[:1]) == {past}
    assert found[1:] == [theirs]


@pytest.mark.parametrize("many", [1, 3])
def test_triage_has_a_price(
    client: Browser, world: World, lately, django_assert_num_queries, many: int
) -> None:
    for _time in range(many):
        world.file(title="Export comptable en échec")
    client.force_login(world.agnes)
    with django_assert_num_queries(5):  # session, person, the ticket; the client's, the others'
        answer = client.get(f"/tickets/{lately.pk}/alike/", headers={"hx-request": "true"})
    assert answer.text.count("/tickets/") == many
    assert "<html" in client.get(f"/tickets/{lately.pk}/alike/").text


def test_a_ticket_that_does_not_exist_resembles_nothing(client: Browser, world: World) -> None:
    client.force_login(world.agnes)
    assert client.get("/tickets/999999/alike/").status_code == 404
