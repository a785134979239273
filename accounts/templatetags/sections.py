"""Which part of the application a page belongs to, for the main navigation."""

from django import template

register = template.Library()


@register.simple_tag
def standing_under(path: str, *addresses: str) -> str:
    """Return ARIA's word for a link to the first address: "page" on it, "true" below any of them, else nothing."""
    found = [address for address in addresses if address]
    if found and path == found[0]:
        return "page"
    return "true" if path.startswith(tuple(found)) else ""
