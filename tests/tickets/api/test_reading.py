"""Reading tickets by the API: the list, one ticket and what it carries, at which price."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Client as Organisation
from accounts.models import Role, Training
from sla.models import Calendar, Contract, Policy
from tests.tickets.api.asking import Asker, problem
from tests.tickets.quotes.lives import quoted
from tests.tickets.record.lives import Lives
from tests.world import World, person
from tickets.actions import vendor
from tickets.attachments import ReceivedFile
from tickets.models import Attachment
from tickets.words import ScanState

FILERS = 9  # the transaction (2), token, client; contracts, trainings and deputies, for the people and the refusals


def numbers(answer) -> list[int]:
    return [row["number"] for row in answer.json()["results"]]


def test_a_person_lists_the_tickets_they_may_see_the_last_filed_first(world: World) -> None:
    first, second = world.file(), world.file(title="Autre chose")
    answer = Asker(world.claire).get("tickets")
    assert answer.status_code == 200
    assert numbers(answer) == [second.pk, first.pk]
    assert answer.json()["next"] is None
    assert answer["Content-Language"] == "fr"
    assert "private" in answer["Cache-Control"]
    assert numbers(Asker(world.olivia).get("tickets")) == []
    assert numbers(Asker(world.agnes).get("tickets")) == [second.pk, first.pk]


@pytest.mark.parametrize(
    ("path", "price"),
    [
        ("tickets", 2),
        ("tickets?q=export&state=new&severity=majeure", 3),
        ("figures/tickets?month=2026-04&figure=received", 2),
    ],
)
def test_a_list_has_the_same_price_for_one_row_and_for_three(
    world: World, django_assert_num_queries, path: str, price: int
) -> None:
    asker = Asker(world.maud)
    asker.get("me")  # when the token was last used is kept to the minute
    for more in (1, 2):
        for _ in range(more):
            world.file()
        with django_assert_num_queries(price + 2):  # and the request's own transaction
            assert asker.get(path).status_code == 200


def a_contract(world: World, number: int) -> None:
    """Add a client under a contract, a calendar and a policy of its own."""
    client = Organisation.objects.create(name=f"Client {number}", code=f"C{number}")
    Contract.objects.create(
        reference=f"CTR-{number}", client=client, solution=world.solution, starts_on=date(2025, 1, 1),
        calendar=Calendar.objects.create(name=f"Calendrier {number}"),
        policy=Policy.objects.create(name=f"Politique {number}"),
    )  # fmt: skip


@pytest.mark.parametrize("path", ["contracts", "calendars", "policies"])
def test_what_is_promised_has_the_same_price_for_one_row_more_and_for_three(
    world: World, django_assert_num_queries, path: str
) -> None:
    asker, rows = Asker(world.maud), []
    asker.get("me")
    for more in ([1], [2, 3]):
        for number in more:
            a_contract(world, number)
        with django_assert_num_queries(4):  # the request's own transaction, the token, the rows
            rows.append(len(asker.get(path).json()["results"]))
    assert rows[1] == rows[0] + 2


@pytest.mark.parametrize(("rest", "price"), [("conversation", 5), ("ledger", 4), ("attachments", 3)])
def test_what_a_ticket_carries_has_the_same_price_for_one_row_and_for_three(
    world: World, django_assert_num_queries, rest: str, price: int
) -> None:
    asker, ticket, rows = Asker(world.maud), Lives(world).in_progress(), []
    asker.get("me")
    for more in ([1], [2, 3]):
        for number in more:
            by = person(f"Agent {number}", Role.AGENT)
            paper = ReceivedFile(
                SimpleUploadedFile(f"{number}.txt", b"journal"), f"{number}.txt", "text/plain"
            )
            vendor.inform(ticket, by=by, at=timezone.now(), message=f"Point {number}.", attachments=[paper])
        with django_assert_num_queries(price + 2):  # and the request's own transaction
            rows.append(len(asker.get(f"tickets/{ticket.pk}/{rest}").json()["results"]))
    assert rows[1] == rows[0] + 2


def test_the_quotes_have_the_same_price_for_one_row_and_for_three(
    world: World, django_assert_num_queries
) -> None:
    asker, rows = Asker(world.maud), []
    asker.get("me")
    for more in (1, 2):
        for _ in range(more):
            quoted(world)
        with django_assert_num_queries(4):  # the request's own transaction, the token, the rows
            rows.append(len(asker.get("quotes").json()["results"]))
    assert rows == [1, 3]


def test_who_may_file_has_the_same_price_for_one_person_and_for_three(
    world: World, django_assert_num_queries
) -> None:
    asker, people = Asker(world.claire), []
    asker.get("me")
    for more in ([], [1, 2]):
        for number in more:
            colleague = person(f"Collègue {number}", Role.ADMINISTRATOR, world.client)
            Training.objects.create(
                client=world.client, person=colleague, solution=world.solution, trained_on=date(2025, 1, 15),
                trainer="Nôtre",
            )  # fmt: skip
        with django_assert_num_queries(FILERS):
            people.append(len(asker.get("filers").json()["solutions"][0]["people"]))
    assert people == [1, 3]


def test_a_ticket_is_read_with_its_clocks_and_the_actions_that_may_be_done(world: World) -> None:
    ticket = Lives(world).in_progress()
    said = Asker(world.agnes).get(f"tickets/{ticket.pk}").json()
    assert said["number"] == ticket.pk
    assert said["state"] == "in_progress"
    assert said["clocks"]["acknowledge"]["state"] in {"met", "missed"}
    assert "ask" in said["actions"]
    assert "answer" not in said["actions"]
    assert said["last_seq"] == ticket.last_seq
    mine = Asker(world.claire).get(f"tickets/{ticket.pk}").json()
    assert "answer" in mine["actions"]
    assert Asker(world.marc).get(f"tickets/{ticket.pk}").json()["actions"] == []


def test_a_strangers_ticket_and_one_that_does_not_exist_are_the_same_answer(world: World) -> None:
    ticket, stranger = world.file(), Asker(world.olivia)
    for rest in (
        "",
        "/clocks",
        "/ledger",
        "/conversation",
        "/attachments",
        "/statement",
        "/statement.pdf",
        "/actions",
    ):
        theirs, none = stranger.get(f"tickets/{ticket.pk}{rest}"), stranger.get(f"tickets/999999{rest}")
        problem(theirs, 404, "not-found")
        assert theirs.content == none.content
    assert stranger.get("tickets/99999999999999999999999").content == none.content
    assert stranger.get("nothing/of/the/kind").content == none.content


def test_the_conversation_keeps_internal_notes_for_the_vendor(world: World) -> None:
    ticket = Lives(world).waiting_client()
    vendor.note(ticket, by=world.agnes, at=timezone.now(), message="Entre nous.")
    theirs = Asker(world.agnes).get(f"tickets/{ticket.pk}/conversation").json()["results"]
    ours = Asker(world.claire).get(f"tickets/{ticket.pk}/conversation").json()["results"]
    assert [each["body"] for each in theirs][-1] == "Entre nous."
    assert [each["body"] for each in ours] == [each["body"] for each in theirs][:-1]
    assert ours[-1]["author"]["side"] == "vendor"


def test_the_ledger_is_read_in_order_and_from_its_end(world: World) -> None:
    ticket = Lives(world).waiting_client()
    asker = Asker(world.claire)
    said = asker.get(f"tickets/{ticket.pk}/ledger").json()["results"]
    assert [each["seq"] for each in said] == list(range(1, ticket.last_seq + 1))
    assert said[0]["kind"] == "received"
    assert said[0]["title"] == "Réception"
    last = asker.get(f"tickets/{ticket.pk}/ledger", {"order": "-seq", "limit": 1}).json()
    assert [each["kind"] for each in last["results"]] == ["question"]
    assert last["next"]


def test_the_clocks_say_the_time_left_in_words(world: World) -> None:
    said = Asker(world.claire).get(f"tickets/{Lives(world).waiting_client().pk}/clocks").json()
    assert said["resolve"]["state"] == "paused"
    assert said["resolve"]["business_seconds_left"] > 0
    assert said["turn"]


def test_files_are_listed_described_and_downloaded_through_the_door(world: World) -> None:
    upload = ReceivedFile(SimpleUploadedFile("journal.txt", b"journal"), "journal.txt", "text/plain")
    ticket = world.file(attachments=[upload])
    asker = Asker(world.claire)
    (said,) = asker.get(f"tickets/{ticket.pk}/attachments").json()["results"]
    assert said["name"] == "journal.txt"
    assert asker.get(f"attachments/{said['id']}").json() == said
    answer = asker.get(f"attachments/{said['id']}/content")
    assert b"".join(answer.streaming_content) == b"journal"
    assert answer["Content-Disposition"].startswith("attachment")
    stranger = Asker(world.olivia)
    for rest in ("", "/content"):
        theirs, none = (
            stranger.get(f"attachments/{said['id']}{rest}"),
            stranger.get(f"attachments/999999{rest}"),
        )
        problem(theirs, 404, "not-found")
        assert theirs.content == none.content


def test_the_statement_is_the_pages_own(world: World, client: Client) -> None:
    ticket = Lives(world).closed()
    client.force_login(world.claire)
    page = client.get(f"/tickets/{ticket.pk}/statement.json")
    assert Asker(world.claire).get(f"tickets/{ticket.pk}/statement").content == page.content
    pdf = Asker(world.marc).get(f"tickets/{ticket.pk}/statement.pdf")
    assert pdf.content.startswith(b"%PDF")


def test_each_action_says_whether_it_may_be_done_and_what_it_takes(world: World) -> None:
    ticket = Lives(world).under_test()
    said = {
        each["action"]: each
        for each in Asker(world.claire).get(f"tickets/{ticket.pk}/actions").json()["actions"]
    }
    assert said["accept"]["possible"]
    assert [field["name"] for field in said["refuse"]["takes"]] == ["seen", "motive", "attachments"]
    assert not said["judge_definitive"]["possible"]
    assert "C-WKA-1" in said["judge_definitive"]["why_not"]
    assert not said["deliver"]["permitted"]
    theirs = Asker(world.agnes).get(f"tickets/{ticket.pk}/actions").json()["actions"]
    offered = {each["action"]: each for each in theirs}
    owners = next(field for field in offered["assign"]["takes"] if field["name"] == "owner")
    assert str(world.bruno.pk) in {choice["value"] for choice in owners["choices"]}


def test_the_terms_that_concern_a_person_are_read(world: World) -> None:
    claire, agnes, rachel = Asker(world.claire), Asker(world.agnes), Asker(world.rachel)
    (mine,) = claire.get("contracts").json()["results"]
    assert mine["reference"] == world.contract.reference
    assert claire.get(f"contracts/{mine['id']}").json() == mine
    problem(claire.get(f"contracts/{world.other_contract.pk}"), 404, "not-found")
    assert len(agnes.get("contracts").json()["results"]) == 2
    problem(rachel.get("contracts"), 403, "not-permitted")
    (calendar,) = rachel.get("calendars").json()["results"]
    (version,) = rachel.get(f"calendars/{calendar['id']}/versions").json()["results"]
    assert version["document"]["timezone"] == "Europe/Paris"
    (policy,) = rachel.get("policies").json()["results"]
    (version,) = rachel.get(f"policies/{policy['id']}/versions").json()["results"]
    assert version["document"]["closing_days"] == 5


def test_who_may_file_is_said_with_why_one_may_not(world: World) -> None:
    said = Asker(world.lucas).get("filers").json()
    assert [person["name"] for person in said["solutions"][0]["people"]] == ["Claire Fontaine"]
    assert said["refusals"][0]["colleagues"][0]["name"] == "Claire Fontaine"
    agnes = Asker(world.agnes)
    assert problem(agnes.get("filers"), 400, "not-understood")["errors"][0]["field"] == "client"
    theirs = agnes.get("filers", {"client": world.other_client.pk}).json()
    assert [person["name"] for person in theirs["solutions"][0]["people"]] == ["Olivia Mercier"]
    refused = Asker(world.marc).get("filers", {"client": world.other_client.pk})
    assert problem(refused, 400, "not-understood")["errors"][0]["field"] == "client"


def test_figures_are_for_managers_over_what_they_may_see(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    said = Asker(world.maud).get("figures", {"month": "2026-04"}).json()
    assert said["month"] == "2026-04"
    assert {"label": "Tickets reçus", "number": 1} in said["flow"]
    behind = Asker(world.marc).get("figures/tickets", {"month": "2026-04", "figure": "received"})
    assert numbers(behind) == [ticket.pk]
    problem(Asker(world.claire).get("figures"), 403, "not-permitted")
    assert problem(Asker(world.maud, name="b").get("figures", {"month": "2026-13"}), 400, "not-understood")[
        "errors"
    ]


def test_the_simulator_answers_as_at_its_own_address(world: World, client: Client) -> None:
    query = {"severity": "majeure", "at": "2026-04-28T10:30:00+02:00"}
    client.force_login(world.claire)
    said = Asker(world.claire).get("simulation", query).json()
    assert said == client.get("/simulator.json", query).json()
    assert said["resolve"]["due"] == "2026-05-11T10:30:00+02:00"
    refused = Asker(world.agnes).get("simulation", {"severity": "grave", "pause": "x"})
    assert [error["field"] for error in problem(refused, 400, "not-understood")["errors"]] == [
        "severity",
        "pause[0]",
    ]


def test_one_reads_who_one_is(world: World) -> None:
    said = Asker(world.claire).get("me").json()
    assert said["person"]["email"] == world.claire.email
    assert said["token"]["name"] == "programme"
    assert said["may_file"] == [world.contract.pk]
    assert Asker(world.agnes).get("me").json()["may_register"]


@pytest.mark.parametrize("scan", [ScanState.HELD, ScanState.INFECTED])
def test_a_file_held_or_infected_does_not_leave_by_the_api_either(world: World, scan: ScanState) -> None:
    paper = ReceivedFile(SimpleUploadedFile("a.txt", b"journal"), "a.txt", "text/plain")
    world.file(attachments=[paper])
    Attachment.objects.update(scan=scan)
    answer = Asker(world.claire).get(f"attachments/{Attachment.objects.get().pk}/content")
    problem(answer, 409, "not-possible-now")
