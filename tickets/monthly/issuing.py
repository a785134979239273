"""What is done with a monthly report: built, its texts reviewed, issued for good, corrected by an erratum.

Every verb is one transaction with the report's row locked; who may is asked first. An issued report is never
touched: the database refuses it too.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Client, User
from sla.models import Contract
from tickets.actions.work import IllegalMove, require
from tickets.models import MonthlyReport, ReportState
from tickets.monthly.coverage import covered
from tickets.monthly.document import document_of, is_explained
from tickets.monthly.figures import body_of
from tickets.monthly.reading import TEXTS, check_read
from tickets.monthly.synthesis import synthesis_of
from tickets.notifications.audience import client_managers
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import put
from tickets.permissions import may_keep_breach_file
from tickets.reports.days import Days
from tickets.reports.months import Month

REPORT_ISSUED = "report_issued"


class Texts(NamedTuple):
    """What a manager types in a draft; `confirmed`: a synthesis of former figures still holds beside these."""

    synthesis: str
    action_plan: str
    correction: str = ""
    confirmed: bool = False


class CausesMissing(IllegalMove):
    """Missed deadlines of the month are not explained yet; `breaches` are those, as the document says them."""

    def __init__(self, breaches: list[dict[str, Any]]) -> None:
        super().__init__(
            _("Some missed deadlines lack their cause or their comment: the report cannot be issued.")
        )
        self.breaches = breaches


def build_report(contract: Contract, month: Month, *, by: User | None, at: datetime) -> MonthlyReport:
    """Build the draft of a contract's month, or bring the one that exists to `at`; `by` None is the timetable.

    `IllegalMove` for a month that is issued, that has not begun, or in which the contract was not in force and none of
    its tickets open.
    """
    _check_permission(by)
    days = Days.of_month(month)
    if at < days.starts_at:
        raise IllegalMove(_("The month has not begun: nothing can be counted in it."))
    if not Contract.objects.filter(covered(days), pk=contract.pk).exists():
        raise IllegalMove(
            _("The contract was not in force in that month, and none of its tickets was open in it.")
        )
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


def refresh_report(
    report: MonthlyReport, *, by: User, at: datetime, texts: Texts | None = None, read: str | None = None
) -> MonthlyReport:
    """Work out a draft's figures again, as they are at `at`; a synthesis that a person wrote stays.

    `texts` are kept with it. `StaleReading` if a text is not what was `read`.
    """
    _check_permission(by)
    with transaction.atomic(), _draft(report) as draft:
        if texts is not None:
            _write_texts(draft, texts, by=by, at=at, read=read)
        _bring_to(draft, at)
    return draft


def review_report(
    report: MonthlyReport,
    *,
    by: User,
    at: datetime,
    synthesis: str,
    action_plan: str,
    correction: str = "",
    confirmed: bool = False,
    read: str | None = None,
) -> MonthlyReport:
    """Write a draft's texts, and who reviewed it when; a synthesis left blank is the rule's again.

    `confirmed`: a synthesis of former figures still holds beside these. `StaleReading` if a text is not what was
    `read`.
    """
    _check_permission(by)
    with transaction.atomic(), _draft(report) as draft:
        _write_texts(draft, Texts(synthesis, action_plan, correction, confirmed), by=by, at=at, read=read)
        draft.reviewed_by, draft.reviewed_at = by, at
        draft.save()
    return draft


def issue_report(
    report: MonthlyReport, *, by: User, at: datetime, texts: Texts | None = None, read: str | None = None
) -> MonthlyReport:
    """Number, freeze, hash and sign a draft with its `texts`, and send it to the client's managers.

    `CausesMissing` names the missed deadlines without a complete finding; `StaleReading` if anything is not what was
    `read`;
    `IllegalMove` before the month is over, for figures worked out before its end, or that the ledgers no longer say;
    `ValidationError` (`confirmed`) for a synthesis written beside other figures and not confirmed.
    """
    _check_permission(by)
    with transaction.atomic():
        # The client's row hands out its numbers one by one: no gap, no double.
        Client.objects.select_for_update(no_key=True).get(pk=report.client_id)
        with _draft(report) as draft:
            if read is not None:
                check_read(read, document_of(draft))
            if texts is not None:
                _write_texts(draft, texts, by=by, at=at)
            _check_issue(draft)
            if draft.reviewed_by is None:
                draft.reviewed_by, draft.reviewed_at = by, at
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


def _write_texts(
    draft: MonthlyReport, texts: Texts, *, by: User, at: datetime, read: str | None = None
) -> None:
    """Give a draft in hand its texts; a text changed is a review."""
    if read is not None:
        check_read(read, document_of(draft), TEXTS)
    former = (draft.synthesis, draft.action_plan, draft.correction)
    if draft.corrects_id:
        require(texts.correction, "correction")
        draft.correction = texts.correction
    by_rule, synthesis = synthesis_of(draft), _lines(texts.synthesis)
    draft.synthesis_is_written = bool(synthesis.strip()) and synthesis.strip() != by_rule.strip()
    draft.synthesis = synthesis if draft.synthesis_is_written else by_rule
    draft.action_plan = _lines(texts.action_plan)
    if not draft.synthesis_is_written:
        draft.synthesis_figures_at = None
    elif texts.confirmed or draft.synthesis != former[0]:
        draft.synthesis_figures_at = draft.figures_at
    if former != (draft.synthesis, draft.action_plan, draft.correction):
        draft.reviewed_by, draft.reviewed_at = by, at


def _lines(text: str) -> str:
    """Return a text with plain ends of lines: a browser sends others."""
    return text.replace("\r\n", "\n")


def _check_issue(draft: MonthlyReport) -> None:
    month = Month(draft.month.year, draft.month.month)
    if draft.figures_at < Days.of_month(month).ends_at:
        raise IllegalMove(_("The figures are of before the month's end: work them out again first."))
    # What was recorded by then may have been written since: an act's instant is that of its request.
    if draft.body != json.loads(json.dumps(body_of(draft.contract, month, draft.figures_at))):
        raise IllegalMove(_("The figures have moved since they were worked out: work them out again first."))
    if draft.synthesis_is_older:
        raise ValidationError(
            {"confirmed": _("Read the synthesis again beside the new figures, then tick here.")}
        )


def correct_report(report: MonthlyReport, *, by: User, at: datetime, correction: str) -> MonthlyReport:
    """Begin the erratum of an issued report: a new draft that says what it corrects."""
    _check_permission(by)
    require(correction, "correction")
    if not report.is_issued:
        raise IllegalMove(_("A draft is corrected by changing it."))
    with transaction.atomic():
        # Of two errata begun at once, the second sees the first.
        MonthlyReport.objects.select_for_update(no_key=True).get(pk=report.pk)
        if report.errata.exists():
            raise IllegalMove(_("This report has an erratum already: correct that one."))
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
    # A review is of the figures that it was made beside.
    draft.reviewed_by = draft.reviewed_at = None
    draft.body = body_of(draft.contract, Month(draft.month.year, draft.month.month), at)
    if not draft.synthesis_is_written:
        draft.synthesis = synthesis_of(draft)
    draft.save()


@contextmanager
def _draft(report: MonthlyReport) -> Iterator[MonthlyReport]:
    """Hold a draft's row; an issued report never changes."""
    found = (
        MonthlyReport.objects.select_for_update(of=("self",))
        .select_related("client", "contract__solution", "corrects", "reviewed_by")
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
