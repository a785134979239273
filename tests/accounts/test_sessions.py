"""One's open sessions: listed with device and place, ended at will."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.sessions import device_of
from tests.accounts.test_signing_in import sign_in

SESSIONS = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def opened(person, agent: str = FIREFOX, place: str = "192.0.2.7") -> Client:
    browser = Client(headers={"user-agent": agent}, REMOTE_ADDR=place)
    sign_in(browser, person.email)
    return browser


def test_a_session_says_its_device_its_place_and_when_it_was_seen(world):
    page = opened(world.claire).get(SESSIONS)
    (session,) = page.context["sessions"]
    assert (session.device, session.row.ip, session.is_here) == ("Firefox, Windows", "192.0.2.7", True)


def test_one_session_is_ended_and_the_others_go_on(world):
    here, there, third = opened(world.claire), opened(world.claire, place="192.0.2.8"), opened(world.claire)
    row = next(each.row for each in here.get(SESSIONS).context["sessions"] if each.row.ip == "192.0.2.8")
    here.post(SESSIONS, {"session": row.pk})
    assert there.get("/portal/").status_code == 302
    assert here.get("/portal/").status_code == third.get("/portal/").status_code == 200


def test_all_the_others_are_ended_at_once(world):
    here, there, third = (opened(world.claire) for _ in range(3))
    here.post(SESSIONS, {"session": "others"})
    assert [each.get("/portal/").status_code for each in (here, there, third)] == [200, 302, 302]


@pytest.mark.parametrize("chosen", ["", "0", "-1", "x", "9" * 40, "٣"])
def test_a_session_that_is_not_there_ends_nothing(world, chosen):
    here, there = opened(world.claire), opened(world.claire)
    assert here.post(SESSIONS, {"session": chosen})["Location"] == SESSIONS
    assert there.get("/portal/").status_code == 200


def test_nobody_ends_or_sees_another_s_session(world):
    theirs, mine = opened(world.olivia), opened(world.claire)
    mine.post(SESSIONS, {"session": UserSession.objects.get(user=world.olivia).pk})
    mine.post(SESSIONS, {"session": "others"})
    assert theirs.get("/portal/").status_code == 200
    assert len(mine.get(SESSIONS).context["sessions"]) == 1


def test_a_session_is_noted_as_seen_every_few_minutes_and_from_where(world):
    browser = opened(world.claire)
    row = UserSession.objects.get()
    browser.get("/portal/")
    row.refresh_from_db()
    first = row.last_seen_at
    later = timezone.now() + timedelta(minutes=6)
    with time_machine.travel(later, tick=False):
        browser.get("/portal/", REMOTE_ADDR="192.0.2.99")
        row.refresh_from_db()
        assert row.last_seen_at == later > first
        assert row.ip == "192.0.2.99"
        with_seconds = timezone.now()
    with time_machine.travel(with_seconds + timedelta(minutes=1), tick=False):
        browser.get("/portal/")
    row.refresh_from_db()
    assert row.last_seen_at == later, "not at each page"


def test_a_page_costs_no_more_queries_for_being_followed(world, client):
    client.force_login(world.claire)
    counts = []
    for browser in (client, opened(world.claire)):
        with CaptureQueriesContext(connection) as queries:
            browser.get("/account/profile/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_has_a_price(world, django_assert_num_queries):
    here = opened(world.claire)
    here.get(SESSIONS)
    for others in (0, 2):
        for _ in range(others):
            opened(world.claire)
        with django_assert_num_queries(4 + 3 * (others + 1)):
            here.get(SESSIONS)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Linux"),
    ],
)
def test_a_device_is_said_in_two_words(agent, said):
    assert device_of(agent) == said
