"""An action of the workflow asked for by a program: the page's own attempt, form and act, refused as problems."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BoundField, ModelChoiceField
from django.urls import reverse
from rest_framework.response import Response

from tickets.actions.work import IllegalMove, StaleForm
from tickets.acts import Action, Actor
from tickets.api.etags import require_match
from tickets.api.inputs import Body, read_input
from tickets.api.problems import Refused, not_accepted, overtaken, rule_in
from tickets.api.reading import ticket_answer
from tickets.api.requests import ApiRequest
from tickets.models import Ticket
from tickets.permissions import actors_of
from tickets.record.attempt import Attempt
from tickets.record.forms import FORMS, ActionForm
from tickets.workflow import BY_ACTION, rule_of_refusal

MOST_CHOICES = 200  # rows offered for one field: beyond, a number is given without being offered

# What these do is answered by another ticket: 201, and where it is.
OPENS_A_TICKET = frozenset({Action.FOLLOW_UP, Action.SPLIT})


def require_permission(attempt: Attempt) -> None:
    """Refuse whoever has no capacity to do it, saying who has (403, C-WHO-1, C-WHO-2)."""
    if attempt.is_permitted:
        return
    found = attempt.forbidden
    by_training = Actor.TRAINED in BY_ACTION[attempt.action].who and not attempt.user.is_vendor
    raise Refused(
        "not-permitted",
        found.why,
        rule="C-WHO-1" if by_training else BY_ACTION[attempt.action].name,
        more={
            "who": list(found.who),
            "colleagues": [str(person) for person in found.colleagues],
            "training_contact": found.training_contact,
        },
    )


def act(request: ApiRequest, attempt: Attempt, body: Body) -> Response:
    """Do it, or refuse: stale (412, 409), not possible now (409), not accepted (422). All or nothing."""
    attempt = _as_it_stands(request, attempt)
    received = read_input(request, body.whole)
    if attempt.illegal:
        life = attempt.standing.life
        rule = rule_of_refusal(attempt.action, life)
        raise Refused("not-possible-now", attempt.illegal, rule=rule, more={"state": str(life.state)})
    received.data.setdefault("seen", str(attempt.standing.life.last_seq))
    form = attempt.form(received.data, received.files)
    if not form.is_valid():
        raise not_accepted(form)
    return _answer(attempt, _perform(request, attempt, form))


def _as_it_stands(request: ApiRequest, attempt: Attempt) -> Attempt:
    """Hold the ticket for a conditional act: it is judged, and acted on, as it stands and no other."""
    if "If-Match" not in request.headers:
        return attempt
    Ticket.objects.select_for_update().get(pk=attempt.ticket.pk)
    held = attempt.again()
    require_match(request, held.ticket, held.at, rule=BY_ACTION[held.action].name)
    return held


def _perform(request: ApiRequest, attempt: Attempt, form: ActionForm) -> object:
    row = BY_ACTION[attempt.action].name
    try:
        return attempt.perform(form)
    except StaleForm as stale:
        raise overtaken(stale, rule=row, by_condition="If-Match" in request.headers) from stale
    except IllegalMove as refused:
        raise Refused("not-possible-now", str(refused), rule=rule_in(str(refused)) or row) from refused
    except ValidationError as refused:
        form.refuse(refused)
        raise not_accepted(form) from refused


def _answer(attempt: Attempt, outcome: object) -> Response:
    opens = attempt.action in OPENS_A_TICKET
    number = outcome.pk if isinstance(outcome, Ticket) else attempt.ticket.pk
    document, etag = ticket_answer(attempt.user, number, attempt.at)
    headers = {"ETag": etag, **({"Location": reverse("api_ticket", args=[number])} if opens else {})}
    said = attempt.consequence(outcome)
    return Response({"said": said, "ticket": document}, 201 if opens else 200, headers=headers)


def offered_all(attempt: Attempt) -> list[dict[str, Any]]:
    """Say every action as it is for this person now, on the ticket as it was read once."""
    capacities = actors_of(attempt.user, attempt.ticket, attempt.at)
    refusals: dict[frozenset[Actor], str] = {}
    said = []
    for action in FORMS:
        each, who = replace(attempt, action=action), BY_ACTION[action].who
        if not who & capacities and who not in refusals:
            refusals[who] = each.forbidden.why
        said.append(_offered(each, "" if who & capacities else refusals[who]))
    return said


def _offered(attempt: Attempt, forbidden: str) -> dict[str, Any]:
    illegal = attempt.illegal
    form = None if forbidden or illegal else attempt.form()
    return {
        "action": str(attempt.action),
        "label": str(attempt.action.label),
        "clocks": attempt.offer.clocks,
        "permitted": not forbidden,
        "possible": form is not None,
        "why_not": forbidden or illegal,
        "who": sorted(str(actor) for actor in BY_ACTION[attempt.action].who),
        "takes": [_field(field) for field in form] if form else [],
    }


def _field(field: BoundField) -> dict[str, Any]:
    initial = field.initial
    nothing = isinstance(initial, list) or initial is None
    return {
        "name": field.name,
        "label": str(field.label),
        "required": field.field.required and field.name != "seen",
        "initial": None if nothing else str(getattr(initial, "pk", initial)),
        "choices": _choices(field),
    }


def _choices(field: BoundField) -> list[dict[str, str]]:
    if isinstance(field.field, ModelChoiceField):
        rows: QuerySet[Any] = field.field.queryset  # type: ignore[assignment]
        return [{"value": str(row.pk), "label": str(row)} for row in rows[:MOST_CHOICES]]
    choices = getattr(field.field, "choices", ())
    return [{"value": str(value), "label": str(label)} for value, label in choices if value]
