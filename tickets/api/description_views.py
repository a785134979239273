"""The description of the API: for programs as OpenAPI, for people as a page made from it."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.generic import View
from drf_spectacular.generators import SchemaGenerator
from rest_framework.response import Response

from accounts.requests import PersonRequest
from tickets.api.base import ApiView
from tickets.api.documentation import chapters
from tickets.api.problems import KINDS
from tickets.api.requests import ApiRequest


@lru_cache
def description(language: str) -> dict[str, Any]:
    """Return the description in a language; made once a process, for it depends on the code alone."""
    with translation.override(language):
        document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


class DescriptionView(ApiView):
    """The description for programs."""

    schema = None

    def get(self, request: ApiRequest) -> Response:
        """Answer it."""
        return Response(description(request.user.language), content_type="application/vnd.oai.openapi+json")


class DocumentationView(LoginRequiredMixin, View):
    """The description for people."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show it."""
        document = description(request.user.language)
        context = {
            "chapters": chapters(document),
            "problems": [(kind, *each) for kind, each in KINDS.items()],
            "site_url": settings.SITE_URL,
        }
        return render(request, "api/documentation.html", context)
