"""Somebody with a token, asking the API as a program does."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from tickets.actions.tokens import create_token
from tickets.models import Scope

V1 = "/api/v1"


class Asker:
    """A person's program: a token in each request, JSON in and out."""

    def __init__(self, person: User, scope: Scope = Scope.WRITE, name: str = "programme") -> None:
        at = timezone.now() - timedelta(seconds=1)
        self.person = person
        self.token, self.secret = create_token(person, name=name, scope=scope, days=30, at=at)
        self.browser = Client()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str):
        return self.browser.get(f"{V1}/{path}", query or {}, headers={**self.headers, **_named(headers)})

    def post(self, path: str, body: object = None, **headers: str):
        return self.browser.post(
            f"{V1}/{path}",
            json.dumps({} if body is None else body),
            content_type="application/json",
            headers={**self.headers, **_named(headers)},
        )

    def send(self, path: str, parts: dict[str, Any], **headers: str):
        """Post a form with files."""
        return self.browser.post(f"{V1}/{path}", parts, headers={**self.headers, **_named(headers)})


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def problem(answer, status: int, kind: str) -> dict[str, Any]:
    """Check that an answer is a problem document of this kind, and return it."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert document["type"].endswith(f"#problem-{kind}")
    assert document["title"]
    assert document["detail"]
    return document
