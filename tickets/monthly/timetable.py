"""The drafts of a month that is over, built by themselves on the first business day of the next one."""

import logging
from datetime import datetime, time

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from sla.calendar import CalendarError
from sla.models import Contract
from sla.versions import NoVersion, calendar_version_at, compiled_calendar
from tickets.models import MonthlyReport
from tickets.monthly.coverage import covered
from tickets.monthly.issuing import build_report
from tickets.reports.days import Days
from tickets.reports.months import Month

logger = logging.getLogger(__name__)


def without_report(month: Month) -> QuerySet[Contract]:
    """Return the contracts in force in a month, or with a ticket open in it, of which no report of it exists yet."""
    days = Days.of_month(month)
    reported = MonthlyReport.objects.filter(
        contract=OuterRef("pk"), month=month.first_day, corrects__isnull=True
    )
    return (
        Contract.objects.filter(
            covered(days),
            ~Exists(reported),
            client__is_active=True,
        )
        .select_related("client", "solution", "calendar")
        .order_by("pk")
    )


def build_due_reports(at: datetime) -> int:
    """Build the drafts of last month whose calendar has opened since; return how many.

    The row is the promise, unique for a contract and month: run late or twice, it does no harm. One that fails is
    logged and left for the next run.
    """
    month = Month.of(at).previous
    built = 0
    for contract in without_report(month):
        try:
            if _has_opened(contract, month.following, at):
                build_report(contract, month, by=None, at=at)
                built += 1
        except Exception:  # whatever breaks one report must not keep the others from their day
            logger.exception("The report of %s for %s was not built; it is tried again.", contract, month)
    return built


def _has_opened(contract: Contract, month: Month, at: datetime) -> bool:
    midnight = datetime.combine(month.first_day, time.min, tzinfo=settings.SUPPORT_ZONE)
    try:
        calendar = compiled_calendar(calendar_version_at(contract.calendar, at).pk)
        return calendar.next_open(midnight) <= at
    except (NoVersion, CalendarError):
        # A calendar that cannot be read hides no report: it is due at once.
        return True
