"""The description of the API, OpenAPI 3.1: what each operation is called, takes and answers."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from tickets.api.examples import answers_of, problem_of
from tickets.api.inputs import Body
from tickets.api.keyset import MOST, USUAL
from tickets.api.problems import KINDS, MEDIA_TYPE
from tickets.simulator.forms import ExactInstantField

Words = str | Promise


class ErrorOut(serializers.Serializer[Any]):
    """One field, filter or header that is refused, and why; an empty name is the whole."""

    field = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class SinceOut(serializers.Serializer[Any]):
    """An entry that the author of an act has not seen."""

    seq = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    author = serializers.CharField()
    body = serializers.CharField(allow_blank=True, help_text="The words that go with it, in Markdown.")


class ProblemOut(serializers.Serializer[Any]):
    """A problem document (RFC 9457): the kind of refusal, in words, with the rule that it applies."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    rule = serializers.CharField(
        allow_null=True,
        help_text="A rule of the contract (C-…, K-…), or “workflow:ACTION”, a row of the workflow.",
    )
    errors = ErrorOut(many=True, required=False)  # type: ignore[assignment]
    since = SinceOut(many=True, required=False, help_text="What happened that the author had not seen.")
    state = serializers.CharField(required=False, help_text="The state that the ticket is in.")
    who = serializers.ListField(child=serializers.CharField(), required=False, help_text="Who may do it.")
    colleagues = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Who may in one's place (C-WHO-2)."
    )
    training_contact = serializers.CharField(required=False, allow_blank=True)


class Tag(TextChoices):
    """The chapters of the description."""

    TICKETS = "tickets", _("Tickets")
    ACTIONS = "actions", _("Actions on a ticket")
    FILES = "files", _("Attachments")
    DESK = "desk", _("The support desk")
    ANOMALIES = "anomalies", _("Product anomalies")
    TERMS = "terms", _("What is promised")
    FIGURES = "figures", _("Figures")
    PERSON = "person", _("Oneself")


def parameter(
    name: str, words: Words, *, place: str = OpenApiParameter.QUERY, required: bool = False, **schema: Any
) -> OpenApiParameter:
    """Return a parameter, a string unless `schema` says otherwise; a repeated one is given several times."""
    said: dict[str, Any] = {"type": {"type": "string", **schema}, "location": place, "description": words}
    if schema.get("type") == "array":
        said |= {"explode": True, "style": "form"}
    return OpenApiParameter(name, required=required, **said)


def _header(name: str, words: Words, **schema: Any) -> OpenApiParameter:
    return parameter(name, words, place=OpenApiParameter.HEADER, **schema)


def _told(name: str, words: Words, *statuses: int, kind: type = str) -> OpenApiParameter:
    """Return a header of the answers of these statuses."""
    said: Any = words
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, response=list(statuses), description=said)


IDEMPOTENCY_KEY = _header(
    "Idempotency-Key",
    _(
        "Asked again under the same key within 24 hours, the act is not done twice: its answer is given again."
    ),
    pattern="^[!-~]{1,200}$",
)
IF_MATCH = _header(
    "If-Match",
    _("The ETag of the ticket as it was read: if it has changed since, 412 and nothing is written."),
)
IF_NONE_MATCH = _header(
    "If-None-Match", _("The ETag of the ticket as it was read: if it has not changed since, 304.")
)
ETAG = _told("ETag", _("The ticket's version, for If-Match."), 200)
NEW_ETAG = _told("ETag", _("The new ticket's version, for If-Match."), 201)
LOCATION = _told("Location", _("Where the new ticket is."), 201)


def listing(*orders: str) -> list[OpenApiParameter]:
    """Return the parameters by which a list is paged, with the orders that it has."""
    return [
        parameter("limit", _("Rows of a page."), type="integer", minimum=1, maximum=MOST, default=USUAL),
        parameter("cursor", _("As `next` gives it; nothing else is one.")),
        parameter("order", _("The order of the rows."), enum=list(orders), default=orders[0]),
    ]


def filters_of(filters: type[django_filters.FilterSet]) -> list[OpenApiParameter]:
    """Return the parameters by which a list is filtered."""
    return [_filter(name, each) for name, each in filters.base_filters.items()]


def _filter(name: str, each: django_filters.Filter) -> OpenApiParameter:
    schema: dict[str, Any] = {"type": "string"}
    if isinstance(each, django_filters.ModelChoiceFilter) or each.field_class is forms.IntegerField:
        schema = {"type": "integer", "minimum": 1}
    elif each.field_class is ExactInstantField:
        schema = {"type": "string", "format": "date-time"}
    elif each.extra.get("choices"):
        schema = {"type": "string", "enum": [value for value, _label in each.extra["choices"]]}
    if isinstance(each, django_filters.MultipleChoiceFilter):
        schema = {"type": "array", "items": schema}
    return parameter(name, each.label, **schema)


