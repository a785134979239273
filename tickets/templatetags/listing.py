"""Template tags of what surrounds a list: drawn once for what it says, the request's own address and token put in."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from tickets.templatetags.drawing import draw
from tickets.templatetags.frame import PLACE, TOKEN, filled

register = template.Library()


@register.simple_tag(takes_context=True)
def draw_tabs(context: template.Context) -> SafeString:
    """Draw the tabs of a list, each a link that keeps the filters of the address."""
    kept = context["request"].GET.copy()
    for name in ("view", "page", "saved"):
        kept.pop(name, None)
    tabs = tuple((tab.name, str(tab.label), tab.icon, tab.count, tab.is_current) for tab in context["tabs"])
    return draw("lists/tabs.html", tabs=tabs, filters=kept.urlencode())


@register.simple_tag(takes_context=True)
def draw_exports(context: template.Context, source: str) -> SafeString:
    """Draw the links that export a list (`source` is its name); the filters of the address go with it."""
    kept = context["request"].GET.copy()
    for name in ("page", "size"):
        kept.pop(name, None)
    return draw("list_exports/links.html", source=source, filters=kept.urlencode())


@register.simple_tag(takes_context=True)
def draw_display_menu(context: template.Context) -> SafeString:
    """Draw the menu of the columns and the density, with the token and the address of this request."""
    choices: dict[str, Any] = context["choices"]
    drawn = draw(
        "desk/display_menu.html",
        columns=tuple(choices["columns"]),
        density=tuple(choices["density"]),
        csrf_token=TOKEN,
        here=PLACE,
    )
    return filled(drawn, context)
