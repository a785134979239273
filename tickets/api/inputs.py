"""What a write takes: the fields of the page's own form, typed; the form alone says what is acceptable."""

import copy
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sla.models import CalendarVersion, PolicyVersion
from tickets.api.problems import Errors, not_understood
from tickets.api.requests import ApiRequest
from tickets.attachments import MultipleFileField
from tickets.record.forms.quotes import QuantitiesField
from tickets.simulator.forms import ExactInstantField

YES_OR_NO = {True: "yes", False: "no"}
# What a form asks as a choice between yes and no: unlike a box, it has no answer of its own.
DECISIONS = frozenset({"upheld", "feasible"})


def _is_json(field: serializers.Field) -> bool:
    return bool(field.context.get("is_json"))


class Text(serializers.CharField):
    """Words; in JSON nothing but a string is one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        """Read it; a number is no text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number; in JSON a string is none."""

    def to_internal_value(self, data: Any) -> int:
        """Read it."""
        if isinstance(data, bool) or (_is_json(self) and not isinstance(data, int | float)):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class YesOrNo(serializers.BooleanField):
    """True or false; in JSON nothing else is either."""

    default_empty_html = serializers.empty

    def to_internal_value(self, data: Any) -> bool:
        """Read it."""
        if _is_json(self) and not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(super().to_internal_value(data))


class OneOf(serializers.ChoiceField):
    """One of a closed list."""

    def to_internal_value(self, data: Any) -> str:
        """Read it; a list or an object is none."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return str(super().to_internal_value(data))


class Key(serializers.UUIDField):
    """The key of a version."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        """Read it; only its text is one."""
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantText(Text):
    """An instant with its offset from UTC; the form reads it."""


class Input(serializers.Serializer[Any]):
    """The fields of a form, as JSON or as parts of a form with files."""


class NothingInput(Input):
    """What an act takes that says everything by its address."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a write takes: `whole` reads it; `json` and `parts` (None: no files) describe its two forms."""

    whole: type[Input]
    json: type[Input]
    parts: type[Input] | None


def body_of(name: str, form: type[forms.BaseForm], **also: serializers.Field) -> Body:
    """Return what describes, and reads the types of, the fields of `form` and those added."""
    base: Mapping[str, forms.Field] = vars(form)["base_fields"]
    fields = {**also, **{field: described(known) for field, known in base.items()}}
    if "seen" in fields:
        fields["seen"] = Whole(required=False, min_value=0, help_text=SEEN)
    files = {field for field, known in base.items() if isinstance(known, MultipleFileField)}
    words = {field: known for field, known in fields.items() if field not in files}
    if not files:
        whole = _input(f"{name}Input", fields)
        return Body(whole, whole, None)
    return Body(
        _input(f"{name}WholeInput", fields),
        _input(f"{name}Input", words),
        _input(f"{name}WithFilesInput", fields),
    )


def _input(name: str, fields: Mapping[str, serializers.Field]) -> type[Input]:
    return cast("type[Input]", type(name, (Input,), copy.deepcopy(dict(fields))))


SEEN = gettext_lazy(
    "`last_seq` of the ticket as you read it: if somebody acted since, the answer is 409 and nothing is written. "
    "Without it, nor `If-Match`, the act applies to the ticket as it stands."
)


def described(field: forms.Field) -> serializers.Field:
    """Return what reads the type of a form's field; lengths, choices and labels are the form's own."""
    options: dict[str, Any] = {"required": field.required, "help_text": _words(field)}
    if isinstance(field, QuantitiesField):
        return serializers.DictField(child=Text(), **options)
    if isinstance(field, MultipleFileField):
        return serializers.ListField(child=serializers.FileField(use_url=False), required=False)
    if isinstance(field, forms.ModelChoiceField):
        keyed = field.queryset.model in {CalendarVersion, PolicyVersion}  # type: ignore[union-attr]
        return Key(**options) if keyed else Whole(**options, min_value=1)
    if isinstance(field, ExactInstantField):
        return InstantText(**options)
    if isinstance(field, forms.BooleanField):
        return YesOrNo(**{**options, "default": False, "required": False})
    if isinstance(field, forms.ChoiceField):
        coerce = getattr(field, "coerce", None)
        if isinstance(coerce, type) and issubclass(coerce, Enum):
            return OneOf(choices=[each.value for each in coerce], **options)
        values = [str(value) for value, _label in field.choices if value]  # type: ignore[union-attr,misc]
        return YesOrNo(**options) if set(values) == {"yes", "no"} else OneOf(choices=values, **options)
    if isinstance(field, forms.IntegerField):
        return Whole(**options, **_bounds(field))
    return Text(max_length=getattr(field, "max_length", None), allow_blank=not field.required, **options)


def _bounds(field: forms.IntegerField) -> dict[str, Any]:
    return {"min_value": field.min_value, "max_value": field.max_value}


def _words(field: forms.Field) -> str | Promise:
    return field.label or ""


class Received:
    """What a request sent, as a form takes it: `data` and `files`."""

    def __init__(self, data: QueryDict, files: MultiValueDict[str, Any]) -> None:
        self.data = data
        self.files = files


def read_input(request: ApiRequest, expected: type[Input]) -> Received:
    """Read the body; a field that is not expected, missing, or of a wrong type is named in the refusal (400)."""
    sent = request.data
    if not isinstance(sent, Mapping):
        raise not_understood([{"field": "", "reason": _("The body is a JSON object.")}])
    files = request.FILES if isinstance(sent, QueryDict) else MultiValueDict()
    reader = expected(data=sent, context={"is_json": not isinstance(sent, QueryDict)})
    errors = [_unknown(name) for name in sent if name not in reader.fields]
    misplaced = _misplaced(reader, sent, files)
    errors += misplaced
    if not reader.is_valid():
        told = {error["field"] for error in misplaced}
        errors += [error for error in _flat(reader.errors) if error["field"] not in told]
    if errors:
        raise not_understood(errors)
    return Received(_as_typed(reader.validated_data), files)


def _unknown(name: object) -> dict[str, str]:
    return {"field": str(name)[:80].encode("utf-8", "replace").decode(), "reason": _("unknown field")}


def _misplaced(reader: Input, sent: Mapping[str, Any], files: Mapping[str, Any]) -> Errors:
    """Name a file sent where words are expected, and files sent otherwise than as parts of a form."""
    takes_files = {name for name, field in reader.fields.items() if isinstance(field, serializers.ListField)}
    wrong = {name for name in files if name in reader.fields and name not in takes_files}
    wrong |= {name for name in takes_files if name in sent and name not in files}
    reason = _("Files are sent as parts of multipart/form-data, words as fields.")
    return [{"field": name, "reason": reason} for name in sorted(wrong)]


def _flat(errors: Mapping[str, Any]) -> Errors:
    return [
        {"field": name, "reason": str(reason)}
        for name, reasons in errors.items()
        for reason in (reasons if isinstance(reasons, list) else [reasons])
    ]


def _as_typed(values: Mapping[str, Any]) -> QueryDict:
    """Return the values as a page's form would have sent them."""
    typed = QueryDict(mutable=True)
    for name, value in values.items():
        if isinstance(value, bool):
            typed[name] = YES_OR_NO[value] if name in DECISIONS else str(value)
        elif isinstance(value, dict):
            typed.update({f"{name}-{key}": each for key, each in value.items()})
        elif not isinstance(value, list):
            typed[name] = str(value)
    return typed
