"""Error pages: they say what happened, repeat nothing, and are the same for everybody."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from tests.tickets.api.asking import Asker, problem


def test_nothing_tells_what_is_foreign_from_what_does_not_exist(client, world):
    client.force_login(world.olivia)
    ticket = world.file()
    foreign = client.get(ticket.get_absolute_url())
    missing = client.get("/tickets/999999/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_an_address_is_not_repeated(client, db):
    assert b"nowhere" not in client.get("/nowhere-at-all/").content


def test_a_form_without_its_token_is_refused_in_words(world):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/account/login/", {"login": world.claire.email, "password": "x"})
    assert answer.status_code == 403
    assert "403_csrf.html" in [template.name for template in answer.templates]


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_stands_without_a_request_in_both_languages(name, language):
    with translation.override(language):
        page = render_to_string(f"{name}.html")
    assert f'<html lang="{language}"' in page
    assert "csrfmiddlewaretoken" not in page
    assert "style=" not in page


def test_a_failure_under_the_api_is_a_problem_document_and_elsewhere_a_page(world, monkeypatch):
    def fail(*_given, **_named):
        raise RuntimeError("a secret of the machine")

    asker = Asker(world.claire)
    asker.browser.raise_request_exception = False
    ticket = world.file()
    monkeypatch.setattr("tickets.api.ticket_views.find_ticket", fail)
    said = asker.get(f"tickets/{ticket.pk}")
    assert problem(said, 500, "failed")["rule"] is None
    assert "secret" not in said.content.decode()
    monkeypatch.setattr("tickets.record.page.find_ticket", fail)
    person = Client(raise_request_exception=False)
    person.force_login(world.claire)
    page = person.get(ticket.get_absolute_url())
    assert page.status_code == 500
    assert page.headers["Content-Type"].startswith("text/html")
    assert "secret" not in page.content.decode()
