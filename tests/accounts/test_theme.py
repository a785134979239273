"""The vendor's accent stays legible, whatever the colour."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from accounts.theme import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    WHITE,
    accent_on,
    contrast,
    fingerprint,
    from_hex,
    stylesheet,
    to_hex,
)

channel = st.integers(0, 255)


@given(st.tuples(channel, channel, channel))
def test_any_accent_is_read_on_every_ground_and_is_written_on(colour):
    for grounds, towards in ((LIGHT_GROUNDS, (0, 0, 0)), (DARK_GROUNDS, WHITE)):
        accent = accent_on(colour, grounds, towards)
        assert min(contrast(accent.fill, ground) for ground in (*grounds, accent.tint)) >= 4.5
        assert contrast(accent.fill, accent.on_fill) >= 4.5


def test_a_legible_accent_is_kept_as_it_is():
    assert "--hd-accent:#0b5d66;" in stylesheet("#0b5d66")


def test_black_on_white_has_the_largest_contrast():
    assert contrast((0, 0, 0), WHITE) == pytest.approx(21)


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "#0b5d66;}body{display:none", ""])
def test_nothing_but_a_colour_reaches_the_stylesheet(text):
    with pytest.raises(ImproperlyConfigured):
        stylesheet(text)


def test_a_colour_is_written_as_it_was_read():
    assert to_hex(from_hex("#0B5d66")) == "#0b5d66"


def test_the_stylesheet_is_kept_by_browsers_only_under_its_own_name(client, settings):
    settings.VENDOR_ACCENT = "#7a1f3d"
    plain = client.get("/account/theme.css")
    assert plain["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" not in plain["Cache-Control"]
    named = client.get(f"/account/theme.css?{fingerprint('#7a1f3d')}")
    assert "immutable" in named["Cache-Control"]
    assert named.content == plain.content
