"""What people write in Markdown, as it is shown."""

import re

import pytest

from tickets.markup import render


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("# A\n\n## B\n\n# C", "343"),
        ("## A", "3"),
        ("###### A\n\n# B", "33"),
        ("# A\n\n###### B\n\n# C\n\n## D", "3434"),
    ],
)
def test_headings_stand_under_the_pages_own_and_skip_no_level(typed: str, levels: str) -> None:
    assert "".join(re.findall(r"<h(\d)>", render(typed))) == levels
    assert "".join(re.findall(r"</h(\d)>", render(typed))) == levels


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](http://x.example/y.png)",
        "<p style='color:red'>x",
    ],
)
def test_what_a_browser_would_run_or_fetch_is_not_in_the_page(typed: str) -> None:
    assert not re.search(r"<(script|img|p style)", render(typed))


def test_a_link_leads_only_where_a_link_may() -> None:
    assert "javascript:" not in str(render("[x](javascript:alert(1))")).replace(
        "[x](javascript:alert(1))", ""
    )
    assert 'href="https://a.example/"' in render("[x](https://a.example/)")


def test_a_table_a_list_and_a_break_are_kept() -> None:
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |\n\n3. trois\n\nligne\nsuite")
    assert "<table>" in html
    assert "style" not in html
    assert '<ol start="3">' in html
    assert "ligne<br>" in html


def test_a_link_gives_nothing_to_where_it_leads():
    assert 'rel="noopener noreferrer nofollow"' in render("[x](https://a.example/)")