def page_out(name: str, row: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Return the shape of a page of a list."""
    fields = {
        "results": row(many=True),
        "next": serializers.URLField(
            allow_null=True, help_text="The following page; null: this is the last."
        ),
    }
    return type(f"{name}Page", (serializers.Serializer,), fields)


def _also_told(status: int, refused: Sequence[int], *, keyed: bool, paged: bool) -> list[OpenApiParameter]:
    """Return the headers that answers have by what the operation is: counted, repeated, paged."""
    every = (status, *refused)
    told = [
        _told("RateLimit-Limit", _("Requests that a minute takes."), *every, kind=int),
        _told("RateLimit-Remaining", _("Requests that are left of them."), *every, kind=int),
        _told("RateLimit-Reset", _("Seconds until the next minute begins."), *every, kind=int),
        _told("Retry-After", _("Seconds to wait before asking again."), 429, kind=int),
    ]
    if keyed:
        told.append(
            _told("Idempotency-Replayed", _("“true”: the answer given before under this key."), status)
        )
    if paged:
        told.append(_told("Link", _("The following page, as `next` says it."), status))
    return told


def _problems(statuses: Iterable[int]) -> list[OpenApiExample]:
    wanted = frozenset(statuses)
    known = [(kind, status, title) for kind, (status, title) in KINDS.items() if status in wanted]
    return [problem_of(kind, status, title, MEDIA_TYPE) for kind, status, title in known]


ALWAYS = (400, 401, 405, 429)
REASONS = {
    status: " / ".join(kind for kind, (each, _title) in KINDS.items() if each == status)
    for status in sorted({status for status, _title in KINDS.values()})
}


def operation(
    name: str,
    summary: Words,
    tag: Tag,
    answer: Any,
    *,
    status: int = 200,
    media: str = "application/json",
    takes: Body | None = None,
    query: Iterable[OpenApiParameter] = (),
    headers: Sequence[OpenApiParameter] = (),
    refuses: Iterable[int] = (),
    description: Words = "",
    examples: Iterable[OpenApiExample] = (),
) -> Callable[[Any], Any]:
    """Describe a view's method: its name, what it takes (as JSON, and as a form with files) and answers."""
    responses: dict[Any, Any] = {(status, media): answer}
    if IF_NONE_MATCH in headers:
        responses[304] = None
    statuses, query = sorted({*ALWAYS, *refuses}), list(query)
    keyed, paged = IDEMPOTENCY_KEY in headers, any(each.name == "cursor" for each in query)
    told = _also_told(status, statuses, keyed=keyed, paged=paged)
    for refused in statuses:
        responses[refused, MEDIA_TYPE] = OpenApiResponse(ProblemOut, description=REASONS[refused])
    request: dict[str, Any] = {}
    if takes:
        request["application/json"] = takes.json
        if takes.parts:
            request["multipart/form-data"] = takes.parts
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=description or None,
        tags=[str(tag.value)],
        parameters=[*query, *headers, *told],
        request=request or None,
        responses=responses,
        examples=[*examples, *answers_of(answer, status), *_problems(statuses)],
    )


def finish(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Close the inputs to unknown fields, name the chapters, and link a new ticket to what is done with it."""
    _strip(result)
    _share(result)
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Input"):
            schema["additionalProperties"] = False
    result["tags"] = [{"name": str(tag.value), "description": str(tag.label)} for tag in Tag]
    links = {
        operation: {"operationId": operation, "parameters": {"number": "$response.body#/number"}}
        for operation in LINKED
    }
    for path in ("/api/v1/tickets", "/api/v1/registrations"):
        result["paths"][path]["post"]["responses"]["201"]["links"] = links
    return result


LINKED = (
    "tickets_read", "tickets_clocks", "tickets_ledger", "tickets_conversation", "tickets_actions",
    "tickets_acknowledge", "tickets_ask", "tickets_answer", "tickets_deliver", "tickets_accept", "tickets_withdraw",
)  # fmt: skip


def _share(result: dict[str, Any]) -> None:
    """Say once what is the same in every operation: the headers of the quota, the examples of problems."""
    headers: dict[str, Any] = result["components"].setdefault("headers", {})
    examples: dict[str, Any] = result["components"].setdefault("examples", {})
    for methods in result["paths"].values():
        for said in methods.values():
            for answer in said["responses"].values():
                _refer(answer.get("headers", {}), headers, "headers", only="RateLimit-")
                problem = answer.get("content", {}).get(MEDIA_TYPE, {})
                _refer(problem.get("examples", {}), examples, "examples")


def _refer(said: dict[str, Any], shared: dict[str, Any], kind: str, *, only: str = "") -> None:
    for name, value in list(said.items()):
        if name.startswith(only):
            shared[name] = value
            said[name] = {"$ref": f"#/components/{kind}/{name}"}


def _strip(node: Any) -> None:
    """Take away the marks that the generator leaves beside closed lists."""
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
        for value in node.values():
            _strip(value)
    elif isinstance(node, list):
        for value in node:
            _strip(value)
