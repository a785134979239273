"""Oneself: who asks, by which token, what they may do."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from tickets.api.base import ApiView
from tickets.api.openapi import Tag, operation
from tickets.api.outputs import MeOut
from tickets.api.requests import ApiRequest
from tickets.models import ApiToken
from tickets.permissions import contracts_for_filing, may_read_figures, may_register


class MeView(ApiView):
    """Whoever asks."""

    @operation("me", _("Read who you are, and what you may do"), Tag.PERSON, MeOut)
    def get(self, request: ApiRequest) -> Response:
        """Say it."""
        person, token = request.user, request.auth
        contracts = contracts_for_filing(person, timezone.now()).order_by("pk")
        said = {
            "person": person,
            "token": token if isinstance(token, ApiToken) else None,
            "may_file": list(contracts.values_list("pk", flat=True)),
            "may_register": may_register(person),
            "may_read_figures": may_read_figures(person),
        }
        return Response(MeOut(said).data)
