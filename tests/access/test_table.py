"""The access table: every address × method × role, on one's own client, on another, and on two twins by prefix.

What is expected is declared by rule (rules.py), never recorded. Each cell is one request; its writings are compared
with what its row allows, the rows of every other client with what they were, and all that it says with the canary.
"""

import pytest

from tests.access import rules
from tests.access.asking import document, form, question, url_of, url_of_nothing
from tests.access.cells import Answer, Table, Writings
from tests.access.crowd import ANONYMOUS, CANARY, NUMBERS, OF_THE_CLIENT, OF_THE_VENDOR, ROLES, TARGETS, Crowd
from tests.test_access import GET, routes

pytestmark = pytest.mark.django_db
PAGE_ACTIONS = sorted(name for name in rules.PAGES_POST if name.startswith("ticket_action:"))
ADDRESSES = sorted((set(GET) - {"ticket_action"}) | set(PAGE_ACTIONS))
SIGN_IN = "/account/login/"
# The schema, the static documentation and a page that streams a drawing are asked for once, of oneself.
COSTLY = {"statement_pdf", "api_ticket_statement_pdf"}


@pytest.fixture
def table(crowd: Crowd, record_property) -> Table:
    table = Table(crowd, Writings())
    yield table
    record_property("cells", table.cells)


def client_of(who: str, target: str, name: str = "") -> int | None:
    """Return whose rows a role may change at most: its own client's, the one acted upon for the vendor, or none."""
    if who == ANONYMOUS:
        return 0
    if who in rules.writers(name) and name in rules.OF_MANY_CLIENTS:
        return None
    return NUMBERS[target] if who in OF_THE_VENDOR else NUMBERS["own"]


def check(answer: Answer, name: str, who: str, method: str, expected: set[int] | frozenset[int], cell: str) -> None:
    """Fail when an answer is not the row's, tells what is not its reader's, or wrote where the row says nothing."""
    assert answer.status in expected, f"{cell}: {answer.status}, not in {sorted(expected)}"
    if who not in OF_THE_VENDOR:
        assert CANARY.lower().encode() not in answer.said, f"{cell} tells of another client or of an internal note"
    if who not in rules.SIGNED_IN and answer.status == rules.AWAY and name not in rules.OWN_AFFAIRS | rules.PAGES_POST.keys():
        assert answer.location.startswith(SIGN_IN), cell
    excess = answer.touched - rules.may_touch(name, method, who)
    assert not excess, f"{cell} wrote in {sorted(excess)}"


def test_every_address_is_in_the_table() -> None:
    assert set(routes()) == set(GET)
    described = {name.partition(":")[0] for name in rules.PAGES_POST}
    assert described <= set(GET)
    assert rules.OF_A_CLIENT <= set(GET)


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_cell_answers_as_its_row_says(table: Table, name: str) -> None:
    crowd, is_api = table.crowd, name.startswith("api_")
    for target in TARGETS:
        url = url_of(crowd, name, target)
        asked = url if name.partition(":")[0] in rules.OF_A_CLIENT else url + question(crowd, target)
        if target == "own":
            asked = url
        sent = document(crowd, name, target) if is_api else form(crowd, target)
        for who in ROLES:
            owner = client_of(who, target, name)
            if not (name in COSTLY and who in OF_THE_VENDOR and target != "own"):
                answer = table.ask(who, "get", asked, of_client=owner)
                check(answer, name, who, "get", rules.reading(name, who, target), f"{who} GET {asked}")
            answer = table.ask(who, "post", url, sent, of_client=owner, json=is_api)
            check(answer, name, who, "post", rules.writing(name, who, target), f"{who} POST {url}")


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_other_method_does_anything(table: Table, name: str) -> None:
    url = url_of(table.crowd, name, "own")
    for who in ROLES:
        for method in ("put", "patch", "delete"):
            answer = table.ask(who, method, url, of_client=client_of(who, "own"))
            check(answer, name, who, method, rules.other_method(name, who), f"{who} {method} {url}")


@pytest.mark.parametrize("name", [each for each in ADDRESSES if each.partition(":")[0] in rules.OF_A_CLIENT])
def test_what_is_anothers_answers_byte_for_byte_as_what_does_not_exist(table: Table, name: str) -> None:
    crowd, is_api = table.crowd, name.startswith("api_")
    nothing = url_of_nothing(url_of(crowd, name, "own"))
    for who in OF_THE_CLIENT:
        for method in ("get", "post"):
            sent = None if method == "get" else document(crowd, name, "own") if is_api else form(crowd, "own")
            none = table.ask(who, method, nothing, sent, of_client=NUMBERS["own"], json=is_api)
            for target in TARGETS[1:]:
                url = url_of(crowd, name, target)
                theirs = table.ask(who, method, url, sent, of_client=NUMBERS["own"], json=is_api)
                assert (theirs.status, theirs.body) == (none.status, none.body), f"{who} {method} {url}"
                assert theirs.headers == none.headers, f"{who} {method} {url}"
