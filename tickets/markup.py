"""Markdown as people write it, turned into HTML that is safe to show."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@lru_cache(maxsize=512)
def render(text: str) -> SafeString:
    """Return the HTML of a Markdown text; raw HTML is shown as text, images and styles never pass.

    What was said does not change: a text drawn lately is not drawn again.
    """
    tokens = _parser.parse(text)
    _put_headings_under_the_pages_own(tokens)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(  # noqa: S308  (nh3 has just cleaned it)  # nosec B308 B703
        nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href", "title"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer nofollow",
        )
    )


def _put_headings_under_the_pages_own(tokens: list[Token]) -> None:
    """Begin at level 3 and skip none, whatever was typed: readers go from heading to heading."""
    above = 2
    for token in tokens:
        if token.type == "heading_open":
            above = min(int(token.tag[1]) + 2, above + 1, 6)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{above}"
