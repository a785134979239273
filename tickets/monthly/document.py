"""The report as one document: what was issued, from which every file is made and which anyone can check again."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from accounts.models import User
from sla.calendar import BusinessCalendar
from sla.document import (
    DUTIES,
    VersionLabel,
    clock_document,
    digest_of,
    event_document,
    holidays_document,
    instant,
    version_document,
    without_floats,
)
from sla.models import CalendarVersion, PolicyVersion
from sla.provenance import ENGINE_VERSION, holidays_package, timezone_data
from sla.versions import versions_within
from tickets.models import BreachFinding, MonthlyReport, Ticket
from tickets.monthly.annex import annex_of
from tickets.monthly.coverage import former_of
from tickets.monthly.replaying import Told, tell
from tickets.notifications.audience import client_managers
from tickets.reports.counting import CLOCKS
from tickets.reports.days import Days
from tickets.reports.months import Month

FORMAT = "monthly-report"
FORMAT_VERSION = 2

JSON = dict[str, Any]


def document_of(
    report: MonthlyReport, *, number: int | None = None, by: User | None = None, at: datetime | None = None
) -> JSON:
    """Return the report as a document, with its digest; `number`, `by` and `at` are those of its issue, if any."""
    contract, body = report.contract, report.body
    since = body.get("since", {"promises": []})
    numbers = {*(line["number"] for line in body["tickets"]), *(line["ticket"] for line in since["promises"])}
    titles = dict(Ticket.objects.filter(pk__in=numbers).values_list("pk", "title"))
    figures_at = datetime.fromisoformat(body["figures_at"])
    days = Days.of_month(Month.from_text(body["month"]))
    told = {each.ticket.pk: each for each in tell(contract, days.starts_at, days.ends_at, figures_at)}
    # What the contract promised in the month is said even where no ticket was under it.
    calendars, policies = versions_within(contract, days.starts_at, min(days.ends_at, figures_at))
    document: JSON = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "engine": {
            "version": ENGINE_VERSION,
            "timezone_data": timezone_data(),
            "holidays_package": holidays_package(),
        },
        "language": settings.LANGUAGE_CODE,
        "number": number,
        "corrects": report.corrects.number if report.corrects else None,
        "correction": report.correction,
        "vendor": settings.VENDOR_NAME,
        "client": report.client.name,
        "contract": {
            "id": contract.pk,
            "reference": contract.reference,
            "solution": contract.solution.name,
            "starts_on": contract.starts_on.isoformat(),
            "ends_on": contract.ends_on and contract.ends_on.isoformat(),
            "follows": former_of(contract),
        },
        "annex": annex_of(tells_since="since" in body),
        "recipients": [str(person) for person in client_managers(report.client_id).order_by("pk")],
        "reviewed_at": report.reviewed_at and instant(report.reviewed_at),
        "reviewed_by": report.reviewed_by and str(report.reviewed_by),
        "issued_at": at and instant(at),
        "issued_by": by and str(by),
        "synthesis": report.synthesis,
        "action_plan": report.action_plan,
        **body,
        **({"since": _titled(since, titles)} if "since" in body else {}),
        "breaches": with_findings(body["breaches"]),
        "tickets": [
            {
                **line,
                "title": titles.get(line["number"], ""),
                "statement": statement_of(told[line["number"]], figures_at),
            }
            for line in body["tickets"]
            if line["number"] in told
        ],
        "calendars": _calendars(
            {each.state.versions[0] for each in told.values()} | calendars,
            _years(body["tickets"], figures_at),
        ),
        "policies": _policies({each.state.versions[1] for each in told.values()} | policies),
    }
    return {**document, "digest": digest_of(document)}


def _titled(since: JSON, titles: Mapping[int, str]) -> JSON:
    return {
        **since,
        "promises": [{**line, "title": titles.get(line["ticket"], "")} for line in since["promises"]],
    }


def statement_of(told: Told, at: datetime) -> JSON:
    """Return a ticket's delay statement as data: its events, what was kept, how both clocks stood, under what."""
    found = told.delays(at)
    now = told.state.life.closed_at or at
    return {
        "at": instant(now),
        "events": [event_document(event) for event in told.events if event.at <= now],
        "kept": told.kept(now).as_document(),
        "received_at": instant(found.statement.received_at),
        "effective_receipt": instant(found.statement.effective_receipt),
        **{duty: {**clock_document(found.clock(duty)), "rules": list(found.rules[duty])} for duty in DUTIES},
        "pauses": [
            {
                "cause": str(pause.cause),
                "from": instant(pause.started_at),
                "to": pause.ended_at and instant(pause.ended_at),
                "business_microseconds": pause.business,
            }
            for pause in found.statement.pauses
        ],
    }


def with_findings(breaches: Iterable[Mapping[str, Any]]) -> list[JSON]:
    """Add to each missed deadline the finding that stands, with its author; None where there is none."""
    known = list(breaches)
    findings = {
        (finding.ticket_id, finding.promise): finding
        for finding in BreachFinding.objects.standing()
        .filter(ticket__in={breach["ticket"] for breach in known})
        .select_related("author")
    }
    return [
        {**breach, "finding": _finding(findings.get((breach["ticket"], breach["promise"])))}
        for breach in known
    ]


def is_explained(breach: Mapping[str, Any]) -> bool:
    """Tell whether a missed deadline of the document has its cause, its attribution, its comment and its action."""
    return breach["finding"] is not None and bool(breach["finding"]["comment"])


def _finding(finding: BreachFinding | None) -> JSON | None:
    if finding is None:
        return None
    return {
        "revision": finding.revision,
        "cause": finding.cause,
        "attribution": finding.attribution,
        "clause": finding.clause,
        "comment": finding.comment,
        "corrective_action": finding.corrective_action,
        "corrected_on": finding.corrected_on and finding.corrected_on.isoformat(),
        "author": str(finding.author),
        "written_at": instant(finding.written_at),
    }


def _years(lines: list[JSON], figures_at: datetime) -> tuple[datetime, datetime]:
    """Return between which instants a reader reckons to repeat the statements: a year beyond the last deadline."""
    dues = [line[clock]["due"] for line in lines for clock in CLOCKS if line[clock]["due"]]
    last = max([figures_at, *map(datetime.fromisoformat, dues)])
    first = min([figures_at, *(datetime.fromisoformat(line["received_at"]) for line in lines)])
    return datetime(first.year, 1, 1, tzinfo=UTC), datetime(last.year + 1, 12, 31, tzinfo=UTC)


def _calendars(keys: set[uuid.UUID], span: tuple[datetime, datetime]) -> JSON:
    """Return the calendars with the holidays of the years of `span`, whatever else the process has reckoned."""
    versions = (
        CalendarVersion.objects.filter(pk__in=keys).select_related("calendar").prefetch_related("closures")
    )
    found = {}
    for version in versions:
        calendar = BusinessCalendar.from_document(version.as_document())
        calendar.between(*span)
        found[str(version.pk)] = {
            **_label(version, version.calendar.name),
            "document": without_floats(version.as_document()),
            "holidays": holidays_document(calendar),
        }
    return found


def _policies(keys: set[uuid.UUID]) -> JSON:
    versions = PolicyVersion.objects.filter(pk__in=keys).select_related("policy")
    return {
        str(version.pk): {
            **_label(version, version.policy.name),
            "document": without_floats(version.as_document()),
        }
        for version in versions
    }


def _label(version: CalendarVersion | PolicyVersion, name: str) -> JSON:
    if version.published_at is None:
        raise ValueError(f"{version} is a draft: no ticket is under it")
    return version_document(VersionLabel(name, version.number, version.published_at))
