"""Recomputing a ticket under other versions: a manager's explicit, motivated, audited act (C-CAL-3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from sla.models import CalendarVersion, PolicyVersion
from tickets.actions.work import IllegalMove, Work, require, working
from tickets.acts import Action
from tickets.clocks import rules_of, rules_under
from tickets.models import Ticket
from tickets.recomputation import Recomputation, recomputed
from tickets.words import EntryKind


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions to apply; None keeps the one that each ticket has."""

    calendar: CalendarVersion | None = None
    policy: PolicyVersion | None = None


class NotAsForeseen(IllegalMove):
    """What would be applied is no longer what was previewed: the ticket is left as it is."""

    def __init__(self) -> None:
        super().__init__(_("This ticket has changed since the preview: it was left as it is."))


def recompute(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    motive: str,
    calendar_version: CalendarVersion | None = None,
    policy_version: PolicyVersion | None = None,
    seen: int | None = None,
) -> Ticket:
    """Put the ticket under other versions in force (None: the one it has); what is missed stays so (K-11)."""
    require(motive, "motive")
    with working(ticket, Action.RECOMPUTE, by=by, at=at, seen=seen) as work:
        _apply(work, Versions(calendar_version, policy_version), motive)
    return work.ticket


def recompute_as_foreseen(
    ticket: Ticket, *, by: User, at: datetime, motive: str, versions: Versions, foreseen: str
) -> Ticket:
    """Recompute if that does what its preview said, `foreseen` being its fingerprint; else `NotAsForeseen`."""
    require(motive, "motive")
    with working(ticket, Action.RECOMPUTE, by=by, at=at) as work:
        _apply(work, versions, motive, foreseen)
    return work.ticket


def _apply(work: Work, chosen: Versions, motive: str, foreseen: str | None = None) -> None:
    calendar, policy = (
        chosen.calendar or work.ticket.calendar_version,
        chosen.policy or work.ticket.policy_version,
    )
    check_versions(work.ticket, calendar, policy, work.at)
    foresight = recomputed(work.facts, rules_of(work.ticket), rules_under(calendar.pk, policy.pk), work.at)
    if foreseen is not None and foreseen != foresight.fingerprint:
        raise NotAsForeseen
    if foresight.closes_at_once:
        raise IllegalMove(_("Under these versions, silence would have closed this ticket already."))
    _write(work, calendar, policy, foresight, motive)


def check_versions(ticket: Ticket, calendar: CalendarVersion, policy: PolicyVersion, at: datetime) -> None:
    """Refuse versions that are not in force, or of another calendar or policy, or those that it has already."""
    calendars = {ticket.contract.calendar_id, ticket.calendar_version.calendar_id}
    if calendar.calendar_id not in calendars:
        raise ValidationError({"calendar_version": _("This is not a version of the contract's calendar.")})
    policies = {ticket.contract.policy_id, ticket.policy_version.policy_id}
    if policy.policy_id not in policies:
        raise ValidationError({"policy_version": _("This is not a version of the contract's policy.")})
    for name, version in (("calendar_version", calendar), ("policy_version", policy)):
        if version.published_at is None or version.published_at > at:
            raise ValidationError({name: _("This version is not in force yet.")})
    if (calendar.pk, policy.pk) == (ticket.calendar_version_id, ticket.policy_version_id):
        raise IllegalMove(_("The ticket is under these versions already."))


def _write(
    work: Work, calendar: CalendarVersion, policy: PolicyVersion, foresight: Recomputation, motive: str
) -> None:
    former = work.ticket.calendar_version, work.ticket.policy_version
    work.write(
        EntryKind.RECOMPUTED,
        message=motive,
        motive=motive,
        calendar_version=str(calendar.pk),
        policy_version=str(policy.pk),
        former_calendar_version=str(former[0].pk),
        former_policy_version=str(former[1].pk),
        names=_names(calendar, policy),
        former_names=_names(*former),
        before=foresight.document("before"),
        after=foresight.document("after"),
        kept=foresight.kept.as_document(),
    )


def _names(calendar: CalendarVersion, policy: PolicyVersion) -> dict[str, Any]:
    """Return what the versions were called, each a name and a number, to be said in any language."""
    return {
        "calendar": [calendar.calendar.name, calendar.number],
        "policy": [policy.policy.name, policy.number],
    }
