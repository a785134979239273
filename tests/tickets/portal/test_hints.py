"""What the forms answer while one types: promised deadlines, resembling tickets, a preview, the draft."""

import pytest
import time_machine

from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion, default_targets
from tests.world import World, paris
from tickets.actions import client as client_actions
from tickets.actions.filing import Filing, file_ticket
from tickets.drafts import LONGEST
from tickets.models import Draft, Ticket

TITLE = "L'export comptable s'arrête à mi-chemin"


@pytest.fixture(autouse=True)
def monday_evening(db):
    with time_machine.travel(paris("2026-11-23 17:40"), tick=False):
        yield


@pytest.fixture
def claire(client, world: World):
    world.claire.language = "en"
    world.claire.save()
    client.force_login(world.claire)
    return client


def theirs(world: World, title: str = TITLE) -> Ticket:
    filing = Filing(title=title, description="Chez l'autre.", severity="majeure")
    return file_ticket(world.other_contract, filing, by=world.olivia, at=paris("2026-04-28 10:30"))


@pytest.mark.parametrize(
    ("severity", "words"),
    [
        ("bloquante", ("acknowledgement at the latest on Tuesday 24 November, 10:40; "
                      "resolution at the latest on Thursday 26 November, 14:40")),
        ("majeure", ("acknowledgement at the latest on Tuesday 24 November, 12:40; "
                    "resolution at the latest on Wednesday 2 December, 17:40")),
        ("mineure", "acknowledgement at the latest on Thursday 26 November, 14:40; resolution: no commitment"),
    ],
)  # fmt: skip
def test_a_severity_says_what_would_be_promised_now(claire, world: World, severity: str, words: str) -> None:
    answer = claire.get("/file/promise/", {"contract": world.contract.pk, "severity": severity})
    assert f"Filed now: {words}." in answer.content.decode()


def test_the_words_are_in_the_reader_s_own_time_zone(claire, world: World) -> None:
    world.claire.time_zone = "Indian/Reunion"
    world.claire.save()
    answer = claire.get("/file/promise/", {"contract": world.contract.pk, "severity": "bloquante"})
    assert "Tuesday 24 November, 13:40" in answer.content.decode()


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"severity": "bloquante"},
        {"contract": "x", "severity": "bloquante"},
        {"contract": "1", "severity": "énorme"},
    ],
)
def test_an_incomplete_question_promises_nothing(claire, question: dict[str, str]) -> None:
    answer = claire.get("/file/promise/", question)
    assert answer.status_code == 200
    assert "Choose a solution and a severity" in answer.content.decode()


def test_the_contract_of_another_client_is_promised_nothing(claire, world: World) -> None:
    answer = claire.get("/file/promise/", {"contract": world.other_contract.pk, "severity": "bloquante"})
    assert "Choose a solution and a severity" in answer.content.decode()


def test_at_the_desk_the_promise_runs_from_reception(client, world: World) -> None:
    world.agnes.language = "en"
    world.agnes.save()
    client.force_login(world.agnes)
    question = {"contract": world.contract.pk, "severity": "bloquante", "received_at": "2026-11-23T09:00"}
    page = client.get("/file/promise/", question).content.decode()
    assert (
        "Received on Monday 23 November, 9:00: acknowledgement at the latest on Monday 23 November, 11:00"
        in page
    )
    page = client.get("/file/promise/", {**question, "received_at": "2026-11-24T09:00"}).content.decode()
    assert "in the future" in page


def test_a_promise_has_a_price(claire, world: World, django_assert_num_queries) -> None:
    question = {"contract": world.contract.pk, "severity": "bloquante"}
    claire.get("/file/promise/", question)  # the versions are compiled once a process
    # Session, person, the contract if the person may use it, the two versions in force.
    with django_assert_num_queries(5):
        claire.get("/file/promise/", question)


def test_open_tickets_that_resemble_are_suggested(claire, world: World) -> None:
    ticket = world.file(title=TITLE)
    world.file(title="Imprimante muette")
    page = claire.get("/file/similar/", {"title": "export comptable"}).content.decode()
    assert f'href="/tickets/{ticket.pk}/"' in page
    assert "Imprimante" not in page


