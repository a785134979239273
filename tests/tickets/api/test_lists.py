"""Lists of the API: filters, orders, pages by keyset, and what is refused by name."""

import pytest
from django.core import signing

from tests.tickets.api.asking import Asker, problem
from tests.tickets.record.lives import Lives
from tests.world import World, paris
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.api.keyset import SALT


def numbers(answer) -> list[int]:
    assert answer.status_code == 200, answer.content.decode()
    return [row["number"] for row in answer.json()["results"]]


def test_filters_combine(world: World) -> None:
    lives = Lives(world)
    new, asked = lives.new(severity="bloquante", title="Clôture impossible"), lives.waiting_client()
    claire, agnes = Asker(world.claire), Asker(world.agnes)
    for query, found in (
        ({"state": ["new", "waiting_client"]}, [asked.pk, new.pk]),
        ({"state": "new"}, [new.pk]),
        ({"state": "new", "severity": "majeure"}, []),
        ({"severity": "bloquante"}, [new.pk]),
        ({"turn": "client"}, [asked.pk]),
        ({"q": "cloture"}, [new.pk]),
        ({"q": f"#{asked.pk}"}, [asked.pk]),
        (
            {"solution": world.solution.pk, "contract": world.contract.pk, "client": world.client.pk},
            [asked.pk, new.pk],
        ),
        ({"view": "my_turn"}, [asked.pk]),
        ({"contested": "false"}, [asked.pk, new.pk]),
        ({"contested": "true"}, []),
        (
            {"received_from": new.received_at.isoformat(), "received_before": asked.received_at.isoformat()},
            [new.pk],
        ),
        ({"changed_since": asked.last_entry_at.isoformat()}, [asked.pk]),
        ({"follow_up_of": new.pk}, []),
        ({"duplicate_of": 10**30}, []),
    ):
        assert numbers(claire.get("tickets", query)) == found, query
    assert numbers(agnes.get("tickets", {"owner": "me"})) == [asked.pk]
    assert numbers(agnes.get("tickets", {"owner": "nobody"})) == [new.pk]
    assert numbers(agnes.get("tickets", {"owner": world.agnes.pk, "view": "waiting"})) == [asked.pk]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("state=nowhere", "state"),
        ("state=new&state=nowhere", "state"),
        ("severity=", "severity"),
        ("turn=me", "turn"),
        ("turn=", "turn"),
        ("contested=", "contested"),
        ("follow_up_of=-1", "follow_up_of"),
        ("solution=abc", "solution"),
        ("solution=999999", "solution"),
        ("owner=%C3%A9", "owner"),
        ("owner=999999", "owner"),
        ("contested=perhaps", "contested"),
        ("received_from=hier", "received_from"),
        ("received_from=2026-04-28T10:30:00", "received_from"),
        ("follow_up_of=x", "follow_up_of"),
        ("q=a%00b", "q"),
        ("q=a&q=b", "q"),
        ("view=elsewhere", "view"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=%D9%A1", "limit"),
        ("order=colour", "order"),
        ("cursor=", "cursor"),
        ("cursor=abc", "cursor"),
    ],
)
def test_what_a_list_does_not_understand_is_named(world: World, query: str, field: str) -> None:
    answer = Asker(world.agnes).get(f"tickets?{query}")
    assert [error["field"] for error in problem(answer, 400, "not-understood")["errors"]] == [field]


def test_another_clients_filters_are_unknown_like_those_that_do_not_exist(world: World) -> None:
    claire = Asker(world.claire)
    for name, key in (("client", world.other_client.pk), ("contract", world.other_contract.pk)):
        theirs, none = claire.get("tickets", {name: key}), claire.get("tickets", {name: 999_999})
        problem(theirs, 400, "not-understood")
        assert theirs.content == none.content


@pytest.mark.parametrize(
    "order", ["-number", "number", "received_at", "-received_at", "next_due_at", "-last_entry_at"]
)
def test_pages_by_keyset_miss_and_repeat_nothing(world: World, order: str) -> None:
    for hour, severity in (
        (9, "mineure"),
        (10, "majeure"),
        (10, "mineure"),
        (11, "bloquante"),
        (12, "majeure"),
    ):
        ticket = world.file(f"2026-04-28 {hour:02}:00", severity)
        if hour == 10:
            vendor.deliver(
                ticket, by=world.agnes, at=paris("2026-04-28 14:00"), what="fix", content="x", how_to_test="y"
            )
    agnes = Asker(world.agnes)
    whole = numbers(agnes.get("tickets", {"order": order}))
    assert len(whole) == 5
    read, answer = [], agnes.get("tickets", {"order": order, "limit": 2})
    while True:
        read += numbers(answer)
        following = answer.json()["next"]
        if following is None:
            break
        assert answer["Link"] == f'<{following}>; rel="next"'
        answer = agnes.browser.get(following.removeprefix("http://testserver"), headers=agnes.headers)
    assert read == whole


def test_a_ticket_filed_meanwhile_neither_shifts_nor_repeats_a_page(world: World) -> None:
    first, second, third = world.file(), world.file(), world.file()
    claire = Asker(world.claire)
    answer = claire.get("tickets", {"limit": 2})
    assert numbers(answer) == [third.pk, second.pk]
    world.file()
    following = answer.json()["next"].removeprefix("http://testserver")
    assert numbers(claire.browser.get(following, headers=claire.headers)) == [first.pk]


def test_a_cursor_serves_its_question_and_its_person_alone(world: World) -> None:
    world.file(), world.file()
    claire, agnes = Asker(world.claire), Asker(world.agnes)
    address = claire.get("tickets", {"limit": 1}).json()["next"].removeprefix("http://testserver/api/v1/")
    forged = signing.dumps(["0" * 16, [10**9]], salt=SALT, compress=True)
    for answer in (
        claire.get(address + "x"),
        claire.get(address + "&severity=majeure"),
        claire.get(address + "&order=number"),
        agnes.get(address),
        claire.get("tickets", {"cursor": forged}),
        claire.get("tickets", {"cursor": signing.dumps({"a": 1}, salt=SALT)}),
        claire.get("tickets", {"cursor": signing.dumps([1, 2, 3], salt=SALT)}),
    ):
        assert problem(answer, 400, "not-understood")["errors"][0]["field"] == "cursor"


def test_no_filter_tells_of_another_client(world: World) -> None:
    filing = Filing(title="CANARI", description="CANARI", severity="majeure")  # type: ignore[arg-type]
    file_ticket(world.other_contract, filing, by=world.olivia, at=paris("2026-04-28 10:30"))
    for who in (world.claire, world.marc, world.rachel, world.lucas):
        asker = Asker(who)
        for query in ("", "?q=CANARI", "?view=all", "?order=received_at"):
            answer = asker.get(f"tickets{query}")
            assert answer.json()["results"] == []
            assert "Clinique" not in answer.content.decode()


def test_an_address_takes_only_the_parameters_that_it_names(world: World) -> None:
    ticket, claire = world.file(), Asker(world.claire)
    for path in (
        "me?x=1",
        f"tickets/{ticket.pk}?fields=title",
        f"tickets/{ticket.pk}/ledger?page=2",
        "filers?q=a",
    ):
        problem(claire.get(path), 400, "not-understood")
