"""Theme and language, chosen from any page."""

import pytest


def test_the_theme_is_kept_in_a_cookie_and_served_from_then_on(client, db):
    answer = client.post("/account/theme/", {"theme": "dark", "next": "/account/login/"})
    assert answer["Location"] == "/account/login/"
    assert 'data-bs-theme="dark"' in client.get("/account/login/").content.decode()


def test_a_theme_that_does_not_exist_changes_nothing(client, db):
    client.post("/account/theme/", {"theme": "pink"})
    assert "theme" not in client.cookies


def test_the_language_is_kept_with_the_person(client, world):
    client.force_login(world.claire)
    client.post("/account/language/", {"language": "en", "next": "/account/profile/"})
    world.claire.refresh_from_db()
    assert world.claire.language == "en"
    assert '<html lang="en"' in client.get("/account/profile/").content.decode()


def test_a_stranger_s_language_is_kept_in_a_cookie(client, db):
    client.post("/account/language/", {"language": "en"})
    assert '<html lang="en"' in client.get("/account/login/").content.decode()


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_a_choice_never_leads_to_another_site(client, db, address):
    for path, values in (("theme", {"theme": "dark"}), ("language", {"language": "en"})):
        assert client.post(f"/account/{path}/", {**values, "next": address})["Location"] == "/"


def test_a_language_that_is_not_spoken_changes_nothing(client, world):
    client.force_login(world.claire)
    client.post("/account/language/", {"language": "de"})
    world.claire.refresh_from_db()
    assert world.claire.language == "fr"


def test_choices_are_made_by_sending_a_form(client, db):
    assert client.get("/account/theme/").status_code == 405
    assert client.get("/account/language/").status_code == 405
