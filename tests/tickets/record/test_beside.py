"""What a ticket has beside its words: read where there is some, and what was shown is noted once."""

import pytest
from django.utils import timezone

from accounts.models import User
from tests.tickets.record.lives import Lives
from tests.tickets.record.test_page import read, signed_in
from tests.world import World
from tickets.actions import vendor
from tickets.actions.linking import relate
from tickets.actions.watching import watch
from tickets.drafts import keep, reply_to
from tickets.models import CannedAnswer, Reading


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def test_a_page_opened_again_writes_nothing(world: World, django_assert_num_queries) -> None:
    ticket = Lives(world).in_progress()
    browser = signed_in(world.agnes)
    browser.get(ticket.get_absolute_url())
    with django_assert_num_queries(7) as asked:
        browser.get(ticket.get_absolute_url())
    assert not [query["sql"] for query in asked.captured_queries if "INSERT" in query["sql"]]
    vendor.inform(ticket, by=world.bruno, at=timezone.now(), message="Du nouveau.")
    browser.get(ticket.get_absolute_url())
    reading = Reading.objects.get(person=world.agnes, ticket=ticket)
    assert (reading.seq, reading.message) == (ticket.entries.count(), ticket.messages.latest("pk").pk)


def test_what_few_tickets_have_is_read_where_there_is_some(world: World) -> None:
    lives = Lives(world)
    ticket, other = lives.in_progress(), lives.in_progress()
    bare = read(ticket, world.agnes)
    for title in ("Related to", "Followed by", "Put it in the reply", "was restored"):
        assert title not in bare
    relate(ticket, by=world.agnes, at=timezone.now(), other=other)
    watch(ticket, by=world.maud, at=timezone.now())
    keep(world.agnes, reply_to(ticket.pk), {"kind": "inform", "message": "Bon"})
    CannedAnswer.objects.create(title="Bonjour", body="Bonjour.", language="fr", author=world.agnes)
    full = read(ticket, world.agnes)
    for title in ("Related to", "Followed by", "Put it in the reply", "was restored"):
        assert title in full
