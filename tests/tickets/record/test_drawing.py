"""What is drawn once and kept: never for another year, language or zone, nor for a text that is not safe."""

import pytest
import time_machine
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from tests.world import paris
from tickets.templatetags import drawing
from tickets.templatetags.drawing import LONGEST_KEPT, draw

AT = paris("2026-12-30 10:00")


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


def entry(title: str = "Prise en compte") -> str:
    return draw(
        "record/entry.html", icon="message", title=title, details=(), author="Agnes Martin", occurred_at=AT,
        recorded_at=None,
    )  # fmt: skip


def test_a_date_gets_its_year_when_the_year_is_over() -> None:
    with time_machine.travel(paris("2026-12-31 10:00"), tick=False):
        assert "30 décembre, " in entry()
    with time_machine.travel(paris("2027-01-02 10:00"), tick=False):
        assert "30 décembre 2026, " in entry()


def test_each_language_and_zone_has_its_own() -> None:
    with time_machine.travel(paris("2026-12-31 10:00"), tick=False):
        french = entry()
        with translation.override("en"):
            assert "December" in entry()
        with timezone.override("Indian/Reunion"):
            assert entry() != french
        assert entry() == french


def test_a_text_is_escaped_though_the_same_was_drawn_as_safe() -> None:
    assert "<b>gras</b>" in entry(mark_safe("<b>gras</b>"))
    assert "&lt;b&gt;gras&lt;/b&gt;" in entry("<b>gras</b>")


def test_a_long_text_is_drawn_and_not_kept() -> None:
    before = drawing._drawn.cache_info().currsize
    assert "x" * LONGEST_KEPT in entry("x" * (LONGEST_KEPT + 1))
    assert drawing._drawn.cache_info().currsize == before
