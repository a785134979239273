"""Icons drawn in the page itself, so that they take the text's colour and need no request."""

import re
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

NAME = re.compile(r"[a-z0-9-]+")
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
# The invisible square that the drawings open with is of no use in a page.
BACKGROUND = re.compile(r'<path stroke="none"[^>]*/>')


@lru_cache(maxsize=512)
def drawing(name: str, style: str) -> str:
    """Return the inside of an icon's drawing; LookupError for a name that the set does not have."""
    if not NAME.fullmatch(name):
        raise LookupError(f"“{name}” cannot be the name of an icon")
    path = settings.ICONS_DIR / style / f"{name}.svg"
    if not path.is_file():
        raise LookupError(f"no icon is called “{name}” ({style})")
    found = DRAWING.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise LookupError(f"the icon “{name}” has no drawing")
    return re.sub(r"\s*\n\s*", "", BACKGROUND.sub("", found.group(1)))


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, classes: str = "", style: str = "outline") -> SafeString:
    """Draw an icon of the set beside words that say the same: it is hidden from screen readers."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" width="24" height="24" fill="{}" stroke="{}" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        "{}</svg>",
        f" {classes}" if classes else "",
        "none" if style == "outline" else "currentColor",
        "currentColor" if style == "outline" else "none",
        mark_safe(drawing(name, style)),  # noqa: S308  (read from the installed set, its name checked)  # nosec B308 B703
    )
