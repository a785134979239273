"""The vendor's queue: its order, its tabs, its filters, its price, and who may read it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Client
from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.desk.cursor import Cursor
from tickets.desk.order import slice_of, versions_due
from tickets.desk.queue import QUEUE_TABS
from tickets.lists.tabs import count_tabs
from tickets.models import Ticket
from tickets.words import DeliveryKind, OutOfScopeGround

NOW = "2026-04-30 11:00"  # a Thursday, support open


@pytest.fixture
def at_noon():
    with time_machine.travel(paris(NOW), tick=False):
        yield


def read(browser: Browser, person, **query):
    browser.force_login(person)
    return browser.get(reverse("queue"), query)


def numbers(answer) -> list[int]:
    return [row.ticket.pk for row in answer.context["rows"]]


def counts(answer) -> dict[str, int]:
    return {tab.name: tab.count for tab in answer.context["tabs"]}


def acknowledged(world: World, at: str, severity: str = "majeure", **fields: object) -> Ticket:
    ticket = world.file(at, severity, **fields)
    return vendor.acknowledge(ticket, by=world.agnes, at=paris(at), owner=world.agnes, message="Je regarde.")


@pytest.fixture
def one_of_each(world: World) -> dict[str, Ticket]:
    """Nine tickets, one for each place in the queue."""
    found = {
        "closed": acknowledged(world, "2026-04-27 09:00"),
        "free": acknowledged(world, "2026-04-27 10:00", "mineure"),
        "running": acknowledged(world, "2026-04-28 10:30"),
        "paused_long": acknowledged(world, "2026-04-29 09:00"),
        "paused_short": acknowledged(world, "2026-04-28 09:00"),
        "tested": acknowledged(world, "2026-04-28 12:00"),
        "outside": acknowledged(world, "2026-04-27 11:00"),
        "breached": acknowledged(world, "2026-04-27 09:30", "bloquante"),
        "fresh": world.file("2026-04-30 10:00", "bloquante"),
    }
    client_side.withdraw(found["closed"], by=world.claire, at=paris("2026-04-27 15:00"))
    for name, at in (("paused_long", "2026-04-29 10:00"), ("paused_short", "2026-04-29 11:00")):
        vendor.ask(found[name], by=world.agnes, at=paris(at), message="Quelle version ?")
    vendor.deliver(
        found["tested"], by=world.agnes, at=paris("2026-04-29 16:00"), what=DeliveryKind.FIX, content="4.2.1",
        how_to_test="Relancer.",
    )  # fmt: skip
    vendor.class_out_of_scope(
        found["outside"], by=world.agnes, at=paris("2026-04-28 11:00"),
        ground=OutOfScopeGround.TRAINING, explanation="Il s'agit d'une formation.",
    )  # fmt: skip
    return found


def test_the_nearest_deadline_comes_first_then_pauses_then_what_has_none(
    client: Browser, world: World, one_of_each, at_noon
) -> None:
    answer = read(client, world.agnes)
    order = ["breached", "fresh", "running", "tested", "paused_short", "paused_long", "free", "outside"]
    names = {ticket.pk: name for name, ticket in one_of_each.items()}
    assert [names[number] for number in numbers(answer)] == order


def test_each_tab_counts_what_it_shows(client: Browser, world: World, one_of_each, at_noon) -> None:
    vendor_side = counts(read(client, world.agnes))
    assert vendor_side == {
        "all": 8, "to_acknowledge": 1, "mine": 7, "unowned": 1, "breached": 1, "waiting": 2, "under_test": 1,
        "closed_soon": 0, "out_of_scope": 1, "contested": 0,
    }  # fmt: skip
    for name, count in vendor_side.items():
        assert len(numbers(read(client, world.agnes, view=name))) == count, name


def test_a_ticket_that_silence_closes_within_three_days_is_closed_soon(
    client: Browser, world: World, one_of_each
) -> None:
    # Delivered on 29 April: with 1 May, 30 April, 4, 5, 6 and 7 May are the five days.
    for now, expected in (("2026-05-04 17:59", []), ("2026-05-04 18:00", [one_of_each["tested"].pk])):
        with time_machine.travel(paris(now), tick=False):
            assert numbers(read(client, world.agnes, view="closed_soon")) == expected


def test_a_deadline_reached_is_not_missed_until_it_is_past(client: Browser, world: World) -> None:
    ticket = world.file("2026-04-28 10:30", "majeure")
    for now, expected in (("2026-04-28 14:30", []), ("2026-04-28 14:30:01", [ticket.pk])):
        with time_machine.travel(paris(now), tick=False):
            assert numbers(read(client, world.agnes, view="breached")) == expected


def test_the_next_deadline_is_said_in_words(client: Browser, world: World, at_noon) -> None:
    world.file("2026-04-30 10:00", "bloquante")
    acknowledged(world, "2026-04-30 10:30", "mineure")
    lines = [row.clock for row in read(client, world.agnes).context["rows"]]
    assert [(line.key, line.state) for line in lines] == [("acknowledge", "running"), ("resolve", "none")]
    assert lines[0].left == 3_600_000_000
    assert lines[0].due == paris("2026-04-30 12:00")


def test_filters_combine(client: Browser, world: World, one_of_each, at_noon) -> None:
    other = file_ticket(
        world.other_contract,
        Filing("Écran figé à l'ouverture", "Rien ne répond.", Severity.MAJEURE),
        by=world.olivia,
        at=paris("2026-04-30 09:00"),
    )
    assert numbers(read(client, world.agnes, client=world.other_client.pk)) == [other.pk]
    assert numbers(read(client, world.agnes, client=world.client.pk, severity="mineure")) == [
        one_of_each["free"].pk
    ]
    assert numbers(read(client, world.agnes, owner="nobody", severity="majeure")) == [other.pk]
    assert len(numbers(read(client, world.agnes, owner="me"))) == 7
    assert numbers(read(client, world.bruno, owner="me")) == []
    assert len(numbers(read(client, world.bruno, owner=world.agnes.pk))) == 7
    assert numbers(read(client, world.agnes, state="closed")) == [one_of_each["closed"].pk]
    assert len(numbers(read(client, world.agnes, state="all"))) == 10
    assert numbers(read(client, world.agnes, solution=world.other_solution.pk)) == []
    assert numbers(read(client, world.agnes, q="ecran OUVERTURE")) == [other.pk]
    assert numbers(read(client, world.agnes, q=f"#{other.pk}")) == [other.pk]
    assert numbers(read(client, world.agnes, q="écran", client=world.client.pk)) == []
    assert counts(read(client, world.agnes, client=world.other_client.pk))["all"] == 1


def test_a_search_among_the_open_says_how_many_closed_ones_answer_it_and_leads_there(
    client: Browser, world: World, one_of_each, at_noon
) -> None:
    closed = one_of_each["closed"]
    answer = read(client, world.agnes, q=f"#{closed.pk}", view="mine")
    assert numbers(answer) == []
    assert answer.context["closed_found"] == 1
    address = re.search(r'id="closed-found".*?href="([^"]+)"', answer.text, re.DOTALL)
    assert address
    followed = client.get(reverse("queue") + address[1].replace("&amp;", "&"))
    assert numbers(followed) == [closed.pk]
    assert followed.context["closed_found"] == 0


@pytest.mark.parametrize("query", [{}, {"q": "#{pk}", "state": "all"}, {"q": "#{pk}", "other": True}])
def test_closed_tickets_are_counted_for_a_search_they_answer_and_no_other(
    client: Browser, world: World, one_of_each, at_noon, query
) -> None:
    found = {name: str(value).format(pk=one_of_each["closed"].pk) for name, value in query.items()}
    if found.pop("other", None):
        found["client"] = str(world.other_client.pk)
    answer = read(client, world.agnes, **found)
    assert answer.context["closed_found"] == 0
    assert "closed-found" not in answer.text


def test_open_tickets_precede_closed_ones_when_both_are_asked_for(
    client: Browser, world: World, one_of_each, at_noon
) -> None:
    assert numbers(read(client, world.agnes, state="all"))[-1] == one_of_each["closed"].pk


@pytest.mark.parametrize(
    "query",
    [
        {"severity": "cosmetic"}, {"state": "burnt"}, {"client": "999999"}, {"client": "abc"}, {"owner": "-1"},
        {"solution": "1' OR 1=1"}, {"view": "nowhere"}, {"size": "1000000"}, {"q": "\x00"}, {"q": "x" * 201},
        {"client": "9" * 30}, {"owner": "9" * 30},
        {"colour": "red"}, {"page": "2"}, {"page": "x"}, {"page": "WzEsMiwzXQ:forged"}, {"saved": "12"},
        {"saved": "x"}, {"q": "()[]{}*"},
    ],
)  # fmt: skip
def test_a_filter_not_understood_is_said_and_the_others_hold(
    client: Browser, world: World, one_of_each, at_noon, query
) -> None:
    answer = read(client, world.agnes, **{"severity": "mineure", **query})
    assert answer.status_code == 400
    assert len(answer.context["form"].mistakes) == 1
    assert 'role="alert"' in answer.text
    if "severity" not in query:
        assert numbers(answer) == [one_of_each["free"].pk]


@pytest.mark.parametrize("text", ["#" * 30, "9" * 60, "%", "_", "\\", "'", "#12x", "２", "()[]{}"])
def test_a_strange_search_finds_nothing_and_breaks_nothing(
    client: Browser, world: World, at_noon, text
) -> None:
    world.file()
    answer = read(client, world.agnes, q=text)
    assert answer.status_code == 200
    assert numbers(answer) == []


def test_pages_are_bounded_and_follow_one_another_both_ways(client: Browser, world: World, at_noon) -> None:
    filed = [world.file(f"2026-04-30 10:{minute:02d}", "majeure").pk for minute in range(27)]
    first = read(client, world.agnes)
    assert numbers(first) == filed[:25]
    assert first.context["part"].previous == ""
    rest = read(client, world.agnes, page=first.context["part"].following)
    assert numbers(rest) == filed[25:]
    assert rest.context["part"].following == ""
    back = read(client, world.agnes, page=rest.context["part"].previous)
    assert numbers(back) == filed[:25]
    assert back.context["part"].previous == ""
    assert numbers(read(client, world.agnes, size="50")) == filed
    assert numbers(read(client, world.agnes, size="100000")) == filed[:25]


@pytest.mark.parametrize("few", [False, True], ids=["walked", "sorted"])
def test_every_ticket_is_on_one_page_and_one_only_whatever_its_rank(
    client: Browser, world: World, one_of_each, at_noon, few: bool
) -> None:
    order = numbers(read(client, world.agnes, state="all"))
    forwards: list[int] = []
    seen = Ticket.objects.visible_to(world.agnes, at=paris(NOW))
    mark: Cursor | None = None
    for _page in range(5):
        part = slice_of(seen, mark, 2, paris(NOW), versions_due(), few=few)
        forwards += part.numbers
        mark = Cursor.read(part.following) if part.following else None
        if mark is None:
            break
    assert forwards == order
    backwards: list[int] = []
    mark = Cursor.read(part.previous)
    while mark:
        part = slice_of(seen, mark, 2, paris(NOW), versions_due(), few=few)
        backwards = [*part.numbers, *backwards]
        mark = Cursor.read(part.previous) if part.previous else None
    assert backwards == order[: len(backwards)]
    assert len(backwards) == len(order) - 1


@pytest.mark.parametrize("role", ["claire", "lucas", "rachel", "marc", "olivia"])
def test_the_clients_side_is_refused(client: Browser, world: World, role) -> None:
    answer = read(client, getattr(world, role))
    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["agnes", "bruno", "maud", "paul"])
def test_the_vendors_side_reads_it(client: Browser, world: World, role, at_noon) -> None:
    ticket = world.file()
    assert numbers(read(client, getattr(world, role))) == [ticket.pk]


def test_a_stranger_is_asked_to_sign_in(client: Browser, world: World) -> None:
    assert client.get(reverse("queue")).status_code == 302
    # A list left open whose session has ended: the page starts again, the sign-in is not put inside it.
    answer = client.get(reverse("queue"), headers={"hx-request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_htmx_gets_the_list_alone_but_history_the_whole_page(client: Browser, world: World, at_noon) -> None:
    client.force_login(world.agnes)
    part = client.get(reverse("queue"), headers={"hx-request": "true"})
    assert part.text.lstrip().startswith("<section")
    assert "HX-Request" in part.headers["Vary"]
    whole = client.get(reverse("queue"), headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert "<html" in whole.text


# Session, person; the stamp; the tickets, what was read of them; the display; saved views; whether a name changed.
# Clients, solutions and owners to choose from are read once a minute and after a change.
PRICE = 8
# Read once for every agent: the counters, the owners, what is near, the first page (what is due, the rest).
FIRST_GLANCE = 5


@pytest.mark.parametrize("many", [1, 3])
def test_the_price_is_the_same_for_one_row_and_for_three(
    client: Browser, world: World, at_noon, django_assert_num_queries, many
) -> None:
    for minute in range(many):
        acknowledged(world, f"2026-04-30 10:{minute:02d}")
    read(client, world.agnes)
    with django_assert_num_queries(PRICE):
        answer = client.get(reverse("queue"))
    assert len(numbers(answer)) == many
    acknowledged(world, "2026-04-30 10:30")
    with django_assert_num_queries(PRICE + FIRST_GLANCE):
        answer = client.get(reverse("queue"))
    assert len(numbers(answer)) == many + 1


def test_menus_and_tabs_drawn_already_carry_the_address_and_token_of_each_request(
    client: Browser, world: World, at_noon
) -> None:
    tokens: list[str] = []
    for query, kept in (
        ("severity=majeure&size=50", "severity=majeure&amp;size=50"),
        ("owner=me", "owner=me"),
        ("q=%22%3E%3Cb%3E&view=mine", "q=%22%3E%3Cb%3E"),
    ):
        for person in (world.agnes, world.maud):
            client.force_login(person)
            shown = client.get(f"/queue/?{query}").text
            menu = re.search(r'id="display-menu".*?</form>', shown, re.DOTALL)
            assert menu
            assert f'name="next" value="/queue/?{escape(query)}"' in menu[0]
            tokens += re.findall(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"', menu[0])
            assert f'href="?{kept}&amp;view=breached"' in shown
    assert len(set(tokens)) == 6, "each request is given a token of its own"


def test_a_client_and_an_agent_are_offered_as_soon_as_they_are_there_under_their_present_names(
    client: Browser, world: World, at_noon
) -> None:
    assert "Mairie" not in read(client, world.agnes).text
    added = Client.objects.create(name="Mairie <Nord>", code="mairie")
    assert f'<option value="{added.pk}">Mairie &lt;Nord&gt;</option>' in read(client, world.agnes).text
    added.name = "Mairie Sud"
    added.save()
    shown = read(client, world.agnes, client=str(added.pk)).text
    assert f'<option value="{added.pk}" selected>Mairie Sud</option>' in shown
    assert "Mairie &lt;Nord" not in shown
    world.agnes.last_name = "Renommée"
    world.agnes.save()
    shown = read(client, world.agnes, owner=str(world.agnes.pk)).text
    assert f'<option value="{world.agnes.pk}" selected>{world.agnes.first_name} Renommée</option>' in shown


def test_what_one_agent_made_us_count_another_reads_with_their_own_tickets(
    client: Browser, world: World, one_of_each, at_noon
) -> None:
    assert counts(read(client, world.maud))["mine"] == 0
    assert counts(read(client, world.agnes))["mine"] > 0
    seen = Ticket.objects.visible_to(world.maud, at=paris(NOW)).open()
    counted = count_tabs(QUEUE_TABS, QUEUE_TABS[0], seen, world.maud, paris(NOW))
    assert counts(read(client, world.maud)) == {tab.name: tab.count for tab in counted}


def test_an_act_is_counted_at_once(client: Browser, world: World, at_noon) -> None:
    fresh = world.file("2026-04-30 10:00")
    assert counts(read(client, world.agnes)) == counts(read(client, world.maud))
    vendor.assign(fresh, by=world.agnes, at=paris("2026-04-30 10:30"), owner=world.agnes)
    counted = counts(read(client, world.agnes))
    assert (counted["mine"], counted["unowned"]) == (1, 0)


def test_a_deadline_that_passes_is_counted_at_its_second_though_nothing_was_done(
    client: Browser, world: World
) -> None:
    ticket = world.file("2026-04-28 10:00", "bloquante")
    due = ticket.acknowledge_due_at
    for late, breached in ((timedelta(seconds=-20), 0), (timedelta(), 0), (timedelta(seconds=20), 1)):
        with time_machine.travel(due + late, tick=False):
            assert counts(read(client, world.agnes))["breached"] == breached


def test_a_closing_that_comes_near_is_counted_though_nothing_was_done(client: Browser, world: World) -> None:
    ticket = acknowledged(world, "2026-04-24 09:00")
    vendor.deliver(
        ticket,
        by=world.agnes,
        at=paris("2026-04-24 10:00"),
        what=DeliveryKind.FIX,
        content="4.2.1",
        how_to_test="Relancer.",
    )
    ticket.refresh_from_db()
    near = ticket.closes_at - timedelta(days=3)
    for late, soon in ((timedelta(seconds=-1), 0), (timedelta(), 1)):
        with time_machine.travel(near + late, tick=False):
            assert counts(read(client, world.agnes))["closed_soon"] == soon
