"""Following a ticket, being named in a note, seeing who else is answering."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.watching import mentioned_in, watch
from tickets.drafts import keep, replies_begun, reply_to, writing
from tickets.models import Draft, Mail, Ticket, Watch
from tickets.notifications.rendering import rendered

AT = paris("2026-04-28 14:00")


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def taken(world: World) -> Ticket:
    ticket = world.file()
    vendor.acknowledge(ticket, by=world.agnes, at=AT, owner=world.agnes, message="Je regarde.")
    Mail.objects.all().delete()
    return ticket


def told(ticket: Ticket) -> set[User]:
    return {mail.recipient for mail in Mail.objects.filter(ticket=ticket)}


def test_who_follows_a_ticket_is_told_of_each_fact_and_others_are_not(world: World) -> None:
    ticket = taken(world)
    watch(ticket, by=world.bruno, at=AT)
    watch(ticket, by=world.marc, at=AT)
    client.answer(ticket, by=world.claire, at=AT, message="Un mot.")
    assert told(ticket) == {world.agnes, world.bruno, world.marc}
    Mail.objects.all().delete()
    vendor.assign(ticket, by=world.agnes, at=AT, owner=world.maud)
    assert told(ticket) == {world.maud}


def test_the_button_follows_and_follows_no_more(world: World) -> None:
    ticket = taken(world)
    marc, address = signed_in(world.marc), reverse("ticket_watch", args=[ticket.pk])
    assert "Follow this ticket" in marc.get(ticket.get_absolute_url()).content.decode()
    for _ in range(2):  # pressed twice, it follows once
        marc.post(address, {"follow": "1"})
    assert Watch.objects.get().person == world.marc
    assert "Follow no more" in marc.get(ticket.get_absolute_url()).content.decode()
    assert "Followed by" not in signed_in(world.agnes).get(ticket.get_absolute_url()).content.decode()
    marc.post(address)
    assert not Watch.objects.exists()


def test_a_stranger_follows_nothing(world: World) -> None:
    ticket = taken(world)
    assert (
        signed_in(world.olivia).post(reverse("ticket_watch", args=[ticket.pk]), {"follow": 1}).status_code
        == 404
    )
    assert not Watch.objects.exists()


def test_a_note_that_names_a_colleague_reaches_them_alone(world: World) -> None:
    ticket = taken(world)
    vendor.note(
        ticket, by=world.agnes, at=AT, message="@bruno lefevre, et @Claire Fontaine ? Tampon trop court."
    )
    mail = Mail.objects.get()
    assert (mail.recipient, mail.template) == (world.bruno, "mention")
    assert "Tampon trop court." in rendered(mail, AT).body
    assert Watch.objects.get().person == world.bruno


def test_names_are_read_whole(world: World) -> None:
    assert mentioned_in("@Agnes Martin.", [world.agnes, world.bruno]) == [world.agnes]
    assert mentioned_in("agnes martin, @Agnes", [world.agnes]) == []
    for other in ("@Agnes Martinez", "@Agnes Martin-Petit", "@Agnes Martinl'aînée"):
        assert mentioned_in(other, [world.agnes]) == [], other


def test_the_longer_of_two_names_is_the_one_that_is_called(world: World) -> None:
    world.bruno.first_name, world.bruno.last_name = "Agnes", "Martin Petit"
    assert mentioned_in("@Agnes Martin Petit ?", [world.agnes, world.bruno]) == [world.bruno]
    both = mentioned_in("@Agnes Martin, @agnes martin petit", [world.agnes, world.bruno])
    assert both == [world.agnes, world.bruno]


def test_the_author_of_a_note_is_told_who_was_told_and_which_names_nobody_has(world: World) -> None:
    ticket = taken(world)
    ticket.refresh_from_db()
    note = "@Bruno Lefevre, @Bernard Dupont et @Agnes : voir a@b.example, @media."
    typed = {"message": note, "seen": ticket.last_seq}
    answer = signed_in(world.agnes).post(f"{ticket.get_absolute_url()}note/", typed, follow=True)
    page = answer.content.decode()
    assert "Told of it: Bruno Lefevre." in page
    assert "nobody was told: @Bernard Dupont, @Agnes." in page


def test_a_colleague_who_is_answering_is_seen_by_their_own_side_alone(world: World) -> None:
    ticket = taken(world)
    keep(world.bruno, reply_to(ticket.pk), {"kind": "inform", "message": "Je commence…"})
    now = Draft.objects.get().updated_at
    assert writing(replies_begun(world.agnes, ticket.pk), world.agnes, now) == [world.bruno]
    for person, at in ((world.bruno, now), (world.claire, now), (world.agnes, now + timedelta(minutes=3))):
        assert not writing(replies_begun(person, ticket.pk), person, at)
    page = signed_in(world.agnes).get(ticket.get_absolute_url()).content.decode()
    assert re.search(r"Bruno Lefevre is answering this ticket", page)
    assert "Bruno" not in signed_in(world.claire).get(f"{ticket.get_absolute_url()}clocks/").content.decode()
