"""The description of the API: valid, complete, in both languages, and shown to people."""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from tests.tickets.api.asking import Asker
from tests.world import World
from tickets.api.action_views import ACTION_VIEWS
from tickets.api.description_views import description
from tickets.api.examples import ANSWERS, REQUESTS
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


def shape_of(document: dict, schema: dict) -> dict:
    return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def test_each_write_shows_what_it_takes_and_takes_what_it_shows() -> None:
    document, shown = description("en"), 0
    for name, said in operations().items():
        content = said.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        (example,) = content["examples"].values()
        shape = shape_of(document, content["schema"])
        assert set(example["value"]) <= set(shape["properties"]), name
        assert set(example["value"]) >= set(shape.get("required", [])), name
        shown += 1
    assert shown == len(FORMS) + 5  # filing, registering, a product anomaly, changing one, delivering for it


@pytest.mark.parametrize("action", FORMS)
def test_the_example_of_an_action_is_read_without_a_mistake(action: str) -> None:
    reader = ACTION_VIEWS[action].body.json(data=REQUESTS[action], context={"is_json": True})
    assert reader.is_valid(), reader.errors


def test_tickets_lists_of_them_and_every_problem_are_shown() -> None:
    document = description("en")
    for name, said in operations().items():
        for status, answer in said["responses"].items():
            for media, content in answer.get("content", {}).items():
                shape = content["schema"].get("$ref", "").rpartition("/")[2]
                if shape in ANSWERS:
                    (example,) = content["examples"].values()
                    assert set(example["value"]) == set(
                        shape_of(document, content["schema"])["properties"]
                    ), name
                if media == "application/problem+json":
                    known = document["components"]["examples"]
                    shown = [
                        known[each["$ref"].rpartition("/")[2]]["value"]
                        for each in content["examples"].values()
                    ]
                    assert {each["status"] for each in shown} == {int(status)}, f"{name} {status}"
                    kinds = {each["type"].rpartition("#problem-")[2] for each in shown}
                    assert kinds == {kind for kind, (each, _title) in KINDS.items() if each == int(status)}
    listed = document["components"]["schemas"]["TicketLine"]["properties"]
    assert set(ANSWERS["TicketPage"]["results"][0]) == set(listed)
    assert set(ANSWERS) <= set(document["components"]["schemas"])


def test_what_an_answer_says_in_its_headers_is_described() -> None:
    known = operations()
    for name, said in known.items():
        for status, answer in said["responses"].items():
            if status != "304":
                assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(
                    answer["headers"]
                ), name
        assert "Retry-After" in said["responses"]["429"]["headers"]
    assert "Link" in known["tickets_list"]["responses"]["200"]["headers"]
    assert {"ETag", "Location", "Idempotency-Replayed"} <= set(
        known["tickets_file"]["responses"]["201"]["headers"]
    )
    assert {"ETag", "Location"} <= set(known["tickets_follow_up"]["responses"]["201"]["headers"])
    (view,) = [each for each in known["tickets_list"]["parameters"] if each["name"] == "view"]
    assert {"to_acknowledge", "my_turn"} <= set(view["schema"]["enum"])


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
