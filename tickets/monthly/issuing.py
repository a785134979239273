"""What is done with a monthly report: built, its texts reviewed, issued for good, corrected by an erratum.

Every verb is one transaction with the report's row locked; who may is asked first. An issued report is never
touched: the database refuses it too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Client, User
from sla.models import Contract
from tickets.actions.work import IllegalMove, require
from tickets.models import MonthlyReport, ReportState
from tickets.monthly.document import document_of, is_explained
from tickets.monthly.figures import body_of
from tickets.monthly.synthesis import synthesis_of
from tickets.notifications.audience import client_managers
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import put
from tickets.permissions import may_keep_breach_file
from tickets.reports.days import Days
from tickets.reports.months import Month

REPORT_ISSUED = "report_issued"


class CausesMissing(IllegalMove):
    """Missed deadlines of the month are not explained yet; `breaches` are those, as the document says them."""

    def __init__(self, breaches: list[dict[str, Any]]) -> None:
        super().__init__(
            _("Some missed deadlines lack their cause or their comment: the report cannot be issued.")
        )
        self.breaches = breaches


def build_report(contract: Contract, month: Month, *, by: User | None, at: datetime) -> MonthlyReport:
    """Build the draft of a contract's month, or bring the one that exists to `at`; `by` None is the timetable.

    `IllegalMove` for a month that is issued, that has not begun, or in which the contract was not in force.
    """
    _check_permission(by)
    days = Days.of_month(month)
    if at < days.starts_at:
        raise IllegalMove(_("The month has not begun: nothing can be counted in it."))
    if contract.starts_on > days.last or (contract.ends_on is not None and contract.ends_on < days.first):
        raise IllegalMove(_("The contract was not in force in that month."))
    with transaction.atomic():
        report, _is_new = MonthlyReport.objects.get_or_create(
            contract=contract,
            month=month.first_day,
            corrects=None,
            defaults={"client_id": contract.client_id, "figures_at": at, "built_at": at, "built_by": by},
        )
        with _draft(report) as draft:
            _bring_to(draft, at)
    return draft


def refresh_report(report: MonthlyReport, *, by: User, at: datetime) -> MonthlyReport:
    """Work out a draft's figures again, as they are at `at`; a synthesis that a person wrote stays."""
    _check_permission(by)
    with transaction.atomic(), _draft(report) as draft:
        _bring_to(draft, at)
    return draft


def review_report(
    report: MonthlyReport, *, by: User, synthesis: str, action_plan: str, correction: str = ""
) -> MonthlyReport:
    """Write a draft's texts; a synthesis left blank is the rule's again."""
    _check_permission(by)
    with transaction.atomic(), _draft(report) as draft:
        if draft.corrects_id:
            require(correction, "correction")
            draft.correction = correction
        by_rule = synthesis_of(draft)
        draft.synthesis_is_written = bool(synthesis.strip()) and synthesis.strip() != by_rule.strip()
        draft.synthesis = synthesis if draft.synthesis_is_written else by_rule
        draft.action_plan = action_plan
        draft.save()
    return draft


def issue_report(report: MonthlyReport, *, by: User, at: datetime) -> MonthlyReport:
    """Number, freeze, hash and sign a draft, and send it to the client's managers.

    `CausesMissing` names the missed deadlines without a complete finding; `IllegalMove` before the month is over, or
    for figures that were worked out before its end.
    """
    _check_permission(by)
    with transaction.atomic():
        # The client's row hands out its numbers one by one: no gap, no double.
        Client.objects.select_for_update(no_key=True).get(pk=report.client_id)
        with _draft(report) as draft:
            _check_issue(draft)
            last = MonthlyReport.objects.filter(client=draft.client_id).aggregate(last=Max("number"))["last"]
            document = document_of(draft, number=(last or 0) + 1, by=by, at=at)
            missing = [breach for breach in document["breaches"] if not is_explained(breach)]
            if missing:
                raise CausesMissing(missing)
            draft.number, draft.issued_at, draft.issued_by = document["number"], at, by
            draft.document, draft.digest, draft.state = document, document["digest"], ReportState.ISSUED
            draft.save()
        put(
            client_managers(draft.client_id),
            template=REPORT_ISSUED,
            key=f"report:{draft.pk}",
            at=at,
            client=draft.client_id,
            context={"report": draft.pk},
        )
        ring_after_commit()
    return draft


def _check_issue(draft: MonthlyReport) -> None:
    ends_at = Days.of_month(Month(draft.month.year, draft.month.month)).ends_at
    if draft.figures_at < ends_at:
        raise IllegalMove(_("The figures are of before the month's end: work them out again first."))


def correct_report(report: MonthlyReport, *, by: User, at: datetime, correction: str) -> MonthlyReport:
    """Begin the erratum of an issued report: a new draft that says what it corrects."""
    _check_permission(by)
    require(correction, "correction")
    if not report.is_issued:
        raise IllegalMove(_("A draft is corrected by changing it."))
    if report.errata.exists():
        raise IllegalMove(_("This report has an erratum already: correct that one."))
    with transaction.atomic():
        erratum = MonthlyReport.objects.create(
            client_id=report.client_id,
            contract=report.contract,
            month=report.month,
            corrects=report,
            correction=correction,
            action_plan=report.action_plan,
            figures_at=at,
            built_at=at,
            built_by=by,
        )
        _bring_to(erratum, at)
    return erratum


def discard_report(report: MonthlyReport, *, by: User) -> None:
    """Throw the draft of an erratum away; a month's own draft stays, for the timetable would build it again."""
    _check_permission(by)
    with transaction.atomic(), _draft(report) as draft:
        if not draft.corrects_id:
            raise IllegalMove(_("A month's own draft is not thrown away."))
        draft.delete()


def _bring_to(draft: MonthlyReport, at: datetime) -> None:
    draft.figures_at = at
    draft.body = body_of(draft.contract, Month(draft.month.year, draft.month.month), at)
    if not draft.synthesis_is_written:
        draft.synthesis = synthesis_of(draft)
    draft.save()


@contextmanager
def _draft(report: MonthlyReport) -> Iterator[MonthlyReport]:
    """Hold a draft's row; an issued report never changes."""
    found = (
        MonthlyReport.objects.select_for_update(of=("self",))
        .select_related("client", "contract__solution", "corrects")
        .filter(pk=report.pk)
        .first()
    )
    if found is None:
        raise ValidationError(_("This draft was thrown away."))
    if found.is_issued:
        raise IllegalMove(_("An issued report never changes: write an erratum."))
    yield found


def _check_permission(by: User | None) -> None:
    if by is not None and not may_keep_breach_file(by):
        raise PermissionDenied(_("Only a support manager does this with a monthly report."))
