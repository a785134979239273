"""The actions of the workflow, each an address of its own, made from the table."""

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from tickets.acts import Action
from tickets.api.acting import OPENS_A_TICKET, act, offered_all, require_permission
from tickets.api.base import ApiView
from tickets.api.examples import request_of
from tickets.api.idempotency import answer_once
from tickets.api.inputs import Body, body_of
from tickets.api.openapi import ETAG, IDEMPOTENCY_KEY, IF_MATCH, LOCATION, NEW_ETAG, Tag, operation
from tickets.api.outputs import OfferOut, OutcomeOut
from tickets.api.parsing import MultiPartParser, StrictJSONParser
from tickets.api.requests import ApiRequest
from tickets.record.attempt import Attempt
from tickets.record.forms import FORMS
from tickets.workflow import BY_ACTION


class OffersOut(serializers.Serializer[object]):
    """Every action of the workflow."""

    last_seq = serializers.IntegerField()
    actions = OfferOut(many=True)


class ActionsView(ApiView):
    """The actions of the workflow on one ticket."""

    @operation(
        "tickets_actions", _("List the actions, and which may be done now"), Tag.ACTIONS, OffersOut, refuses=[404],
        description=_("Each with its fields and the values that they take now, or why it is not for you or not now."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Say of each whether this person may do it now."""
        attempt = Attempt.of(request.user, number, Action.ANSWER, timezone.now())
        said = {"last_seq": attempt.standing.life.last_seq, "actions": offered_all(attempt)}
        return Response(OffersOut(said).data)


class ActionView(ApiView):
    """One action; each has a view of its own, made below."""

    action: Action
    body: Body

    def post(self, request: ApiRequest, number: int) -> Response:
        """Act, once for an idempotency key."""
        attempt = Attempt.of(request.user, number, self.action, timezone.now())
        require_permission(attempt)
        return answer_once(request, attempt.at, lambda: act(request, attempt, self.body))


def view_of(action: Action) -> type[ActionView]:
    """Return the view of an action, described from the workflow's row and from its form."""
    name = "".join(word.capitalize() for word in action.split("_"))
    body = body_of(name, FORMS[action])
    status = 201 if action in OPENS_A_TICKET else 200
    parsers = [StrictJSONParser, MultiPartParser] if body.parts else [StrictJSONParser]
    view = type(f"{name}View", (ActionView,), {"action": action, "body": body, "parser_classes": parsers})
    described = operation(
        f"tickets_{action}", action.label, Tag.ACTIONS, OutcomeOut, status=status, takes=body,
        headers=[IDEMPOTENCY_KEY, IF_MATCH, *([LOCATION, NEW_ETAG] if status == 201 else [ETAG])],
        refuses=[403, 404, 409, 412, 413, 415, 422], description=BY_ACTION[action].clocks,
        examples=[request_of(action)],
    )  # fmt: skip
    return cast("type[ActionView]", extend_schema_view(post=described)(view))


ACTION_VIEWS = {action: view_of(action) for action in FORMS}
