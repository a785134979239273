"""Canned answers: whose they are, what fills them, what they refuse."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.world import World, paris
from tickets.actions.canned import discard_canned, keep_canned
from tickets.canned.placeholders import filled, unknown_in
from tickets.models import CannedAnswer

AT = paris("2026-04-28 14:00")
BODY = (
    "Bonjour {{personne}}, le ticket {{ ticket }} « {{titre}} » sera résolu avant le {{échéance}}. {{agent}}"
)


@pytest.fixture(autouse=True)
def in_english(world: World) -> Iterator[None]:
    User.objects.update(language="en")
    with time_machine.travel(AT, tick=False):  # a date of this year is said without its year
        yield


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def answer_of(
    person: User, *, is_shared: bool = False, title: str = "Accueil", **said: object
) -> CannedAnswer:
    return CannedAnswer.objects.create(
        author=person, is_shared=is_shared, title=title, **{"body": BODY, "language": "fr", **said}
    )


def test_placeholders_are_filled_in_the_answers_own_language(world: World) -> None:
    ticket = world.file(title="Export {{agent}}")
    words = " ".join(filled(answer_of(world.agnes), ticket, world.agnes, AT).split())
    assert words == (
        f"Bonjour Claire Fontaine, le ticket #{ticket.pk} « Export {{{{agent}}}} » "
        "sera résolu avant le lundi 11 mai, 10 h 30. Agnes Martin"
    )


def test_a_placeholder_that_nothing_fills_is_refused_by_name(world: World) -> None:
    assert unknown_in("{{client}} {{ mot_de_passe }} {{mot_de_passe}} {{Agent}}") == ["mot_de_passe"]
    answer = signed_in(world.agnes).post(
        reverse("canned_new"), {"title": "T", "body": "{{mot_de_passe}}", "language": "fr"}
    )
    assert answer.status_code == 422
    assert "{{mot_de_passe}}" in answer.content.decode()
    assert not CannedAnswer.objects.exists()


def test_an_agent_keeps_their_own_and_uses_the_teams(world: World) -> None:
    mine, teams, brunos = (
        answer_of(world.agnes, title="Le mien"),
        answer_of(world.maud, is_shared=True, title="De l'équipe"),
        answer_of(world.bruno, title="De Bruno"),
    )
    agnes = signed_in(world.agnes)
    page = agnes.get(reverse("canned_answers")).content.decode()
    assert "Le mien" in page
    assert "De l&#x27;équipe" in page
    assert "De Bruno" not in page
    statuses = [
        agnes.get(reverse("canned_change", args=[each.pk])).status_code for each in (mine, teams, brunos)
    ]
    assert statuses == [200, 403, 404]
    agnes.post(
        reverse("canned_change", args=[mine.pk]), {"title": "Changé", "body": "Oui.", "language": "en"}
    )
    mine.refresh_from_db()
    assert (mine.title, mine.language) == ("Changé", "en")
    agnes.post(reverse("canned_change", args=[mine.pk]), {"discard": "1"})
    assert not CannedAnswer.objects.filter(author=world.agnes).exists()


def test_two_who_change_one_answer_see_each_others_words(world: World) -> None:
    answer = answer_of(world.maud, is_shared=True)
    maud, address = signed_in(world.maud), reverse("canned_change", args=[answer.pk])
    read = re.search(r'name="read" value="(\w+)"', maud.get(address).content.decode())[1]
    said = {"title": answer.title, "language": "fr", "is_shared": "on", "read": read}
    assert maud.post(address, said | {"body": "Le premier."}).status_code == 302
    overtaken = maud.post(address, said | {"body": "Le second."})
    page = overtaken.content.decode()
    assert overtaken.status_code == 409
    assert "Le premier." in page
    assert "Le second.</textarea>" in page
    answer.refresh_from_db()
    assert answer.body == "Le premier."
    again = re.search(r'name="read" value="(\w+)"', page)[1]
    assert maud.post(address, said | {"body": "Le second.", "read": again}).status_code == 302


def test_only_a_manager_keeps_the_teams(world: World) -> None:
    agnes = signed_in(world.agnes)
    agnes.post(reverse("canned_new"), {"title": "T", "body": "B", "language": "fr", "is_shared": "on"})
    assert CannedAnswer.objects.get().is_shared is False
    shared = answer_of(world.maud, is_shared=True)
    said = {"title": "T", "body": "B", "is_shared": True}
    for attempt in (
        lambda: keep_canned(None, by=world.agnes, **said),
        lambda: keep_canned(shared, by=world.agnes, **said),
        lambda: discard_canned(shared, by=world.agnes),
        lambda: keep_canned(None, by=world.claire, **said),
        lambda: keep_canned(None, by=world.paul, **said),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert keep_canned(shared, by=world.maud, **said).title == "T"


def test_one_is_put_into_the_reply_beside_what_was_begun(world: World) -> None:
    ticket, answer = world.file(), answer_of(world.agnes, body="Merci {{personne}}.")
    agnes = signed_in(world.agnes)
    agnes.post(reverse("ticket_draft", args=[ticket.pk]), {"kind": "note", "message": "Je commence."})
    page = agnes.get(f"{ticket.get_absolute_url()}?canned={answer.pk}").content.decode()
    assert "Je commence.\n\nMerci Claire Fontaine." in page
    plain = agnes.get(reverse("canned_filled", args=[ticket.pk, answer.pk]))
    assert plain.content.decode() == "Merci Claire Fontaine."
    assert plain.headers["Content-Type"].startswith("text/plain")


def test_an_answer_of_another_solution_is_not_offered(world: World) -> None:
    answer_of(world.agnes, title="Pour Planora", solution=world.other_solution)
    answer_of(world.agnes, title="Pour Gestia", solution=world.solution)
    page = signed_in(world.agnes).get(world.file().get_absolute_url()).content.decode()
    assert "Pour Gestia" in page
    assert "Pour Planora" not in page


def test_a_client_has_none(world: World) -> None:
    answer_of(world.maud, is_shared=True, title="De l'équipe", body="Secret de fabrication.")
    ticket = world.file()
    claire = signed_in(world.claire)
    page = claire.get(f"{ticket.get_absolute_url()}?canned={CannedAnswer.objects.get().pk}").content.decode()
    assert "Secret de fabrication" not in page
    assert "Canned answer" not in page


def test_the_list_costs_the_same_for_one_and_for_three(world: World, django_assert_num_queries) -> None:
    agnes = signed_in(world.agnes)
    for more in (1, 2):
        for _ in range(more):
            answer_of(world.agnes, solution=world.solution)
        with django_assert_num_queries(3):
            assert agnes.get(reverse("canned_answers")).status_code == 200
