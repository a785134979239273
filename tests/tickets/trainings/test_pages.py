"""The register's pages: who reads, who keeps, what each form does and refuses."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Deputation, Training, User
from tests.tickets.trainings.test_attendance import LUCAS, sheet
from tests.world import World
from tickets.cells import neutral_cell
from tickets.models import Certificate
from tickets.permissions import support_day


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def english(world: World) -> None:
    User.objects.update(language="en")


@pytest.fixture
def maud(world: World) -> Browser:
    english(world)
    return signed_in(world.maud)


def shown(browser: Browser, query: str) -> set[str]:
    return {each.training.person.first_name for each in browser.get(f"/trainings/?{query}").context["rows"]}


def test_the_filters_find_by_client_solution_name_and_standing(maud: Browser, world: World) -> None:
    today = support_day(timezone.now())
    Training.objects.filter(person=world.claire).update(expires_on=today + timedelta(days=10))
    for person, days, solution in (
        (world.lucas, -1, world.solution),
        (world.marc, 400, world.other_solution),
    ):
        Training.objects.create(
            client=world.client, person=person, solution=solution, trainer="F",
            trained_on=today - timedelta(days=500), expires_on=today + timedelta(days=days),
        )  # fmt: skip
    Training.objects.create(
        client=world.client, person=world.rachel, solution=world.solution, trainer="F",
        trained_on=today + timedelta(days=5),
    )  # fmt: skip
    assert shown(maud, f"client={world.other_client.pk}") == {"Olivia"}
    assert shown(maud, f"solution={world.other_solution.pk}") == {"Marc"}
    assert shown(maud, "q=fontaine") == {"Claire"}
    assert shown(maud, "standing=soon") == {"Claire"}
    assert shown(maud, "standing=expired") == {"Lucas"}
    assert shown(maud, "standing=valid") == {"Marc", "Olivia"}
    assert shown(maud, "standing=to_come") == {"Rachel"}
    Training.objects.filter(person=world.lucas).update(ended_on=today, end_motive="Fin.")
    assert shown(maud, "standing=ended") == {"Lucas"}
    assert shown(maud, "standing=expired") == set()
    assert "not understood" in maud.get("/trainings/?client=9999999").content.decode()


def test_the_list_has_a_price(maud: Browser, world: World, django_assert_num_queries) -> None:
    Training.objects.filter(person=world.olivia).delete()
    for more in (world.lucas, None):
        with django_assert_num_queries(7):
            maud.get("/trainings/")
        if more:
            for number in range(2):
                Training.objects.create(
                    client=world.client, person=more, solution=world.solution, trainer="F",
                    trained_on=date(2025, 1, 1 + number),
                )  # fmt: skip


def test_the_table_to_take_away_holds_no_formula(maud: Browser, world: World) -> None:
    Training.objects.filter(person=world.claire).update(trainer="=1+1")
    answer = maud.get("/trainings/register.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert (
        lines[0]
        .lstrip("\ufeff")
        .startswith("client_code;person_email;solution_code;trained_on;trainer;expires_on")
    )
    assert ";'=1+1;" in lines[1]
    assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("+33", "'+33"), ("-2", "'-2"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("  =1", "'  =1"),
        ("＝1", "'＝1"), ("\n=1", "'\n=1"), ("a=1", "a=1"), ("", ""), (-2, -2), (None, None), (1.5, 1.5),
    ],
)  # fmt: skip
def test_a_cell_is_neutral(value: object, cell: object) -> None:
    assert neutral_cell(value) == cell


def test_a_training_is_recorded_corrected_and_ended_from_its_page(maud: Browser, world: World) -> None:
    said = {
        "person": world.lucas.pk, "solution": world.solution.pk, "trained_on": "2025-03-01", "trainer": "Formatrice",
    }  # fmt: skip
    answer = maud.post("/trainings/new/", said)
    training = Training.objects.get(person=world.lucas)
    assert answer["Location"] == f"/trainings/{training.pk}/"
    maud.post(f"/trainings/{training.pk}/correction/", {"trainer": "Autre", "expires_on": "2027-01-01"})
    maud.post(f"/trainings/{training.pk}/end/", {"motive": "Partie."})
    training.refresh_from_db()
    assert (training.trainer, training.expires_on, training.ended_by) == (
        "Autre",
        date(2027, 1, 1),
        world.maud,
    )
    assert [each.history_user for each in training.history.all()] == [world.maud] * 3
    page = maud.get(f"/trainings/{training.pk}/").content.decode()
    assert "Partie." in page
    assert "End this training" not in page
    assert maud.post(f"/trainings/{training.pk}/end/", {"motive": "Encore."}).status_code == 409


def test_a_form_refused_says_why_and_writes_nothing(maud: Browser, world: World) -> None:
    training = Training.objects.get(person=world.claire)
    for path, said, reason in [
        ("new/", {"person": world.agnes.pk, "solution": world.solution.pk}, "Select a valid choice"),
        (
            "new/",
            {
                "person": world.claire.pk,
                "solution": world.solution.pk,
                "trained_on": "2025-01-15",
                "trainer": "F",
            },
            "in the register already",
        ),
        (f"{training.pk}/correction/", {"trainer": "F", "expires_on": "2020-01-01"}, "before it was held"),
        (f"{training.pk}/end/", {"motive": ""}, "This field is required"),
    ]:
        answer = maud.post(f"/trainings/{path}", said)
        assert answer.status_code == 422
        assert reason in answer.content.decode()
    assert Training.objects.count() == 2
    assert maud.get("/trainings/999999/").status_code == 404


def test_a_certificate_goes_in_and_out_through_the_door_of_files(maud: Browser, world: World) -> None:
    training = Training.objects.get(person=world.claire)
    path = f"/trainings/{training.pk}/certificates/"
    disguised = SimpleUploadedFile("attestation.pdf", b"<html><script>")
    assert maud.post(path, {"certificates": [disguised]}).status_code == 422
    assert maud.post(path, {"certificates": [SimpleUploadedFile("a.txt", b"attestation")]}).status_code == 302
    certificate = Certificate.objects.get()
    assert certificate.file.name.startswith("certificates/")
    for name, status in {"marc": 200, "claire": 200, "rachel": 404, "olivia": 404, "agnes": 200}.items():
        answer = signed_in(getattr(world, name)).get(f"/certificates/{certificate.pk}/")
        assert answer.status_code == status, name
        if status == 200:
            assert b"".join(answer.streaming_content) == b"attestation"
            assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "a.txt" in signed_in(world.marc).get("/organisation/").content.decode()


def test_a_sheet_is_checked_then_recorded_without_choosing_it_again(maud: Browser, world: World) -> None:
    upload = SimpleUploadedFile("feuille.csv", sheet(LUCAS))
    page = maud.post("/trainings/attendance/", {"sheet": upload, "act": "check"})
    assert page.status_code == 200
    assert not Training.objects.filter(person=world.lucas).exists()
    checked = page.context["checked"].initial["checked"]
    answer = maud.post("/trainings/attendance/", {"checked": checked.replace("\n", "\r\n"), "act": "record"})
    assert answer["Location"] == "/trainings/"
    assert Training.objects.filter(person=world.lucas).exists()


def test_a_sheet_refused_shows_each_line_with_its_column(maud: Browser, world: World) -> None:
    upload = SimpleUploadedFile("feuille.csv", sheet(LUCAS.replace("gestia", "<b>")))
    page = maud.post("/trainings/attendance/", {"sheet": upload, "act": "record"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "1 line is refused" in text
    assert "&lt;b&gt;" in text
    assert maud.post("/trainings/attendance/", {"act": "record"}).status_code == 422
    wrong = SimpleUploadedFile("feuille.csv", "é".encode("latin-1"))
    assert "UTF-8" in maud.post("/trainings/attendance/", {"sheet": wrong}).content.decode()


def test_a_deputy_is_named_and_ended_from_the_organisation_s_page(world: World) -> None:
    english(world)
    Training.objects.create(
        client=world.client,
        person=world.lucas,
        solution=world.solution,
        trainer="F",
        trained_on=date(2025, 1, 1),
    )
    claire, today = signed_in(world.claire), support_day(timezone.now())
    said = {
        "person": world.claire.pk, "deputy": world.lucas.pk,
        "first_day": today.isoformat(), "last_day": (today + timedelta(days=3)).isoformat(),
    }  # fmt: skip
    assert claire.post("/organisation/deputies/", said).status_code == 302
    deputation = Deputation.objects.get()
    page = claire.get("/organisation/").content.decode()
    assert "stands in for Claire Fontaine" in page
    assert "deputy of Claire Fontaine until" in page
    again = claire.post("/organisation/deputies/", said)
    assert again.status_code == 422
    assert "already named" in again.content.decode()
    assert claire.post("/organisation/deputies/", {**said, "person": world.lucas.pk}).status_code == 422
    for stranger in (world.olivia, world.rachel, world.agnes):
        status = signed_in(stranger).post(f"/organisation/deputies/{deputation.pk}/end/").status_code
        assert status == (404 if stranger == world.olivia else 403)
    assert signed_in(world.lucas).post(f"/organisation/deputies/{deputation.pk}/end/").status_code == 403
    assert signed_in(world.marc).post(f"/organisation/deputies/{deputation.pk}/end/").status_code == 302
    assert "stands in for" not in claire.get("/organisation/").content.decode()
