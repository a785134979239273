"""The reply box keeps what is being typed until it is sent."""

import re

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.record.lives import Lives
from tests.world import World
from tickets.drafts import LONGEST
from tickets.models import Draft, Ticket


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def keep(browser: Client, ticket: Ticket, **typed: str) -> str:
    answer = browser.post(f"/tickets/{ticket.pk}/draft/", typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode().strip()


def test_a_reply_begun_is_found_again_by_its_author_alone(world: World) -> None:
    ticket = Lives(world).in_progress()
    browser = signed_in(world.agnes)
    assert "Draft kept at" in keep(browser, ticket, kind="note", message="Un piège connu.")
    own, other = (
        signed_in(who).get(ticket.get_absolute_url()).content.decode() for who in (world.agnes, world.bruno)
    )
    assert "Un piège connu." in own
    assert re.search(r'value="note" checked', own)
    assert "was restored" in own
    assert "Un piège connu." not in other


def test_an_empty_reply_a_sent_one_and_a_discarded_one_leave_no_draft(world: World) -> None:
    ticket = Lives(world).in_progress()
    browser = signed_in(world.agnes)
    keep(browser, ticket, kind="ask", message="Et ?")
    assert keep(browser, ticket, kind="ask", message="  ") == ""
    assert not Draft.objects.exists()
    keep(browser, ticket, kind="ask", message="Et ?")
    browser.post(f"/tickets/{ticket.pk}/reply/", {"kind": "ask", "message": "Et ?", "seen": ticket.last_seq})
    assert not Draft.objects.exists()
    keep(browser, ticket, kind="ask", message="Et ?")
    discarded = browser.post(f"/tickets/{ticket.pk}/draft/", {"discard": "1"})
    assert discarded.headers["Location"] == ticket.get_absolute_url()
    assert not Draft.objects.exists()


def test_a_reply_that_is_refused_keeps_its_draft(world: World) -> None:
    ticket = Lives(world).in_progress()
    browser = signed_in(world.agnes)
    keep(browser, ticket, kind="ask", message="Et ?")
    browser.post(f"/tickets/{ticket.pk}/reply/", {"kind": "ask", "message": "Et ?", "seen": "1"})
    assert Draft.objects.get().fields["message"] == "Et ?"


def test_a_kind_that_is_offered_no_more_gives_way_to_one_that_is(world: World) -> None:
    lives = Lives(world)
    ticket = lives.in_progress()
    keep(signed_in(world.agnes), ticket, kind="ask", message="Et ?")
    Draft.objects.update(fields={"kind": "explode", "message": "Et ?"})
    page = signed_in(world.agnes).get(ticket.get_absolute_url()).content.decode()
    assert re.search(r'value="inform" checked', page)


def test_too_long_a_draft_is_said_not_kept(world: World) -> None:
    ticket = Lives(world).in_progress()
    said = keep(signed_in(world.agnes), ticket, kind="ask", message="x" * (LONGEST + 1))
    assert "not kept any more" in said
    assert not Draft.objects.exists()


def test_a_stranger_keeps_no_draft(world: World) -> None:
    ticket = Lives(world).in_progress()
    assert signed_in(world.olivia).post(f"/tickets/{ticket.pk}/draft/", {"message": "x"}).status_code == 404
    assert not Draft.objects.exists()
