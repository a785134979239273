"""The frame of every page is drawn once and kept: the token, the address and the person are each request's own."""

import re

import pytest
from django.forms import CharField, Form
from django.test import Client

from accounts.models import User
from tests.tickets.record.test_page import signed_in
from tests.world import World
from tickets.templatetags.drawing import draw_field
from tickets.templatetags.frame import PLACE, TOKEN


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def frame(browser: Client, address: str) -> str:
    page = browser.get(address).content.decode()
    assert TOKEN not in page
    assert PLACE not in page
    return page


def test_forms_of_the_menu_have_the_token_of_their_own_page(world: World) -> None:
    browser = signed_in(world.agnes)
    seen = set()
    for _twice in range(2):
        page = frame(browser, "/queue/")
        [(token)] = re.findall(r'"x-csrftoken": "([^"]+)"', page)
        assert set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)) == {token}
        seen.add(token)
    assert len(seen) == 2


def test_a_choice_of_the_menu_comes_back_to_the_page_it_was_made_on(world: World) -> None:
    browser = signed_in(world.agnes)
    for address, escaped in (("/queue/?q=a&view=all", "/queue/?q=a&amp;view=all"), ("/queue/", "/queue/")):
        page = frame(browser, address)
        assert set(re.findall(r'name="next" value="([^"]+)"', page)) == {escaped}


def test_the_navigation_says_where_the_page_stands(world: World) -> None:
    browser = signed_in(world.agnes)
    calendar = world.contract.calendar_id
    for address, said in (
        ("/queue/", '<a href="/queue/" aria-current="page">'),
        (f"/calendars/{calendar}/", '<a href="/calendars/" aria-current="true">'),
        ("/policies/", '<a href="/calendars/" aria-current="true">'),
    ):
        page = frame(browser, address)
        assert said in page
        assert page.split("</nav>")[0].count("aria-current") == 1
    assert "aria-current" not in frame(browser, world.file().get_absolute_url()).split("</nav>")[0]


def test_a_name_changed_is_said_at_once_and_each_role_has_its_own_pages(world: World) -> None:
    browser = signed_in(world.claire)
    assert "Claire Fontaine" in frame(browser, "/portal/")
    User.objects.filter(pk=world.claire.pk).update(last_name="<b>Durand</b>")
    page = frame(browser, "/portal/")
    assert "Claire &lt;b&gt;Durand&lt;/b&gt;" in page
    assert world.client.name in page
    assert 'href="/queue/"' not in page
    assert 'href="/portal/"' not in frame(signed_in(world.maud), "/queue/")


class Note(Form):
    words = CharField(label="Words")


def test_a_field_drawn_empty_is_never_shown_for_one_that_is_not() -> None:
    empty = draw_field(Note()["words"])
    assert draw_field(Note()["words"]) == empty
    assert "bonjour" in draw_field(Note(initial={"words": "bonjour"})["words"])
    assert "bonjour" in draw_field(Note({"words": "bonjour"})["words"])
    assert "is-invalid" in draw_field(Note({})["words"])
    assert draw_field(Note(auto_id="other_%s")["words"]) != empty
