"""Filing a ticket: by a trained person in the portal, or registered by an agent who received it otherwise."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from sla.models import Contract
from sla.policy import Severity
from sla.versions import versions_at as versions_in_force
from tickets.actions.work import IllegalMove, Work
from tickets.attachments import ReceivedFile
from tickets.indexing import replayed, show
from tickets.life import Fact
from tickets.models import Ticket
from tickets.permissions import contracts_for_filing, may_register, may_use_support, support_day
from tickets.promises import UNWORKABLE, NoPromise
from tickets.words import EntryKind, Means


@dataclass(slots=True)
class Filing:
    """What a person says when filing an anomaly."""

    title: str
    description: str
    severity: Severity
    steps: str = ""
    affected_version: str = ""
    environment: str = ""
    attachments: Iterable[ReceivedFile] = field(default_factory=tuple)
    follow_up_of: Ticket | None = None
    external_reference: str = ""


def snapshot_of(ticket: Ticket) -> Filing:
    """Return what was filed, to file it again (K-15)."""
    return Filing(
        title=ticket.title,
        description=ticket.description,
        severity=Severity(ticket.severity),
        steps=ticket.steps,
        affected_version=ticket.affected_version,
        environment=ticket.environment,
    )


@contextmanager
def promising() -> Iterator[None]:
    """Refuse, in words, what the contract's calendar or policy cannot promise anything for."""
    try:
        yield
    except UNWORKABLE as error:
        raise IllegalMove(str(NoPromise())) from error


def file_ticket(contract: Contract, filing: Filing, *, by: User, at: datetime) -> Ticket:
    """File an anomaly in the portal; `PermissionDenied` without a valid training or a contract (C-WHO-1)."""
    if not contracts_for_filing(by, at).filter(pk=contract.pk).exists():
        raise PermissionDenied(_("You may not file a ticket for this solution."))
    return file_under(contract, filing, reporter=by, by=by, received_at=at, at=at)


def register_ticket(
    contract: Contract,
    filing: Filing,
    *,
    reporter: User,
    by: User,
    means: Means,
    received_at: datetime,
    at: datetime,
) -> Ticket:
    """Register an anomaly received by other means: the clock starts from its reception (C-WHO-3)."""
    if not may_register(by):
        raise PermissionDenied(_("Only an agent registers a ticket for somebody."))
    check_reception(contract, reporter, received_at, at)
    return file_under(contract, filing, reporter=reporter, by=by, means=means, received_at=received_at, at=at)


def check_reception(contract: Contract, reporter: User, received_at: datetime, at: datetime) -> None:
    """Refuse, by field, a reception later than `at`, outside the contract or by somebody untrained (C-WHO-1)."""
    if received_at > at:
        raise ValidationError({"received_at": _("A reception cannot come after its registration.")})
    day = support_day(received_at)
    if not Contract.objects.in_force(day).filter(pk=contract.pk).exists():
        raise ValidationError({"received_at": _("The contract was not in force on that day.")})
    if reporter.client_id != contract.client_id:
        raise ValidationError({"reporter": _("This person does not belong to the client.")})
    if not may_use_support(reporter, contract.solution, received_at):
        raise ValidationError(
            {"reporter": _("This person has no valid training for the solution on that day (C-WHO-1).")}
        )


def file_under(
    contract: Contract,
    filing: Filing,
    *,
    reporter: User,
    by: User | None,
    received_at: datetime,
    at: datetime,
    means: Means = Means.PORTAL,
    versions_at: datetime | None = None,
) -> Ticket:
    """Write the ticket and its first fact; the callers say who may. Versions: those in force at `at` (C-CAL-3).

    Raises `IllegalMove` when the contract's calendar or policy cannot promise anything: nothing is written.
    """
    with promising(), transaction.atomic():
        calendar_version, policy_version = versions_in_force(contract, versions_at or at)
        said: dict[str, Any] = {
            "severity": str(filing.severity),
            "means": str(means),
            "calendar_version": str(calendar_version),
            "policy_version": str(policy_version),
        }
        ticket = Ticket(
            client_id=contract.client_id,
            solution=contract.solution,
            contract=contract,
            reporter=reporter,
            registered_by=by,
            follow_up_of=filing.follow_up_of,
            external_reference=filing.external_reference,
            title=filing.title.strip(),
            description=filing.description,
            steps=filing.steps,
            affected_version=filing.affected_version,
            environment=filing.environment,
            means=means,
            registered_at=at,
        )
        # Written once, with what its first fact amounts to: there is nothing to bring up to date after it.
        show(ticket, replayed(ticket, [Fact(1, EntryKind.RECEIVED, received_at, said)]))
        ticket.save(force_insert=True)
        work = Work(ticket, [], by=by, at=at)
        work.write(EntryKind.RECEIVED, occurred_at=received_at, **said)
        for received in filing.attachments:
            work.join(received)
        work.finish()
    return ticket
