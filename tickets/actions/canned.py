"""Keeping canned answers: one's own, and the team's for a manager."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.work import check_unchanged, require
from tickets.models import CannedAnswer
from tickets.permissions import may_change_canned, may_use_canned
from tickets.rereading import as_read


def keep_canned(
    answer: CannedAnswer | None, *, by: User, read: str | None = None, **said: Any
) -> CannedAnswer:
    """Write a canned answer, new (None) or changed; `PermissionDenied` for who may not keep it.

    `IllegalMove` when it no longer says what was `read` (the digest of what its author had before their eyes).
    """
    with transaction.atomic():
        kept = (
            CannedAnswer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
            if answer
            else CannedAnswer(author=by)
        )
        _check(kept, by, is_shared=bool(said.get("is_shared")))
        require(said["title"], "title")
        require(said["body"], "body")
        check_unchanged(read, canned_as_read(kept))
        for name, value in said.items():
            setattr(kept, name, value)
        kept.save()
    return kept


def canned_as_read(answer: CannedAnswer) -> str:
    """Return the digest of what a canned answer says, and for whom."""
    return as_read(answer, ("title", "body", "language", "solution", "is_shared"))


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
