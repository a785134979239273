"""With every ORM filter switched off, the wall alone keeps two clients apart: the proof that it is one."""

import pytest
from django.urls import reverse

from sla import permissions as terms
from tests.test_access import (
    CANARY,
    GET,
    OF_A_TICKET,
    Scene,
    address,
    scene,  # noqa: F401  (a fixture)
)
from tickets.models import Ticket, TicketQuerySet
from tickets.models.conversation import AttachmentQuerySet, MessageQuerySet

CLIENTS = ("rachel", "lucas", "claire", "marc")
LISTS = {
    "portal": ["?state=all", "?q={canary}", "?view=organisation", "?size=100"],
    "organisation": ["?state=all", "?q={canary}", "?size=100"],
    "similar": ["?title={canary}+titre&contract={contract}", "?title={canary}+titre"],
    "promise": ["?contract={contract}&severity=majeure"],
    "board": ["?client={client}"],
    "board_tickets": ["?client={client}&figure=received"],
    "file": ["?contract={contract}"],
    "simulator": ["?contract={contract}"],
}


def everything(rows: object, *_users: object, **_at: object) -> object:
    """Stand for a filter that was forgotten."""
    return rows


@pytest.fixture
def switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every reader see every row, as far as the ORM knows."""
    for queryset in (TicketQuerySet, MessageQuerySet, AttachmentQuerySet):
        monkeypatch.setattr(queryset, "visible_to", everything)
    monkeypatch.setattr(terms, "_contracts_of", lambda _user: terms.Contract.objects.all())


def read(scene: Scene, who: str, url: str) -> tuple[int, str]:  # noqa: F811
    response = scene.browsers[who].get(url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, f"{response.headers}\n{body.decode('utf-8', 'replace')}"


def assert_nothing_of_theirs(scene: Scene, who: str, url: str) -> None:  # noqa: F811
    _status, text = read(scene, who, url)
    text = text.replace(f'value="{CANARY}"', "").replace(f"value=&quot;{CANARY}", "")
    for word in (
        f"{CANARY} ", scene.world.other_client.name, scene.world.other_contract.reference,
        scene.world.olivia.email, scene.world.olivia.last_name,
    ):  # fmt: skip
        assert word not in text, f"{who} reads {word!r} at {url}"


def test_the_filter_is_off_indeed(scene: Scene, switched_off: None) -> None:  # noqa: F811
    assert set(Ticket.objects.visible_to(scene.world.rachel, at=None)) == {scene.ticket, scene.theirs}
    assert read(scene, "rachel", scene.ticket.get_absolute_url())[0] == 200, "she may not, with the filter on"


@pytest.mark.parametrize("name", sorted(GET))
def test_no_page_shows_a_row_of_another_client(scene: Scene, switched_off: None, name: str) -> None:  # noqa: F811
    queries = [
        query.format(
            canary=CANARY, client=scene.world.other_client.pk, contract=scene.world.other_contract.pk
        )
        for query in ["", *LISTS.get(name, [])]
    ]
    for who in CLIENTS:
        if name == "account_logout" or (name in OF_A_TICKET and name == "ticket_reply"):
            continue
        for query in queries:
            assert_nothing_of_theirs(scene, who, address(name, scene.ticket) + query)


@pytest.mark.parametrize("name", OF_A_TICKET)
def test_another_clients_object_is_still_not_found(scene: Scene, switched_off: None, name: str) -> None:  # noqa: F811
    foreign = address(name, scene.theirs)
    nowhere = (
        reverse("attachment", args=[999_999])
        if name == "attachment"
        else foreign.replace(f"/{scene.theirs.pk}/", "/999999/")
    )
    for who in CLIENTS:
        answers = [read(scene, who, url) for url in (foreign, nowhere)]
        assert answers[0] == answers[1], who
        assert answers[0][0] == 404


def test_the_file_of_an_internal_note_is_still_the_vendors_alone(scene: Scene, switched_off: None) -> None:  # noqa: F811
    url = reverse("attachment", args=[scene.ticket.attachments.get(message__is_internal=True).pk])
    assert {read(scene, who, url)[0] for who in CLIENTS} == {404}
    assert read(scene, "agnes", url)[0] == 200
