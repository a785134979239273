"""Keeping canned answers: one's own, and the team's for a manager."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.work import require
from tickets.models import CannedAnswer
from tickets.permissions import may_change_canned, may_use_canned


def keep_canned(answer: CannedAnswer | None, *, by: User, **said: Any) -> CannedAnswer:
    """Write a canned answer, new (None) or changed; `PermissionDenied` for who may not keep it."""
    kept = answer or CannedAnswer(author=by)
    _check(kept, by, is_shared=bool(said.get("is_shared")))
    require(said["title"], "title")
    require(said["body"], "body")
    for name, value in said.items():
        setattr(kept, name, value)
    kept.save()
    return kept


def discard_canned(answer: CannedAnswer, *, by: User) -> None:
    """Discard a canned answer; its history stays."""
    _check(answer, by, is_shared=answer.is_shared)
    with transaction.atomic():
        answer.delete()


def _check(answer: CannedAnswer, by: User, *, is_shared: bool) -> None:
    if not may_use_canned(by):
        raise PermissionDenied
    if answer.pk and not may_change_canned(by, answer):
        raise PermissionDenied(_("This canned answer is somebody else's."))
    if is_shared and not may_change_canned(by, CannedAnswer(author=by, is_shared=True)):
        raise PermissionDenied(_("Only a manager keeps the answers of the whole team."))
