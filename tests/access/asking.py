"""What is sent to each address: its own objects' numbers, and a form or a document as right as can be for any."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Deputation
from tests.access.crowd import Crowd
from tests.test_access import address
from tickets.api.description_views import description

NOBODYS = 999_999


def url_of(crowd: Crowd, name: str, target: str) -> str:
    """Return the address of a row of the table, about the target's own object where it has one."""
    route, _, action = name.partition(":")
    ticket = crowd.tickets[target]
    if action:
        return reverse("ticket_action", args=[ticket.pk, action])
    if route == "end_deputy":
        return reverse(route, args=[Deputation.objects.get(client=ticket.client).pk])
    return address(route, ticket)


def url_of_nothing(url: str) -> str:
    """Return the same address with the number of no object in it."""
    parts = url.split("/")
    place = next(n for n, part in enumerate(parts) if part.partition(".")[0].isdigit())
    _number, dot, suffix = parts[place].partition(".")
    parts[place] = f"{NOBODYS}{dot}{suffix}"
    return "/".join(parts)


def question(crowd: Crowd, target: str) -> str:
    """Return a question that names another client's objects in every way that a page might listen to."""
    ticket, contract, author = crowd.tickets[target], crowd.contracts[target], crowd.authors[target]
    return "?" + urlencode({
        "q": "canar", "title": "canar titre", "client": contract.client_id, "contract": contract.pk,
        "ticket": ticket.pk, "other": ticket.pk, "person": author.pk, "reporter": author.pk, "owner": author.pk,
        "anomaly": 1, "solution": contract.solution_id, "severity": "majeure", "state": "all", "size": 100,
        "view": "organisation",
        "figure": "received", "number": ticket.pk, "next": ticket.get_absolute_url(),
    })  # fmt: skip


def form(crowd: Crowd, target: str) -> dict[str, Any]:
    """Return fields for any form, about the target's objects; most forms know some of them."""
    ticket, contract, author = crowd.tickets[target], crowd.contracts[target], crowd.authors[target]
    return {
        "message": "Bonjour", "kind": "inform", "reason": "Motif", "motive": "Motif", "explanation": "Motif",
        "days": "9", "seen": ticket.last_seq, "title": "Titre", "description": "Texte", "severity": "majeure",
        "contract": contract.pk, "client": contract.client_id, "solution": contract.solution_id, "person": author.pk,
        "deputy": author.pk, "owner": author.pk, "other": ticket.pk, "original": ticket.pk, "tickets": [ticket.pk],
        "ticket": ticket.pk, "action": "acknowledge", "ground": "installation", "what": "fix", "content": "Contenu",
        "how_to_test": "Essai", "name": "Nom", "body": "Corps", "scope": "read", "first_day": "2099-01-01",
        "last_day": "2099-01-02", "trained_on": "2026-01-02", "trainer": "Nôtre", "allowed": "yes", "theme": "dark",
        "language": "fr", "summary": "Résumé", "received_at": "2026-01-02T10:00", "means": "telephone",
        "feasible": "yes", "lines-JOUR": "2", "valid_until": "2099-01-01", "execution": "En mars", "agreed": "on",
        "last": crowd.delivered,
    }  # fmt: skip


def document(crowd: Crowd, name: str, target: str) -> dict[str, Any]:
    """Return a document that the API's own description would accept, about the target's objects."""
    path = {
        "api_tickets": "/api/v1/tickets",
        "api_registrations": "/api/v1/registrations",
        "api_ticket_watch": "/api/v1/tickets/{number}/watch",
        "api_ticket_unwatch": "/api/v1/tickets/{number}/unwatch",
        "api_anomalies": "/api/v1/anomalies",
        "api_anomaly_change": "/api/v1/anomalies/{number}/change",
        "api_anomaly_deliveries": "/api/v1/anomalies/{number}/deliveries",
        "api_anomaly_delivery": "/api/v1/anomaly-deliveries/{number}",
    }.get(name, f"/api/v1/tickets/{{number}}/actions/{name.removeprefix('api_action_')}")
    described = description("en")
    operation = described["paths"].get(path, {}).get("post")
    if operation is None:
        return {"message": "Bonjour"}
    if "requestBody" not in operation:
        return {}
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return sample(described, schema, crowd, target)


def sample(
    described: dict[str, Any], schema: dict[str, Any], crowd: Crowd, target: str, name: str = ""
) -> Any:
    """Return a value of a schema: what is required of it, numbers those of the target's objects."""
    if "$ref" in schema:
        found = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return sample(described, found, crowd, target, name)
    if options := schema.get("allOf") or schema.get("oneOf"):
        return sample(described, options[0], crowd, target, name)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object" or "properties" in schema:
        wanted = schema.get("required", [])
        return {each: sample(described, schema["properties"][each], crowd, target, each) for each in wanted}
    if schema.get("type") == "array":
        return [sample(described, schema["items"], crowd, target, name)]
    return simple(schema, crowd, target, name)


def simple(schema: dict[str, Any], crowd: Crowd, target: str, name: str) -> Any:
    """Return a number, a date or a word."""
    if schema.get("type") == "integer":
        return {
            "contract": crowd.contracts[target].pk,
            "reporter": crowd.authors[target].pk,
            "days": 9,
            "solution": crowd.contracts[target].solution_id,
        }.get(name, crowd.tickets[target].pk)
    if schema.get("type") == "boolean":
        return True
    return {"date-time": "2026-01-02T10:00:00+01:00", "date": "2026-01-02"}.get(
        schema.get("format", ""), "Bonjour"
    )
