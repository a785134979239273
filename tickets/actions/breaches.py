"""Writing down why a deadline was missed: a manager's finding, added to those before it (K-11)."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from sla.clock import ClockState
from tickets.actions.work import IllegalMove, require
from tickets.clocks import rules_of, statement_of
from tickets.ledger import facts_of
from tickets.models import BreachFinding, Ticket
from tickets.permissions import may_keep_breach_file, support_day
from tickets.words import EXCLUDED_GROUNDS, Attribution, Promise


def is_missed(ticket: Ticket, promise: Promise, at: datetime) -> bool:
    """Tell whether the ticket's deadline is missed at `at`, judged on its ledger."""
    facts = facts_of(ticket)
    statement = statement_of(facts, rules_of(ticket), max(at, facts[-1].at))
    clock = statement.acknowledge if promise == Promise.ACKNOWLEDGE else statement.resolve
    return clock.state == ClockState.MISSED


def find_breach(
    ticket: Ticket,
    promise: Promise,
    *,
    by: User,
    at: datetime,
    cause: str,
    attribution: Attribution,
    clause: str = "",
    comment: str = "",
    corrective_action: str = "",
    corrected_on: date | None = None,
    seen: int | None = None,
) -> BreachFinding:
    """Write a finding on a missed deadline; the former ones stay (K-11).

    `PermissionDenied` but for a support manager; `IllegalMove` for a deadline that is not missed, or when
    somebody wrote since the revision `seen`; `ValidationError` by field. An exclusion names its clause.
    `corrected_on` is the local date on which the corrective action was done; None until then.
    """
    if not may_keep_breach_file(by):
        raise PermissionDenied(_("Only a support manager keeps the breach file."))
    require(cause, "cause")
    require(comment, "comment")
    require(corrective_action, "corrective_action")
    if corrected_on is not None and corrected_on > support_day(at):
        raise ValidationError(
            {"corrected_on": _("An action is done today at the latest: its day is empty until then.")}
        )
    if (attribution == Attribution.EXCLUDED) != (clause in EXCLUDED_GROUNDS):
        raise ValidationError(
            {"clause": _("An excluded circumstance names its clause, any other none (K-11).")}
        )
    with transaction.atomic():
        locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
        if not is_missed(locked, promise, at):
            raise IllegalMove(_("This deadline is not missed."))
        last = BreachFinding.objects.filter(ticket=locked, promise=promise).order_by("-revision").first()
        revision = last.revision if last else 0
        if seen is not None and seen != revision:
            raise IllegalMove(
                _(
                    "Somebody wrote in this breach's file while you were writing: read it before you replace it."
                )
            )
        return BreachFinding.objects.create(
            client_id=locked.client_id,
            ticket=locked,
            promise=promise,
            revision=revision + 1,
            cause=cause,
            attribution=attribution,
            clause=clause,
            comment=comment,
            corrective_action=corrective_action,
            corrected_on=corrected_on,
            author=by,
            written_at=at,
        )
