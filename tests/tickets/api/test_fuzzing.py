"""The API under generated requests: no server error, and nothing but what its description says (`make api-fuzz`)."""

import copy
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from tests.tickets.api.asking import Asker
from tests.tickets.record.lives import Lives
from tests.world import World
from tickets.api.description_views import description

MORE = int(os.environ.get("API_FUZZ", "0"))  # examples of each operation; the everyday suite takes two
FUZZ = settings(
    max_examples=MORE or 2,
    stateful_step_count=6,
    deadline=None,
    derandomize=not MORE,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CONFIG: dict[str, Any] = {
    # Who asks is a token; a session made up beside it would change nothing.
    "generation": {"with-security-parameters": False},
    "checks": {
        # What is well formed may still be refused: by a rule of the contract, or by the state of the ticket.
        "positive_data_acceptance": {"enabled": False},
        # The answer may have other headers than those described.
        "missing_required_header": {"enabled": False},
        "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 409, 412, 413, 415, 422]},
    },
}


def described(world: World, tickets: list[int]) -> Any:
    """Return the description with this world's own numbers where one is wanted, and the application behind it."""
    document = copy.deepcopy(description("en"))
    for path, methods in document["paths"].items():
        for said in methods.values():
            for parameter in said.get("parameters", []):
                if parameter["name"] == "number":
                    known = tickets if path.startswith("/api/v1/tickets/") else [world.contract.pk]
                    parameter["schema"] = {"type": "integer", "enum": [*known, 999_999]}
    for name, key in (
        ("contract", world.contract.pk),
        ("client", world.client.pk),
        ("reporter", world.claire.pk),
    ):
        for shape in ("FilingInput", "RegistrationInput"):
            if name in document["components"]["schemas"][shape]["properties"]:
                document["components"]["schemas"][shape]["properties"][name] = {
                    "type": "integer",
                    "enum": [key],
                }
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = get_wsgi_application()
    return schema


@pytest.fixture(params=["maud", "claire"])
def asker(request: pytest.FixtureRequest, world: World) -> Asker:
    return Asker(getattr(world, request.param))


@pytest.fixture
def numbers(world: World) -> list[int]:
    """Give the world tickets in several states, the last one known for an action to be legal on one of them."""
    lives = Lives(world)
    return [getattr(lives, name)().pk for name in ("new", "waiting_client", "under_test", "closed")]


@pytest.fixture
def api(world: World, numbers: list[int], settings) -> Iterator[Any]:
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 10**9
    # As Django's own test client does: the connection is the test's, no request closes it.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield described(world, numbers)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_each_operation_answers_what_it_describes(api: Any, asker: Asker, mode: GenerationMode) -> None:
    for found in api.get_all_operations():
        operation = found.ok()

        @FUZZ
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.call_and_validate(headers=asker.headers)

        with suppress(Unsatisfiable):  # nothing is wrong with an address that takes nothing
            ask()


def test_a_ticket_filed_is_followed_through_the_links_of_its_description(api: Any, asker: Asker) -> None:
    class Story(api.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": asker.headers}

        def validate_response(self, response: Any, case: Any, *_checks: Any, **sent: Any) -> None:
            case.validate_response(response, headers=asker.headers, transport_kwargs=sent)

    Story.run(settings=FUZZ)
