"""Published versions compiled for use: built once a process, kept by their key, for they never change."""

import uuid
from datetime import datetime
from functools import lru_cache
from typing import Any

from sla.calendar import BusinessCalendar
from sla.models import Calendar, CalendarVersion, Contract, Policy, PolicyVersion
from sla.policy import Policy as PolicyTerms
from sla.versioning import VersionQuerySet


class NoVersion(LookupError):
    """A calendar or a policy has no published version to work under."""


@lru_cache(maxsize=256)
def compiled_calendar(version: uuid.UUID) -> BusinessCalendar:
    """Return the engine's calendar of a published version; raise `CalendarVersion.DoesNotExist`."""
    found = CalendarVersion.objects.prefetch_related("closures").get(pk=version, published_at__isnull=False)
    return BusinessCalendar.from_document(found.as_document())


@lru_cache(maxsize=256)
def compiled_policy(version: uuid.UUID) -> PolicyTerms:
    """Return the engine's policy of a published version; raise `PolicyVersion.DoesNotExist`."""
    return PolicyTerms.from_document(
        PolicyVersion.objects.get(pk=version, published_at__isnull=False).as_document()
    )


def calendar_version_at(calendar: Calendar, at: datetime) -> CalendarVersion:
    """Return the version in force at an instant, or the first ever published for an earlier one (C-CAL-3)."""
    return _in_force(calendar.versions.all(), at, calendar)


def policy_version_at(policy: Policy, at: datetime) -> PolicyVersion:
    """Return the version in force at an instant, or the first ever published for an earlier one (C-CAL-3)."""
    return _in_force(policy.versions.all(), at, policy)


def versions_at(contract: Contract, at: datetime) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the keys of both versions in force for a contract at an instant: its calendar's, its policy's (C-CAL-3).

    The contract in hand keeps the answer: what a form foresees, the action promises a moment later.
    """
    asked = (at, contract.calendar_id, contract.policy_id)
    kept: tuple[object, tuple[uuid.UUID, uuid.UUID]] | None = contract.__dict__.get("_versions_at")
    if kept is None or kept[0] != asked:
        versions = (
            _in_force(_keys_of(CalendarVersion, calendar=contract.calendar_id), at, contract.reference),
            _in_force(_keys_of(PolicyVersion, policy=contract.policy_id), at, contract.reference),
        )
        kept = contract.__dict__["_versions_at"] = asked, versions
    return kept[1]


def versions_within(
    contract: Contract, since: datetime, until: datetime
) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Return the keys of the calendar versions, and of the policy's, in force for a contract between two instants.

    Those are several where one was replaced meanwhile (C-CAL-3), and none of what was never published.
    """
    calendars = _keys_of(CalendarVersion, calendar=contract.calendar_id)
    policies = _keys_of(PolicyVersion, policy=contract.policy_id)
    return _within(calendars, since, until), _within(policies, since, until)


def _within(versions: VersionQuerySet, since: datetime, until: datetime) -> set[uuid.UUID]:
    begun = {*versions.in_force(since)[:1], *versions.filter(published_at__gt=since, published_at__lt=until)}
    first = versions.filter(published_at__isnull=False).order_by("published_at", "number")[:1]
    return begun or set(first)


def _keys_of(kind: type[CalendarVersion | PolicyVersion], **owner: int) -> Any:
    return kind.objects.filter(**owner).values_list("pk", flat=True)


def _in_force(versions: VersionQuerySet, at: datetime, versioned: Calendar | Policy | str) -> Any:
    first = versions.filter(published_at__isnull=False).order_by("published_at", "number")
    found = versions.in_force(at).first() or first.first()
    if found is None:
        raise NoVersion(f"{versioned} has no published version")
    return found
