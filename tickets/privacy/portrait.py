"""All that the product holds of one person, as one document (docs/privacy.md lists its parts)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q

from accounts.models import Deputation, Training, User
from tickets.actions.erasing import going_with_the_account
from tickets.models import (
    Attachment,
    BreachFinding,
    Certificate,
    Draft,
    Erasure,
    LedgerEntry,
    Mail,
    Message,
    MonthlyReport,
    Quote,
    Ticket,
)

FORMAT = "helpdesk-person-1"


def portrait_of(person: User, at: datetime) -> dict[str, Any]:
    """Return the document about `person` at `at`; instants are aware, nothing of other people but what they shared."""
    return {
        "format": FORMAT,
        "at": at,
        "account": _account(person),
        "account_history": list(_history(person)),
        "trainings": list(
            Training.objects.filter(person=person).values(
                "solution__name", "trained_on", "trainer", "expires_on", "ended_on", "end_motive"
            )
        ),
        "certificates": list(
            Certificate.objects.filter(training__person=person).values(
                "training", "name", "content_type", "size", "digest", "uploaded_at"
            )
        ),
        "deputies": list(
            Deputation.objects.filter(Q(person=person) | Q(deputy=person)).values(
                "person__email", "deputy__email", "first_day", "last_day", "named_at", "ended_at"
            )
        ),
        "tickets_filed": list(
            Ticket.objects.filter(reporter=person).values(
                "id", "title", "description", "steps", "affected_version", "environment", "external_reference",
                "received_at",
            )
        ),
        "tickets_owned": list(Ticket.objects.filter(owner=person).values_list("pk", flat=True)),
        "messages": list(
            Message.objects.filter(author=person).values("ticket", "sent_at", "is_internal", "body")
        ),
        "files": list(
            Attachment.objects.filter(uploaded_by=person).values(
                "ticket", "name", "content_type", "size", "digest", "uploaded_at"
            )
        ),
        "acts": list(
            LedgerEntry.objects.filter(by=person).values("ticket", "seq", "kind", "occurred_at", "recorded_at", "data")
        ),
        "findings": list(
            BreachFinding.objects.filter(author=person).values(
                "ticket", "promise", "revision", "cause", "attribution", "clause", "comment", "corrective_action",
                "corrected_on", "written_at",
            )
        ),
        "reports_signed": list(
            MonthlyReport.objects.filter(issued_by=person).values(
                "client__name", "contract__reference", "month", "number", "issued_at", "digest"
            )
        ),
        "reports_reviewed": list(
            MonthlyReport.objects.filter(reviewed_by=person).values(
                "client__name", "contract__reference", "month", "number", "reviewed_at"
            )
        ),
        "quotes_issued": list(
            Quote.objects.filter(issued_by=person).values("client__name", "ticket", "number", "issued_at", "digest")
        ),
        "mails_received": list(
            Mail.objects.filter(recipient=person).values("ticket", "template", "created_at", "sent_at", "dropped_at")
        ),
        "drafts": list(Draft.objects.filter(person=person).values("form", "fields", "updated_at")),
        "sessions": list(_sessions(person, at)),
        "erasure": Erasure.objects.filter(person=person).values("at", "motive").first(),
        "also_kept": _also_kept(person),
    }  # fmt: skip


def _account(person: User) -> dict[str, Any]:
    return {
        "number": person.pk,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "telephone": person.telephone,
        "role": person.role,
        "client": person.client.name if person.client else None,
        "language": person.language,
        "time_zone": person.time_zone,
        "is_active": person.is_active,
        "joined_at": person.joined_at,
        "last_login": person.last_login,
        "has_password": person.has_usable_password(),
    }


def _history(person: User) -> Iterator[dict[str, Any]]:
    for past in person.history.order_by("history_date"):
        yield {
            "at": past.history_date,
            "first_name": past.first_name,
            "last_name": past.last_name,
            "email": past.email,
            "telephone": past.telephone,
            "role": past.role,
            "is_active": past.is_active,
        }


def _sessions(person: User, at: datetime) -> Iterator[dict[str, Any]]:
    for session in Session.objects.filter(expire_date__gt=at):
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            yield {"expires_at": session.expire_date}


def _also_kept(person: User) -> dict[str, int]:
    """Count the rows that go with the account and are told nowhere above: secrets are counted, never shown."""
    counted = {}
    for model, name in going_with_the_account():
        if model is not Draft:
            count = model._base_manager.filter(**{name: person}).count()  # noqa: SLF001
            if count:
                counted[model._meta.label_lower] = count  # noqa: SLF001
    return counted
