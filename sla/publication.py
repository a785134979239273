"""Publishing a draft of a calendar or a policy, and starting the next one from a published version (C-CAL-3)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from sla.calendar import BusinessCalendar, CalendarError
from sla.calendar_document import ClosedDay, read_closures
from sla.models import Calendar, CalendarVersion, Closure, Policy, PolicyVersion

AnyVersion = TypeVar("AnyVersion", CalendarVersion, PolicyVersion)

COPIED = {
    CalendarVersion: (
        "calendar",
        "timezone",
        "weekly",
        "holiday_country",
        "holiday_subdivision",
        "holidays_worked",
    ),
    PolicyVersion: ("policy", "targets", "closing_days", "reminder_days", "escalation_percents"),
}


@transaction.atomic
def publish(
    version: AnyVersion, *, by: User, at: datetime, in_force_from: datetime | None = None
) -> AnyVersion:
    """Publish a draft at `at`: in force from `in_force_from`, else at once; nothing of it changes any more.

    ValidationError, by field, when it is published already, says no motive, is refused by the engine, would
    come in force in the past or not after the last one published, or rewrites closures that are past.
    """
    lock_parent(version)
    draft = type(version).objects.select_for_update().get(pk=version.pk)
    if draft.published_at is not None:
        raise ValidationError(_("This version is published already."))
    if not draft.motive.strip():
        raise ValidationError({"motive": _("Say the motive of this version before publishing it.")})
    draft.author, draft.published_at = by, in_force_from or at
    former = last_published(draft)
    _check_instant(draft.published_at, former, at)
    draft.full_clean()
    if isinstance(draft, CalendarVersion):
        _check_calendar(draft, former)
        # Before the version itself: afterwards the database refuses.
        day = at.astimezone(ZoneInfo(draft.timezone)).date()
        draft.closures.filter(published_on=None).update(published_on=day)
    draft.save(update_fields=["author", "published_at"])
    return draft


def last_published(version: AnyVersion) -> AnyVersion | None:
    """Return the version of the same calendar or policy that comes in force last, another than `version`."""
    parent = version.calendar if isinstance(version, CalendarVersion) else version.policy
    published = parent.versions.filter(published_at__isnull=False).exclude(pk=version.pk)
    found: AnyVersion | None = published.order_by("-published_at", "-number").first()
    return found


def _check_instant(instant: datetime, former: CalendarVersion | PolicyVersion | None, at: datetime) -> None:
    if instant < at:
        raise ValidationError({"published_at": _("A version cannot come in force in the past.")})
    if former is not None and former.published_at is not None and instant <= former.published_at:
        raise ValidationError(
            {
                "published_at": _(
                    "Version %(number)d comes in force on %(instant)s: this one must come after it,"
                    " two versions are never in force at once."
                )
                % {
                    "number": former.number,
                    "instant": date_format(former.published_at, "SHORT_DATETIME_FORMAT"),
                }
            }
        )


def _check_calendar(draft: CalendarVersion, former: CalendarVersion | None) -> None:
    try:
        BusinessCalendar.from_document(draft.as_document())
    except CalendarError as error:
        raise ValidationError(str(error)) from error
    if former is None or draft.published_at is None:
        return
    # Past is what comes before the version is in force: it may have been published ahead.
    day = draft.published_at.astimezone(ZoneInfo(draft.timezone)).date()
    past = rewritten_days(draft.closures.all(), former, day)
    if past:
        raise ValidationError(
            {
                "closures": _(
                    "%(day)s is past, and version %(number)d, which is published, says otherwise of it:"
                    " a closure is published before it happens."
                )
                % {"day": date_format(past[0]), "number": former.number}
            }
        )


def rewritten_days(closures: Iterable[Closure], former: CalendarVersion | None, today: date) -> list[date]:
    """Return the days before `today` on which closures differ from those of a published version, in order."""
    if former is None:
        return []
    draft, published = replaced_days(closures), replaced_days(former.closures.all())
    return sorted(
        day for day in draft.keys() | published.keys() if day < today and draft.get(day) != published.get(day)
    )


def replaced_days(closures: Iterable[Closure]) -> Mapping[date, ClosedDay]:
    """Return the days that closures replace, each with its openings and its motive."""
    return read_closures([closure.as_document() for closure in closures])


@transaction.atomic
def next_draft(version: AnyVersion, *, by: User) -> AnyVersion:
    """Start a draft that says what `version` says, under the next number."""
    draft = type(version)(author=by, **{name: getattr(version, name) for name in COPIED[type(version)]})
    draft.number = next_number(draft)
    draft.save()
    if isinstance(version, CalendarVersion):
        for closure in version.closures.all():
            closure.pk, closure.version = None, draft
            closure._state.adding = True  # noqa: SLF001  (how Django copies a row)
            closure.save()
    return draft


def discard(version: CalendarVersion | PolicyVersion) -> None:
    """Throw a draft away, its closures with it; ValidationError for a version that is published."""
    with transaction.atomic():
        lock_parent(version)
        draft = type(version).objects.select_for_update().get(pk=version.pk)
        if draft.published_at is not None:
            raise ValidationError(_("This version is published already."))
        draft.delete()


def next_number(version: CalendarVersion | PolicyVersion) -> int:
    """Return the number that follows those of the same calendar or policy, which is locked meanwhile."""
    parent = lock_parent(version)
    return (parent.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def lock_parent(version: CalendarVersion | PolicyVersion) -> Calendar | Policy:
    """Hold a version's calendar or policy until the transaction ends: before the version itself, never after."""
    if isinstance(version, CalendarVersion):
        return Calendar.objects.select_for_update().get(pk=version.calendar_id)
    return Policy.objects.select_for_update().get(pk=version.policy_id)
