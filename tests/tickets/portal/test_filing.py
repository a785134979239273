"""Filing an anomaly: who may, what is kept, what is promised, what is refused."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Solution, Training, User
from sla.models import Calendar, Contract
from tests.world import World, paris
from tickets.models import Draft, Ticket

MONDAY_EVENING = paris("2026-11-23 17:40")
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)


@pytest.fixture(autouse=True)
def monday_evening(db):
    """Every test of this page happens on Monday 23 November 2026 at 17:40 in Paris, in English."""
    with time_machine.travel(MONDAY_EVENING, tick=False):
        yield


def in_english(person: User) -> User:
    person.language = "en"
    person.save()
    return person


def anomaly(world: World, **changed: object) -> dict[str, object]:
    return {
        "contract": world.contract.pk,
        "title": "L'export comptable s'arrête",
        "description": "Le fichier est **vide**.",
        "steps": "Ouvrir\nExporter",
        "affected_version": "4.2",
        "environment": "production",
        "severity": "bloquante",
        **changed,
    }


def test_a_trained_person_files_and_reads_both_deadlines(client, world: World) -> None:
    client.force_login(in_english(world.claire))
    answer = client.post("/file/", anomaly(world), follow=False)
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/tickets/{ticket.pk}/")
    assert (ticket.reporter, ticket.client, ticket.contract) == (world.claire, world.client, world.contract)
    assert (ticket.title, ticket.steps, ticket.affected_version) == (
        "L'export comptable s'arrête", "Ouvrir\nExporter", "4.2",
    )  # fmt: skip
    assert (ticket.severity_claimed, ticket.environment) == ("bloquante", "production")
    # 20 minutes are left on Monday; 2 hours and 24 hours of opening later:
    assert ticket.acknowledge_due_at == paris("2026-11-24 10:40")
    assert ticket.resolve_due_at == paris("2026-11-26 14:40")
    [said] = [str(message) for message in answer.wsgi_request._messages]
    assert f"#{ticket.pk}" in said
    assert "Tuesday 24 November, 10:40" in said
    assert "Thursday 26 November, 14:40" in said


def test_filing_by_script_leads_the_browser_to_the_ticket(client, world: World) -> None:
    client.force_login(world.claire)
    answer = client.post("/file/", anomaly(world), headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == Ticket.objects.get().get_absolute_url()


def test_the_files_are_joined_under_their_content_s_own_type(client, world: World) -> None:
    client.force_login(world.claire)
    files = [SimpleUploadedFile("écran.png", PNG, "text/html"), SimpleUploadedFile("trace.log", b"ligne\n")]
    client.post("/file/", anomaly(world, attachments=files))
    joined = Ticket.objects.get().attachments.values_list("name", "content_type", "size")
    assert list(joined) == [("écran.png", "image/png", len(PNG)), ("trace.log", "text/plain", 6)]


def test_a_disguised_file_is_refused_and_what_was_typed_stays(client, world: World) -> None:
    client.force_login(in_english(world.claire))
    fake = SimpleUploadedFile("notice.pdf", PNG)
    answer = client.post("/file/", anomaly(world, attachments=[fake]))
    assert answer.status_code == 422
    assert not Ticket.objects.exists()
    page = answer.content.decode()
    assert "“notice.pdf” does not hold what its name says" in page
    assert "The files were not kept: please choose them again." in page
    assert "Le fichier est **vide**." in page
    assert 'value="bloquante"' in page.split(" checked")[0].rpartition("<input")[2]


@pytest.mark.parametrize("missing", ["contract", "title", "description", "severity"])
def test_what_is_needed_is_said_beside_its_field(client, world: World, missing: str) -> None:
    client.force_login(world.claire)
    answer = client.post("/file/", anomaly(world, **{missing: ""}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [missing]
    assert not Ticket.objects.exists()


def test_the_contract_of_another_client_cannot_be_named(client, world: World) -> None:
    client.force_login(world.claire)
    answer = client.post("/file/", anomaly(world, contract=world.other_contract.pk))
    assert list(answer.context["form"].errors) == ["contract"]
    assert not Ticket.objects.exists()


def test_only_the_solutions_one_is_trained_for_are_offered(client, world: World) -> None:
    Contract.objects.create(
        reference="C-2", client=world.client, solution=world.other_solution, policy=world.contract.policy,
        calendar=world.contract.calendar, starts_on=date(2025, 1, 1),
    )  # fmt: skip
    client.force_login(world.claire)
    answer = client.get("/file/")
    assert [each.solution for each in answer.context["form"].contracts] == [world.solution]
    [other] = answer.context["refusals"]
    assert (other.solution, other.colleagues) == (world.other_solution, [])


def test_the_versions_already_given_by_the_organisation_are_offered_and_no_other(
    client, world: World
) -> None:
    world.file(affected_version="4.1")
    theirs = Ticket.objects.get()
    Ticket.objects.filter(pk=theirs.pk).update(affected_version="4.1")
    client.force_login(world.claire)
    assert client.get("/file/").context["versions"] == ["4.1"]
    client.force_login(world.olivia)
    assert client.get("/file/").context["versions"] == []


def test_an_untrained_person_reads_who_may_file_and_how_to_get_trained(client, world: World) -> None:
    client.force_login(in_english(world.lucas))
    for answer in (client.get("/file/"), client.post("/file/", anomaly(world))):
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "You have not been trained to administer this solution." in page
        assert "Claire Fontaine" in page
        assert "formation@vendor.example" in page
        assert "Olivia" not in page
        assert 'name="description"' not in page
    assert not Ticket.objects.exists()


def test_an_expired_training_is_refused_with_its_last_day(client, world: World) -> None:
    Training.objects.filter(person=world.claire).update(expires_on=date(2026, 11, 22))
    client.force_login(in_english(world.claire))
    answer = client.get("/file/")
    assert answer.status_code == 403
    assert "Your training expired on Sunday 22 November." in answer.content.decode()
    assert "Nobody in your organisation has a valid training" in answer.content.decode()


def test_on_its_last_day_a_training_still_allows(client, world: World) -> None:
    Training.objects.filter(person=world.claire).update(expires_on=date(2026, 11, 23))
    client.force_login(world.claire)
    assert client.get("/file/").status_code == 200


@pytest.mark.parametrize("name", ["rachel", "marc"])
def test_who_only_reads_is_told_who_files(client, world: World, name: str) -> None:
    client.force_login(getattr(world, name))
    answer = client.get("/file/")
    assert answer.status_code == 403
    assert "Claire Fontaine" in answer.content.decode()


def test_without_a_contract_in_force_the_page_says_so(client, world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(ends_on=date(2026, 11, 22))
    client.force_login(in_english(world.claire))
    answer = client.get("/file/")
    assert answer.status_code == 403
    assert "no contract in force today" in answer.content.decode()


def test_the_vendor_is_pointed_to_registering(client, world: World) -> None:
    client.force_login(world.agnes)
    answer = client.get("/file/")
    assert answer.status_code == 403
    assert 'href="/register/"' in answer.content.decode().split("<main")[1]
    client.force_login(world.paul)
    assert 'href="/register/"' not in client.get("/file/").content.decode().split("<main")[1]


def test_a_calendar_never_published_is_said_and_nothing_is_half_written(client, world: World) -> None:
    world.contract.calendar = Calendar.objects.create(name="Vide")
    world.contract.save()
    client.force_login(in_english(world.claire))
    answer = client.post("/file/", anomaly(world))
    assert answer.status_code == 422
    assert "The deadlines of this contract cannot be computed" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_without_scripts_the_deadlines_of_every_severity_are_on_the_page(client, world: World) -> None:
    client.force_login(in_english(world.claire))
    promised = client.get("/file/").context["form"].promised_now()
    assert [(str(each.severity), each.acknowledge, each.resolve) for each in promised] == [
        ("bloquante", "Tuesday 24 November, 10:40", "Thursday 26 November, 14:40"),
        ("majeure", "Tuesday 24 November, 12:40", "Wednesday 2 December, 17:40"),
        ("mineure", "Thursday 26 November, 14:40", "no commitment"),
    ]


def test_a_draft_comes_back_says_so_and_goes_when_filed(client, world: World) -> None:
    client.force_login(in_english(world.claire))
    client.post("/drafts/file/", anomaly(world, severity="majeure"))
    answer = client.get("/file/")
    page = answer.content.decode()
    assert "was restored" in page
    assert "Le fichier est **vide**." in page
    client.post("/file/", anomaly(world))
    assert not Draft.objects.exists()
    assert "was restored" not in client.get("/file/").content.decode()


def test_a_draft_survives_a_form_sent_back(client, world: World) -> None:
    client.force_login(world.claire)
    client.post("/drafts/file/", anomaly(world))
    client.post("/file/", anomaly(world, title=""))
    assert Draft.objects.count() == 1


def test_a_stranger_is_asked_to_sign_in(client, world: World) -> None:
    answer = client.get("/file/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/")


@pytest.mark.parametrize("trainings", [1, 3])
def test_the_page_has_a_price(client, world: World, django_assert_num_queries, trainings: int) -> None:
    for number in range(trainings - 1):
        solution = Solution.objects.create(name=f"Solution {number}", code=f"solution-{number}")
        Contract.objects.create(
            reference=f"C-{number}", client=world.client, solution=solution, policy=world.contract.policy,
            calendar=world.contract.calendar, starts_on=date(2025, 1, 1),
        )  # fmt: skip
        Training.objects.create(
            client=world.client,
            person=world.claire,
            solution=solution,
            trained_on=date(2025, 1, 15),
            trainer="F",
        )
    client.force_login(world.claire)
    client.post("/drafts/file/", anomaly(world))
    client.get("/file/")
    # Session, person, contracts, draft; the client, its other contracts, one's trainings; the training that
    # lets one read all, the versions given; the two versions in force.
    with django_assert_num_queries(11):
        client.get("/file/")


def test_filing_has_a_price_and_writes_the_ticket_once(
    client, world: World, django_assert_num_queries
) -> None:
    client.force_login(world.claire)
    client.post("/file/", anomaly(world))
    # Session, person; contracts, the two versions in force, the right to file; a savepoint's two ends; the ticket, its
    # history, the chain's head twice, the fact, the words, the outcome, the effects; the team, the deputies, the mails;
    # the draft.
    with django_assert_num_queries(20) as asked:
        assert client.post("/file/", anomaly(world)).status_code == 302
    said = [query["sql"] for query in asked.captured_queries]
    assert not [sql for sql in said if sql.startswith('UPDATE "tickets_ticket"')]
    assert len([sql for sql in said if "INSERT INTO tickets_mail" in sql]) == 1
    ticket = Ticket.objects.latest("pk")
    assert ticket.last_seq == 1
    assert {mail.recipient for mail in ticket.mails.all()} == {
        world.claire,
        world.agnes,
        world.bruno,
        world.maud,
    }