def test_another_client_s_title_is_never_suggested(claire, world: World) -> None:
    other = theirs(world)
    for question in ({"title": TITLE}, {"title": TITLE, "client": world.other_client.pk}):
        page = claire.get("/file/similar/", question).content.decode()
        assert "export" not in page
        assert f"/tickets/{other.pk}/" not in page


def test_not_even_the_existence_of_another_client_shows(claire, world: World) -> None:
    world.file(title=TITLE)
    answers = [
        claire.get("/file/similar/", {"title": TITLE, "client": number}).content
        for number in (world.other_client.pk, 999_999)
    ]
    assert answers[0] == answers[1]


def test_a_closed_ticket_is_not_suggested(claire, world: World) -> None:
    ticket = world.file(title=TITLE)
    client_actions.withdraw(ticket, by=world.claire, at=paris("2026-04-28 11:00"))
    assert "export" not in claire.get("/file/similar/", {"title": TITLE}).content.decode()


def test_who_may_read_only_their_own_is_suggested_only_their_own(client, world: World) -> None:
    world.file(title=TITLE)
    client.force_login(world.rachel)
    assert "export" not in client.get("/file/similar/", {"title": TITLE}).content.decode()


def test_at_the_desk_the_suggestions_are_of_the_chosen_client(client, world: World) -> None:
    ours, other = world.file(title=TITLE), theirs(world)
    client.force_login(world.agnes)
    page = client.get("/file/similar/", {"title": TITLE, "client": world.other_client.pk}).content.decode()
    assert f"/tickets/{other.pk}/" in page
    assert f"/tickets/{ours.pk}/" not in page
    assert "/tickets/" not in client.get("/file/similar/", {"title": TITLE}).content.decode()


def test_a_suggested_title_is_escaped(claire, world: World) -> None:
    world.file(title="<script>alert(1)</script> export comptable")
    page = claire.get("/file/similar/", {"title": "<script>alert(1)</script> export"}).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("title", ["", "exp", "x" * 201, "\x00\x00\x00\x00", "100 % des _ \\ ' cas"])
def test_any_title_may_be_typed(claire, world: World, title: str) -> None:
    world.file(title=TITLE)
    answer = claire.get("/file/similar/", {"title": title})
    assert (answer.status_code, "/tickets/" in answer.content.decode()) == (200, False)


@pytest.mark.parametrize("tickets", [1, 3])
def test_the_suggestions_have_a_price(claire, world: World, django_assert_num_queries, tickets: int) -> None:
    for number in range(tickets):
        world.file(title=f"{TITLE} {number}")
    # Session, person, the client, the training that lets one read all, the tickets.
    with django_assert_num_queries(5):
        page = claire.get("/file/similar/", {"title": TITLE}).content.decode()
    assert page.count("/tickets/") == tickets


def test_at_most_five_are_suggested(claire, world: World) -> None:
    for number in range(7):
        world.file(title=f"{TITLE} {number}")
    assert claire.get("/file/similar/", {"title": TITLE}).content.decode().count("/tickets/") == 5


def test_a_preview_shows_markdown_and_nothing_that_runs(claire) -> None:
    page = claire.post(
        "/preview/?field=description", {"description": "**gras** <script>x</script>"}
    ).content.decode()
    assert "<strong>gras</strong>" in page
    assert "<script>" not in page


def test_a_draft_keeps_the_form_s_fields_and_no_other(claire, world: World) -> None:
    claire.post("/drafts/file/", {"title": "Vide", "severity": "majeure", "client": "7", "is_staff": "1"})
    assert Draft.objects.get(person=world.claire).fields == {"title": "Vide", "severity": "majeure"}


