"""A broker that is dead or deaf empties the cache: people sign in all the same, and the proxy is told."""

import socket
import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache, caches
from django.test import Client

from tests.world import PASSWORD, World

PATIENCE = 20  # seconds, on a busy machine; with the library's own retries a deaf broker takes over 40


@pytest.fixture(params=["dead", "deaf"])
def broker_out(request, settings) -> Iterator[None]:
    """Move the cache and the broker to an address where nobody listens, or where nobody answers."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        if request.param == "deaf":
            bound.listen(64)
        address = f"redis://127.0.0.1:{bound.getsockname()[1]}/0"
        settings.REDIS_URL = address
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": address}}
        yield


def test_people_sign_in_without_it_and_soon(client: Client, world: World, broker_out, caplog) -> None:
    begun = time.monotonic()
    answer = client.post("/account/login/", {"login": world.claire.email, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert time.monotonic() - begun < PATIENCE
    assert "The broker does not answer" in caplog.text
    assert client.get("/portal/").status_code == 200


def test_a_wrong_password_is_still_wrong(client: Client, world: World, broker_out, caplog) -> None:
    answer = client.post("/account/login/", {"login": world.claire.email, "password": "wrong"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_proxy_is_told(world: World, broker_out) -> None:
    browser = Client(raise_request_exception=False)
    assert browser.get("/readyz").status_code == 500
    assert browser.get("/livez").status_code == 200


def test_nothing_is_found_nothing_is_kept_and_whoever_adds_is_the_first(broker_out, caplog) -> None:
    assert cache.get("one", "nothing") == "nothing"
    cache.set("one", 1)
    assert cache.get("one") is None
    assert [cache.add("lock", 1), cache.add("lock", 1), cache.delete("lock")] == [True, True, False]


def test_a_broker_that_answers_keeps_and_adds_once() -> None:
    sound = caches["default"]
    sound.delete("lock")
    assert [sound.add("lock", 1, timeout=5), sound.add("lock", 1, timeout=5)] == [True, False]
    assert sound.get("lock") == 1
    assert sound.delete("lock") is True
