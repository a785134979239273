"""Writing a draft down (its own fields, its closures as the page's rows say them), and publishing it as it was seen."""

import hashlib
import json
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from django.db import transaction
from django.forms import BaseForm, ModelForm

from accounts.models import User
from sla.models import CalendarVersion, Closure, PolicyVersion
from sla.pages.forms import ClosureRows, PublishForm
from sla.publication import lock_parent, publish

AnyVersion = TypeVar("AnyVersion", CalendarVersion, PolicyVersion)


class AlreadyPublished(Exception):
    """Somebody published the draft meanwhile: nothing of it changes any more."""


class Overtaken(Exception):
    """Somebody kept the draft otherwise since it was shown: what they wrote would be lost in silence."""


def mark_of(version: CalendarVersion | PolicyVersion) -> str:
    """Return what tells one state of a draft from another, in a few characters."""
    said = json.dumps([version.motive, version.as_document()], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def seen_by(form: BaseForm, version: CalendarVersion | PolicyVersion, status: int) -> str:
    """Return the mark that a page holds: what its author saw, until they are told that it has changed."""
    typed_over = form.is_bound and status != HTTPStatus.CONFLICT
    return form.data.get("seen", "") if typed_over else mark_of(version)


def save_calendar_draft(form: ModelForm, rows: ClosureRows, seen: str) -> None:
    """Write a checked draft and its closures; raise `AlreadyPublished`, or `Overtaken` if `seen` is not its mark.

    The rows replace the closures as a whole, so that days may be exchanged between two of them. One that
    still says the same days and hours keeps the day of its publication (C-CAL-2).
    """
    with transaction.atomic():
        _lock(form.instance, seen)
        version = form.save()
        published = {
            _said(closure): closure.published_on for closure in Closure.objects.filter(version=version)
        }
        Closure.objects.filter(version=version).delete()
        for row in rows.kept():
            values = {name: row.cleaned_data[name] for name in ("first_day", "last_day", "windows", "motive")}
            closure = Closure(version=version, **values)
            closure.published_on = published.get(_said(closure))
            closure.save()


def save_policy_draft(form: ModelForm, seen: str) -> None:
    """Write a checked draft; raise `AlreadyPublished`, or `Overtaken` if `seen` is not its mark."""
    with transaction.atomic():
        _lock(form.instance, seen)
        form.save()


def publish_as_seen(
    version: AnyVersion, form: PublishForm, seen: str, *, by: User, at: datetime
) -> AnyVersion:
    """Publish a draft as its page showed it, under the motive typed.

    Raises `AlreadyPublished`, `Overtaken` if `seen` is not its mark, or what `publish` raises: nothing is written.
    """
    with transaction.atomic():
        lock_parent(version)
        _lock(version, seen)
        type(version).objects.filter(pk=version.pk).update(motive=form.cleaned_data["motive"])
        return publish(version, by=by, at=at, in_force_from=form.in_force_from())


def _lock(version: CalendarVersion | PolicyVersion, seen: str) -> None:
    held = type(version).objects.select_for_update().get(pk=version.pk)
    if held.published_at is not None:
        raise AlreadyPublished
    if seen != mark_of(held):
        raise Overtaken


def _said(closure: Closure) -> tuple[object, ...]:
    return closure.first_day, closure.last_day, tuple(map(tuple, closure.windows))