def test_a_draft_is_written_only_if_it_changed(claire, world: World) -> None:
    claire.post("/drafts/file/", {"title": "Vide"})
    before = Draft.objects.get().updated_at
    with time_machine.travel(paris("2026-11-23 17:45"), tick=False):
        claire.post("/drafts/file/", {"title": "Vide"})
        assert Draft.objects.get().updated_at == before
        claire.post("/drafts/file/", {"title": "Vide !"})
        assert Draft.objects.get().updated_at > before


def test_nothing_typed_is_no_draft(claire) -> None:
    claire.post("/drafts/file/", {"title": "Vide"})
    claire.post("/drafts/file/", {"title": " ", "severity": "majeure"})
    assert not Draft.objects.exists()


def test_a_draft_beyond_what_the_form_accepts_is_not_kept_and_the_last_one_stays(claire) -> None:
    claire.post("/drafts/file/", {"title": "Vide"})
    answer = claire.post(
        "/drafts/file/", {"title": "Vide", "description": "x" * LONGEST}, headers={"hx-request": "true"}
    )
    assert "not kept any more" in answer.content.decode()
    assert Draft.objects.get().fields == {"title": "Vide"}


def test_a_draft_is_its_author_s_alone(claire, client, world: World) -> None:
    claire.post("/drafts/file/", {"title": "Secret de Claire"})
    client.force_login(world.olivia)
    assert "Secret de Claire" not in client.get("/file/").content.decode()


def test_without_scripts_keeping_a_draft_leads_back_to_the_form(claire) -> None:
    answer = claire.post("/drafts/file/", {"title": "Vide"})
    assert (answer.status_code, answer["Location"]) == (302, "/file/")


def test_a_draft_may_be_discarded(claire) -> None:
    claire.post("/drafts/file/", {"title": "Vide"})
    claire.post("/drafts/file/", {"discard": "1"})
    assert not Draft.objects.exists()


def test_a_form_without_drafts_is_not_found(claire) -> None:
    assert claire.post("/drafts/anything/", {"title": "x"}).status_code == 404


@pytest.mark.parametrize("path", ["/file/promise/", "/file/similar/"])
def test_a_question_is_asked_by_reading(claire, path: str) -> None:
    assert claire.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/preview/", "/drafts/file/"])
def test_what_is_sent_is_sent_by_posting(claire, path: str) -> None:
    assert claire.get(path).status_code == 405


def under(world: World, **changed: object) -> dict[str, object]:
    for name, version in changed.items():
        setattr(world.contract, name, version)
    world.contract.save()
    return {"contract": world.contract.pk, "severity": "bloquante"}


def test_a_calendar_that_never_opens_is_said_and_never_an_error(claire, world: World) -> None:
    calendar = Calendar.objects.create(name="Toujours fermé")
    CalendarVersion.objects.create(
        calendar=calendar, number=1, weekly={}, published_at=paris("2025-01-01 00:00")
    )
    answer = claire.get("/file/promise/", under(world, calendar=calendar))
    assert answer.status_code == 200
    assert "The deadlines of this contract cannot be computed" in answer.content.decode()


def test_a_policy_without_targets_is_said_and_never_an_error(claire, world: World) -> None:
    policy = Policy.objects.create(name="Sans engagements écrits")
    PolicyVersion.objects.create(policy=policy, number=1, targets={}, published_at=paris("2025-01-01 00:00"))
    answer = claire.get("/file/promise/", under(world, policy=policy))
    assert answer.status_code == 200
    assert "The deadlines of this contract cannot be computed" in answer.content.decode()


def test_a_promise_uses_the_versions_in_force_today(claire, world: World) -> None:
    PolicyVersion.objects.create(
        policy=world.contract.policy, number=2, published_at=paris("2026-11-23 12:00"),
        targets={**default_targets(), "bloquante": {"acknowledge": {"hours": 1}, "resolve": None}},
    )  # fmt: skip
    page = claire.get("/file/promise/", under(world)).content.decode()
    assert "acknowledgement at the latest on Tuesday 24 November, 9:40" in page
    # Nothing is promised for its own resolution: what is promised for a lesser severity is (K-10).
    assert "resolution at the latest on Wednesday 2 December, 17:40" in page
