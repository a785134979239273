"""What a reader reads of a page, and what a form says of its fields."""

import re
from html import unescape


def text_of(answer) -> str:
    """Return the words of a page, one space between them."""
    visible = re.sub(
        r"<svg.*?</svg>|<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL
    )
    return " ".join(unescape(visible).split())
