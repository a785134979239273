"""The access table: every address × method × role, on one's own client, on another, and on two twins by prefix.

What is expected is declared by rule (rules.py), never recorded. Each cell is one request; its writings are compared
with what its row allows, the rows of every other client with what they were, and all that it says with the canary.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.access import own_affairs, rules
from tests.access.asking import document, form, question, url_of, url_of_nothing
from tests.access.cells import Answer, Table
from tests.access.crowd import ANONYMOUS, CANARY, NUMBERS, OF_THE_CLIENT, OF_THE_VENDOR, ROLES, TARGETS, Crowd
from tests.access.own_affairs import OWN_AFFAIRS
from tests.test_access import GET, routes

pytestmark = pytest.mark.django_db
PAGE_ACTIONS = sorted(name for name in rules.PAGES_POST if name.startswith("ticket_action:"))
ADDRESSES = sorted((set(GET) - {"ticket_action"}) | set(PAGE_ACTIONS))
SIGN_IN = "/account/login/"
# The schema, the static documentation and a page that streams a drawing are asked for once, of oneself.
COSTLY = {"statement_pdf", "api_ticket_statement_pdf", "api_monthly_report_pdf"}


def client_of(who: str, target: str, name: str = "") -> int | None:
    """Return whose rows a role may change at most: its own client's, the one acted upon for the vendor, or none."""
    if who == ANONYMOUS:
        return 0
    if who in rules.writers(name) and name in rules.OF_MANY_CLIENTS:
        return None
    return NUMBERS[target] if who in OF_THE_VENDOR else NUMBERS["own"]


def check(
    answer: Answer,
    name: str,
    who: str,
    method: str,
    expected: set[int] | frozenset[int],
    cell: str,
    going: str = "",
) -> None:
    """Fail when an answer is not the row's, tells what is not its reader's, or wrote where the row says nothing."""
    if name in OWN_AFFAIRS:
        exactly = own_affairs.expected(name, who, method, is_stranger=who not in rules.SIGNED_IN, going=going)
        said = answer.location.partition("?")[0] if answer.status == rules.AWAY else answer.status
        assert said == exactly, f"{cell}: {said}, not {exactly}"
    else:
        assert answer.status in expected, f"{cell}: {answer.status}, not in {sorted(expected)}"
    if who not in OF_THE_VENDOR:
        assert CANARY.lower().encode() not in answer.said, (
            f"{cell} tells of another client or of an internal note"
        )
    if (
        who not in rules.SIGNED_IN
        and answer.status == rules.AWAY
        and name not in OWN_AFFAIRS.keys() | rules.PAGES_POST.keys()
    ):
        assert answer.location.startswith(SIGN_IN), cell
    excess = answer.touched - rules.may_touch(name, method, who)
    assert not excess, f"{cell} wrote in {sorted(excess)}"


def test_every_address_is_in_the_table() -> None:
    assert set(routes()) == set(GET)
    described = {name.partition(":")[0] for name in rules.PAGES_POST}
    assert described <= set(GET)
    assert set(GET) >= rules.OF_A_CLIENT
    assert set(OWN_AFFAIRS) <= set(GET)
    assert own_affairs.names_in_the_table() <= set(OWN_AFFAIRS)


@dataclass(frozen=True)
class Row:
    """One address of the table."""

    name: str

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api_")

    @property
    def is_about_a_client(self) -> bool:
        return self.name.partition(":")[0] in rules.OF_A_CLIENT

    def cells(self) -> Iterator[tuple[str, str, str]]:
        """Say whom to ask for: of one's own everybody; of another's, whoever something could be told to.

        The vendor's people have every client's objects: an address that is about none of them is asked once.
        """
        for target in TARGETS:
            for who in ROLES:
                if target == "own" or self.is_about_a_client or who in OF_THE_CLIENT:
                    if target == "short" and who not in OF_THE_CLIENT:
                        continue
                    if target == "own" or not (self.name in COSTLY and who in OF_THE_VENDOR):
                        yield target, who, "get"
                    if target == "own" or self.is_about_a_client or rules.writers(self.name):
                        yield target, who, "post"

    def address(self, crowd: Crowd, target: str, method: str) -> str:
        """Return what to ask: of another's, with questions where the address itself names nobody."""
        url = url_of(crowd, self.name, target)
        asks = method == "get" and target != "own" and not self.is_about_a_client
        return url + question(crowd, target) if asks else url

    def body(self, crowd: Crowd, target: str, method: str) -> object:
        if method == "get":
            return None
        return document(crowd, self.name, target) if self.is_api else form(crowd, target)


def expected_of(name: str, who: str, method: str, target: str) -> set[int] | frozenset[int]:
    return (rules.reading if method == "get" else rules.writing)(name, who, target)


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_cell_answers_as_its_row_says(table: Table, name: str) -> None:
    crowd, row = table.crowd, Row(name)
    for target, who, method in row.cells():
        url, body = row.address(crowd, target, method), row.body(crowd, target, method)
        notes = name == "ticket" and who in OF_THE_VENDOR  # how far each agent has read
        owner = 0 if method == "get" and not notes else client_of(who, target, name)
        answer = table.ask(who, method, url, body, of_client=owner, json=row.is_api)
        going = crowd.tickets[target].get_absolute_url() if "next=" in url else ""
        cell = f"{who} {method} {url}"
        check(answer, name, who, method, expected_of(name, who, method, target), cell, going)
        if target != "own" and row.is_about_a_client and who in OF_THE_CLIENT:
            same_as_nothing(table, row, who, method, body, answer, url)


def same_as_nothing(
    table: Table, row: Row, who: str, method: str, body: object, theirs: Answer, url: str
) -> None:
    """Fail unless another client's object answers byte for byte as one that does not exist."""
    none = table.of_nothing.get((who, method))
    if none is None:
        nothing = url_of_nothing(url_of(table.crowd, row.name, "own"))
        none = table.ask(who, method, nothing, body, of_client=0, json=row.is_api)
        table.of_nothing[who, method] = none
    assert (theirs.status, theirs.headers, theirs.body) == (none.status, none.headers, none.body), (
        f"{who} {method} {url}"
    )


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_other_method_does_anything(table: Table, name: str) -> None:
    url = url_of(table.crowd, name, "own")
    for who in ROLES:
        for method in ("put", "delete"):
            answer = table.ask(who, method, url, of_client=0)
            check(answer, name, who, method, rules.other_method(name, who), f"{who} {method} {url}")
