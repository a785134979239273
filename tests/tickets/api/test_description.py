"""The description of the API: valid, complete, in both languages, and shown to people."""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from tests.tickets.api.asking import Asker
from tests.world import World
from tickets.api.description_views import description
from tickets.api.problems import KINDS
from tickets.record.forms import FORMS
from tickets.transitions import TIMETABLE
from tickets.workflow import TABLE


def operations(language: str = "en") -> dict[str, dict]:
    return {
        said["operationId"]: said
        for methods in description(language)["paths"].values()
        for said in methods.values()
    }


def test_the_description_is_valid_without_a_warning() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=io.StringIO())
    assert description("en")["openapi"].startswith("3.1")


def test_each_action_of_the_workflow_has_its_operation() -> None:
    known = operations()
    for row in TABLE:
        assert (f"tickets_{row.action}" in known) == (row.who != TIMETABLE), row.action


def test_an_action_takes_the_fields_of_its_form_and_no_other() -> None:
    document = description("en")
    for action, form in FORMS.items():
        content = operations()[f"tickets_{action}"]["requestBody"]["content"]
        shape = document["components"]["schemas"][
            content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        ]
        assert set(shape["properties"]) == set(form.base_fields) - {"attachments"}
        assert shape["additionalProperties"] is False
        assert ("multipart/form-data" in content) == ("attachments" in form.base_fields)


def test_each_operation_says_how_it_refuses_and_needs_somebody() -> None:
    for name, said in operations().items():
        assert said["security"] == [{"token": []}, {"session": []}], name
        assert "summary" in said
        for status in ("400", "401", "429"):
            assert list(said["responses"][status]["content"]) == ["application/problem+json"]
    assert set(operations()["tickets_ask"]["responses"]) >= {
        "200",
        "403",
        "404",
        "409",
        "412",
        "413",
        "415",
        "422",
    }


def test_the_description_speaks_both_languages() -> None:
    assert operations("en")["tickets_ask"]["summary"] == "Ask a question"
    assert operations("fr")["tickets_ask"]["summary"] == "Poser une question"
    french = operations("fr")
    alike = {name for name, said in operations("en").items() if said["summary"] == french[name]["summary"]}
    assert not alike


def test_programs_and_people_read_it(world: World, client: Client) -> None:
    answer = Asker(world.rachel).get("schema")
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
    assert answer.json()["info"]["title"] == "Helpdesk"
    client.force_login(world.rachel)
    page = client.get("/api/v1/docs").content.decode()
    for name in operations():
        assert f'id="{name}"' in page
    for kind in KINDS:
        assert f'id="problem-{kind}"' in page


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_refusal_has_words(kind: str) -> None:
    status, title = KINDS[kind]
    assert 400 <= status < 500 or kind == "failed"
    assert str(title)
