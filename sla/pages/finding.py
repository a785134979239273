"""Finding what an address names: somebody else's and nothing are the same 404; a draft is its editors' alone."""

import uuid
from datetime import datetime
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion
from sla.permissions import calendars_visible_to, may_edit_terms, policies_visible_to

AnyVersion = TypeVar("AnyVersion", CalendarVersion, PolicyVersion)


def find_calendar(user: User, key: int) -> Calendar:
    """Return a calendar that concerns `user`."""
    return get_object_or_404(calendars_visible_to(user), pk=key)


def find_policy(user: User, key: int) -> Policy:
    """Return a policy that concerns `user`."""
    return get_object_or_404(policies_visible_to(user), pk=key)


def versions_shown(user: User, parent: Calendar | Policy) -> QuerySet:
    """Return the versions that `user` may read, the last first: drafts are for those who edit."""
    versions = parent.versions.select_related("author").order_by("-number")
    return versions if may_edit_terms(user) else versions.filter(published_at__isnull=False)


def pick(versions: list[AnyVersion], wanted: str | None, at: datetime) -> AnyVersion | None:
    """Return the version asked for, else the one in force at `at`, else the first published, else the last.

    None when there is no version at all; a 404 for one that is not among them.
    """
    if wanted:
        found = next((version for version in versions if str(version.pk) == wanted), None)
        if found is None:
            raise Http404
        return found
    published = [version for version in versions if version.published_at is not None]
    in_force = [version for version in published if version.published_at and version.published_at <= at]
    newest = max(in_force, key=lambda version: (version.published_at, version.number), default=None)
    return newest or next(iter((published or versions)[-1:]), None)


def require_editor(user: User) -> None:
    """Refuse whoever does not edit: a 404 for a client, to whom drafts do not exist, else a 403."""
    if not may_edit_terms(user):
        if user.is_vendor:
            raise PermissionDenied
        raise Http404


def find_draft(user: User, model: type[AnyVersion], key: uuid.UUID) -> AnyVersion:
    """Return a version that `user` may edit, published since or not: the page says so."""
    require_editor(user)
    parent = "calendar" if model is CalendarVersion else "policy"
    return get_object_or_404(model.objects.select_related(parent, "author"), pk=key)
