"""The back office, address by address: it opens for the platform administrator alone, and changes nothing unasked."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, reverse

from tests.access.cells import Table
from tests.access.crowd import ROLES
from tests.access.rules import LOG

pytestmark = pytest.mark.django_db
# For everybody but the platform administrator: a way to sign in, or nothing.
SHUT = {302, 403, 404, 405}
OPEN = {200, 302, 403, 404, 405}


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


NAMES = sorted(set(names(admin.site.get_urls())) - {"jsi18n", "logout"})
MODELS = {model._meta.label_lower.replace(".", "_"): model for model in admin.site._registry}
FIXED = {"app_list": ["tickets"], "view_on_site": [1, 1]}


def url_of(name: str) -> str:
    """Return the address of a page of the back office, about the first of its rows."""
    model = MODELS.get(name.rpartition("_")[0])
    arguments = FIXED.get(name, [])
    if model and name.endswith(("_change", "_delete", "_history", "_next", "_publish")):
        row = model.objects.first()
        arguments = [row.pk if row else 1]
    return reverse(f"admin:{name}", args=arguments)


@pytest.mark.parametrize("name", NAMES)
def test_the_back_office_opens_for_the_platform_administrator_alone(table: Table, name: str) -> None:
    url = url_of(name)
    for who in ROLES:
        for method in ("get", "post", "delete"):
            body = {"post": "no"} if method == "post" else None
            answer = table.ask(who, method, url, body, of_client=0)
            expected = {200, 302, 403} if name == "login" else OPEN if who == "paul" else SHUT
            assert answer.status in expected, f"{who} {method} {url}: {answer.status}"
            if who != "paul":
                assert answer.touched <= LOG, f"{who} {method} {url} wrote in {answer.touched}"
                assert answer.status != 302 or "/login/" in answer.location or name == "login", f"{who} {url}"
