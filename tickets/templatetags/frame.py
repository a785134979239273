"""Template tags of the frame of every page: drawn once a role, a part of the product and a person, then kept."""

from typing import Any

from django import template
from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tickets.templatetags.drawing import draw

register = template.Library()

# Characters for private use, where each request puts its own token and address.
TOKEN, PLACE = "\ue010", "\ue011"


@register.simple_tag(takes_context=True)
def draw_navigation(context: template.Context) -> SafeString:
    """Draw the main navigation; where the page stands is its route, of which there are few, rather than its address."""
    request, user = context["request"], context["user"]
    found = request.resolver_match
    path = f"{get_script_prefix()}{found.route}" if found else ""
    return draw("components/navigation.html", path=path, role=str(user.role), is_vendor=user.is_vendor)


@register.simple_tag(takes_context=True)
def draw_profile_menu(context: template.Context) -> SafeString:
    """Draw the person's own menu, with the token and the address of this request."""
    user = context["user"]
    drawn = draw(
        "components/profile_menu.html",
        name=user.get_full_name(),
        role=str(user.role),
        role_name=str(user.get_role_display()),
        is_vendor=user.is_vendor,
        organisation=user.client.name if user.client_id else "",
        theme=context["theme"],
        themes=context["themes"],
        languages=context["languages"],
        csrf_token=TOKEN,
        here=PLACE,
    )
    return filled(drawn, context)


def filled(drawn: str, context: template.Context) -> SafeString:
    """Put this request's token and address where a drawing left room for them."""
    token, address = escape(str(context["csrf_token"])), escape(context["request"].get_full_path())
    text: Any = drawn.replace(PLACE, address).replace(TOKEN, token)
    return mark_safe(text)  # noqa: S308  (a drawing, and two texts escaped)  # nosec B308 B703
