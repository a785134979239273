"""The reply box keeps what is being typed until it is sent."""

import re
from html import unescape

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


def keep(browser: Client, ticket: Ticket, action: str = "", **typed: str) -> str:
    address = f"/tickets/{ticket.pk}/draft/" + (f"?action={action}" if action else "")
    answer = browser.post(address, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode().strip()


def stamp_in(page: str) -> str:
    return re.search(r'name="draft_seen" value="([^"]*)"', page)[1]


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
    assert "Draft kept" not in keep(browser, ticket, kind="ask", message="  ")
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


@pytest.mark.parametrize("message", ["x", " "], ids=["replaced", "emptied"])
def test_a_tab_does_not_destroy_what_another_kept(world: World, message: str) -> None:
    ticket = Lives(world).in_progress()
    agnes = signed_in(world.agnes)
    first, second = (stamp_in(agnes.get(ticket.get_absolute_url()).content.decode()) for _ in range(2))
    kept = stamp_in(keep(agnes, ticket, kind="ask", message="Une longue analyse.", draft_seen=first))
    assert kept
    said = keep(agnes, ticket, kind="ask", message=message, draft_seen=second)
    assert "Another tab kept something else here" in said
    assert Draft.objects.get().fields["message"] == "Une longue analyse."
    assert "Draft kept" in keep(agnes, ticket, kind="ask", message="Une autre.", draft_seen=kept)
    without_script = agnes.post(f"/tickets/{ticket.pk}/draft/", {"message": message, "draft_seen": second})
    assert without_script.status_code == 409
    assert "your words are still there" in without_script.content.decode()


def test_a_tab_that_was_told_may_keep_its_own_words_instead(world: World) -> None:
    ticket = Lives(world).in_progress()
    agnes = signed_in(world.agnes)
    keep(agnes, ticket, kind="ask", message="La première.", draft_seen="")
    keep(agnes, ticket, kind="ask", message="La seconde.", draft_seen="")
    instead = {"message": "La seconde.", "draft_seen": Draft.objects.get().stamp}
    assert "Draft kept" in keep(agnes, ticket, kind="ask", **instead)
    assert Draft.objects.get().fields["message"] == "La seconde."


def test_a_delivery_begun_is_found_again_seen_by_colleagues_and_gone_once_made(world: World) -> None:
    ticket = Lives(world).in_progress()
    agnes, address = signed_in(world.agnes), f"/tickets/{ticket.pk}/deliver/"
    typed = {
        "what": "workaround",
        "content": "Passer par l'écran 12.",
        "how_to_test": "Ouvrir.",
        "touches_data": "on",
    }
    assert "Draft kept" in keep(agnes, ticket, "deliver", seen="1", **typed)
    assert "seen" not in Draft.objects.get().fields
    page = agnes.get(address).content.decode()
    assert "was restored" in page
    assert "Passer par l&#x27;écran 12." in page
    assert re.search(r'value="workaround"[^>]* checked', page)
    assert re.search(r'name="touches_data"[^>]* checked', page)
    assert (
        "Agnes Martin is answering" in signed_in(world.bruno).get(ticket.get_absolute_url()).content.decode()
    )
    assert "Passer par" not in signed_in(world.bruno).get(address).content.decode()
    assert agnes.post(address, typed | {"seen": ticket.last_seq}).status_code == 302
    assert not Draft.objects.exists()


def test_a_panel_s_draft_is_discarded_and_that_of_no_action_does_not_exist(world: World) -> None:
    ticket = Lives(world).in_progress()
    agnes = signed_in(world.agnes)
    keep(agnes, ticket, "close", message="Convenu.")
    gone = agnes.post(f"/tickets/{ticket.pk}/draft/?action=close", {"discard": "1"})
    assert gone.headers["Location"] == f"/tickets/{ticket.pk}/close/"
    assert not Draft.objects.exists()
    assert agnes.post(f"/tickets/{ticket.pk}/draft/?action=explode", {"message": "x"}).status_code == 404


def test_a_stranger_keeps_no_draft(world: World) -> None:
    ticket = Lives(world).in_progress()
    assert signed_in(world.olivia).post(f"/tickets/{ticket.pk}/draft/", {"message": "x"}).status_code == 404
    assert not Draft.objects.exists()


def test_asked_often_the_clocks_answer_only_what_changed(world: World, django_assert_num_queries) -> None:
    ticket = Lives(world).in_progress()
    agnes = signed_in(world.agnes)
    page = agnes.get(ticket.get_absolute_url()).content.decode()
    asked = unescape(re.search(r'data-soon hx-get="([^"]+)"', page)[1])
    with django_assert_num_queries(5):  # session, person, the ticket; what is begun on it, its last message
        answer = agnes.get(asked)
    assert (answer.status_code, answer.content) == (204, b"")
    keep(signed_in(world.bruno), ticket, kind="ask", message="Et ?")
    answer = agnes.get(asked).content.decode()
    assert "Bruno Lefevre is answering" in answer
    asked = unescape(re.search(r'data-soon hx-get="([^"]+)"', answer)[1])
    assert agnes.get(asked).status_code == 204
    signed_in(world.bruno).post(f"/tickets/{ticket.pk}/note/", {"message": "Vu.", "seen": ticket.last_seq})
    assert "Something happened on this ticket" in agnes.get(asked).content.decode()
