"""Bringing in a ticket of a former register: its past life is replayed through the ledger, and nobody is told."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from sla.models import Contract
from tickets.actions.filing import Filing, file_under
from tickets.actions.past import pass_by
from tickets.actions.past_rules import PastEvents, mistakes_in
from tickets.actions.silence import close_tacitly
from tickets.actions.work import Work
from tickets.clocks import closes_at, rules_of
from tickets.ledger import facts_of
from tickets.models import Ticket
from tickets.notifications.quiet import telling_nobody
from tickets.permissions import may_register, support_day
from tickets.words import VENDOR_CLOSING_GROUNDS, ClosingGround, EntryKind, Means, State


@dataclass(slots=True, kw_only=True)
class PastLife(PastEvents):
    """What a former register says of one ticket, its parties found."""

    contract: Contract
    filing: Filing
    reporter: User
    received_at: datetime


def import_ticket(past: PastLife, *, by: User, at: datetime) -> Ticket:
    """Write a ticket with the facts of its past, recorded by `by` at `at`, under the versions of its reception.

    What would have fallen due before `at` is noted as done; what comes later is live. A fix still under test
    whose countdown is over gets a new one (K-5); an accepted ticket whose countdown is over closes (K-18).
    Raises `PermissionDenied`, and `ValidationError` naming the fields that cannot be.
    """
    if not may_register(by):
        raise PermissionDenied(_("Only an agent or a manager imports tickets."))
    check(past, at)
    with telling_nobody(), transaction.atomic():
        ticket = file_under(
            past.contract,
            past.filing,
            reporter=past.reporter,
            by=by,
            means=Means.IMPORT,
            received_at=past.received_at,
            versions_at=past.received_at,
            at=at,
        )
        work = Work(ticket, facts_of(ticket), by=by, at=at)
        _take(work, past)
        _deliver(work, past)
        _end(work, past)
        over = _is_over(work)
        if over and work.life.state == State.UNDER_TEST:
            message = _(
                "Taken over from the former register: please test this delivery and give your verdict."
            )
            work.write(EntryKind.VERDICT_ASKED, message=message)
        work.finish()
        if over and work.life.state == State.ACCEPTED:
            ticket = close_tacitly(ticket, at=at)
        pass_by(at, ticket=ticket)
    return ticket


def check(past: PastLife, at: datetime) -> None:
    """Refuse a past life that cannot be; the error names every field in fault."""
    mistakes = mistakes_in(past, at, client=past.contract.client, reporter=past.reporter)
    day = support_day(past.received_at)
    if not Contract.objects.in_force(day).filter(pk=past.contract.pk).exists():
        mistakes.setdefault("received_at", _("The contract was not in force on that day."))
    if mistakes:
        raise ValidationError(mistakes)


def _take(work: Work, past: PastLife) -> None:
    """Acknowledge: as the register says, else with the first act of the vendor (C-SLA-2)."""
    closing = past.closed_at if past.closing_ground in VENDOR_CLOSING_GROUNDS else None
    taken_at = past.acknowledged_at or past.delivered_at or closing
    if taken_at is None and past.owner is None:
        return
    if past.owner is not None:
        assigned_at = taken_at or past.received_at
        work.write(EntryKind.ASSIGNED, occurred_at=assigned_at, owner=past.owner.pk)
    if taken_at is not None:
        work.write(EntryKind.ACKNOWLEDGED, occurred_at=taken_at)


def _deliver(work: Work, past: PastLife) -> None:
    if past.delivered_at is None:
        return
    what = str(past.delivery_kind)
    work.write(
        EntryKind.DELIVERED,
        message=past.delivery_content,
        occurred_at=past.delivered_at,
        what=what,
        version=past.delivery_version,
        how_to_test="",
        touches_data=False,
    )
    # “In production” alone says both (C-CLI-1).
    in_production = past.closed_at if past.closing_ground == ClosingGround.PRODUCTION else None
    accepted_at = past.accepted_at or in_production
    if accepted_at is not None:
        work.write(EntryKind.ACCEPTED, occurred_at=accepted_at, what=what, lasting=True)


def _end(work: Work, past: PastLife) -> None:
    if past.closed_at is None:
        return
    if past.closing_ground == ClosingGround.PRODUCTION:
        work.write(EntryKind.IN_PRODUCTION, occurred_at=past.closed_at)
    if past.out_of_scope_ground is not None:
        work.write(EntryKind.OUT_OF_SCOPE, occurred_at=past.closed_at, ground=str(past.out_of_scope_ground))
    original = past.duplicate_of
    if original is not None:
        Ticket.objects.filter(pk=work.ticket.pk).update(duplicate_of=original)
    work.write(
        EntryKind.CLOSED,
        occurred_at=past.closed_at,
        ground=str(past.closing_ground),
        duplicate_of=original.pk if original else None,
    )


def _is_over(work: Work) -> bool:
    """Tell whether the countdown to the closing ended before the import."""
    ends_at = closes_at(work.life, rules_of(work.ticket))
    return ends_at is not None and ends_at <= work.at
