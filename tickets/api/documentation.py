"""The page that describes the API to people, made from the description that programs read."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post")


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter, or a field of what is sent: its name, type, whether it is required, its words."""

    name: str
    kind: str
    required: bool
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, ready to be shown."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    values: tuple[Value, ...]
    forms: tuple[str, ...]
    example: str
    answers: tuple[tuple[str, str, str], ...]
    refusals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of one tag."""

    name: str
    title: str
    operations: tuple[Operation, ...]


def chapters(document: dict[str, Any]) -> list[Chapter]:
    """Return the description's operations by chapter, in the order in which it says them."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                said = methods[method]
                found[said["tags"][0]].append(_operation(document, path, method, said))
    return [Chapter(tag["name"], tag["description"], tuple(found[tag["name"]])) for tag in document["tags"]]


def _operation(document: dict[str, Any], path: str, method: str, said: dict[str, Any]) -> Operation:
    forms = dict(said.get("requestBody", {}).get("content", {}))
    answers = said["responses"].items()
    return Operation(
        name=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        values=(*_parameters(said.get("parameters", [])), *_fields(document, forms)),
        forms=tuple(forms),
        example=_example(forms),
        answers=tuple(_answer(status, each) for status, each in answers if status < "4"),
        refusals=tuple((status, each["description"]) for status, each in answers if status >= "4"),
    )


def _parameters(parameters: Iterable[dict[str, Any]]) -> list[Value]:
    places = {"path": "path", "query": "query", "header": "header"}
    return [
        Value(
            each["name"],
            _kind(each["schema"]),
            bool(each.get("required")),
            each.get("description", ""),
            places[each["in"]],
        )
        for each in parameters
    ]


def _fields(document: dict[str, Any], forms: dict[str, Any]) -> list[Value]:
    if not forms:
        return []
    # The form that takes files has all of the fields.
    schema = _resolved(document, list(forms.values())[-1]["schema"])
    required = schema.get("required", [])
    return [
        Value(name, _kind(each), name in required, each.get("description", ""), "body")
        for name, each in schema.get("properties", {}).items()
    ]


def _example(forms: dict[str, Any]) -> str:
    examples = forms.get("application/json", {}).get("examples", {})
    first = next(iter(examples.values()), None)
    return json.dumps(first["value"], ensure_ascii=False, indent=2) if first else ""


def _answer(status: str, said: dict[str, Any]) -> tuple[str, str, str]:
    for media, content in said.get("content", {}).items():
        return status, media, content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return status, "", ""


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(document["components"]["schemas"][name]) if name else schema


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    kind = schema.get("type", "")
    said = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{said} ({schema['format']})" if "format" in schema else said
