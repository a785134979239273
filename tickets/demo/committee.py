"""What the vendor keeps beside the tickets: the breach file, the monthly reports, known defects, canned answers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from random import Random

from django.conf import settings

from accounts.models import Role, User
from sla.models import Contract
from tickets.actions.anomalies import record_anomaly
from tickets.actions.breaches import find_breach
from tickets.actions.canned import keep_canned
from tickets.actions.linking import link_anomaly
from tickets.breachfile.missed import missed
from tickets.demo.case import Case
from tickets.demo.remarks import CANNED, FINDINGS, PLAN
from tickets.demo.stage import Scene, Stage
from tickets.demo.wording import typeset
from tickets.models import MonthlyReport, Ticket
from tickets.monthly.issuing import build_report, issue_report, review_report
from tickets.reports.days import Days
from tickets.reports.months import Month
from tickets.tallies.measures import Scope
from tickets.words import Promise

REPORTED = 3  # of the last months that are over: all but the very last are issued


@dataclass(slots=True)
class Committee:
    """The managers who look back on each month that is over; they live no ticket of their own."""

    stage: Stage
    at: datetime
    filed: Ticket | None = None
    owner: User | None = None
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.stage.seed}:committee")  # noqa: S311  (a story, no secret)  # nosec B311

    @property
    def ticket(self) -> Ticket:
        """The ticket that it lives: none."""
        raise LookupError("a committee files nothing")

    def closed(self) -> None:
        """Learn that a ticket closed: none is its own."""


def convene(stage: Stage, begins_at: datetime) -> None:
    """Let the managers meet after each month of the story."""
    months = list(_months(begins_at, stage.now))
    if months:
        committee = Committee(stage, _opening_after(stage, months[0]))
        stage.enter(committee.at, committee, _meetings(committee, months))


def _months(begins_at: datetime, now: datetime) -> Iterator[Month]:
    """Yield the months that are over."""
    month, last = Month.of(begins_at), Month.of(now)
    while month < last:
        yield month
        month = month.following


def _opening_after(stage: Stage, month: Month) -> datetime:
    """Return the first opening after a month."""
    noon = datetime.combine(Days.of_month(month).last, time(12), tzinfo=settings.SUPPORT_ZONE)
    return stage.hours.start_of_business_day(noon, 1)


def _meetings(committee: Committee, months: list[Month]) -> Scene:
    """Build the drafts on the first business day; two days later find the causes, then sign off."""
    stage = committee.stage
    for position, month in enumerate(months):
        is_last = position == len(months) - 1
        drafts = []
        if position >= len(months) - REPORTED:
            drafts = [build_report(each, month, by=None, at=committee.at) for each in _reported(stage, month)]
        yield stage.after(committee.at, 19.5)
        _find_causes(committee, month, leaves_some=is_last)
        for draft in [] if is_last else drafts:
            _sign_off(committee, draft)
        if not is_last:
            yield _opening_after(stage, months[position + 1])


def _reported(stage: Stage, month: Month) -> list[Contract]:
    """Return the contracts in force in a month whose client has a manager to read its report."""
    days = Days.of_month(month)
    managed = {
        person.client_id for person in stage.cast.people.values() if person.role == Role.CLIENT_MANAGER
    }
    return [
        contract
        for contract in stage.cast.contracts
        if contract.client_id in managed
        and contract.starts_on <= days.last
        and (contract.ends_on is None or contract.ends_on >= days.first)
    ]


def _find_causes(committee: Committee, month: Month, *, leaves_some: bool) -> None:
    rows = list(missed(Days.of_month(month), Scope(), committee.at))
    for position, (number, promise, _day) in enumerate(rows):
        if leaves_some and position % 3 == 0:
            continue
        is_first = promise == Promise.ACKNOWLEDGE
        found = committee.rng.choice([each for each in FINDINGS if each.of_acknowledgement or not is_first])
        find_breach(
            Ticket.objects.get(pk=number), Promise(promise), by=committee.rng.choice(committee.stage.cast.managers),
            at=committee.at, cause=typeset(found.cause), attribution=found.attribution, clause=found.clause,
            comment=typeset(found.comment), corrective_action=typeset(found.action),
        )  # fmt: skip


def _sign_off(committee: Committee, draft: MonthlyReport) -> None:
    manager = committee.rng.choice(committee.stage.cast.managers)
    plan = typeset(committee.rng.choice(PLAN))
    review_report(draft, by=manager, at=committee.at, synthesis="", action_plan=plan)
    issue_report(draft, by=manager, at=committee.at)


def write_known_defects(stage: Stage) -> None:
    """Record, for each solution, the defect that most open tickets report, and link them to it."""
    for code, solution in stage.cast.solutions.items():
        alike: dict[str, list[Case]] = defaultdict(list)
        for _number, case in sorted(stage.players.items()):
            if isinstance(case, Case) and case.ticket.solution_id == solution.pk and not case.is_closed:
                alike[case.anomaly.subject].append(case)
        for cases in sorted(alike.values(), key=len, reverse=True)[:2]:
            first, agent = cases[0], stage.cast.specialists[code][0]
            defect = record_anomaly(
                by=agent, at=stage.now, solution=solution, title=first.ticket.title,
                summary=first.write(first.anomaly.symptoms), analysis=first.write([first.anomaly.fixes[0][0]]),
                planned_version=first.writer.values["next_version"],
            )  # fmt: skip
            for case in cases:
                link_anomaly(case.ticket, by=agent, at=stage.now, anomaly=defect)


def write_canned_answers(stage: Stage) -> None:
    """Write the answers that the whole team has at hand."""
    for title, body, language in CANNED:
        keep_canned(
            None, by=stage.cast.managers[0], title=typeset(title) if language == "fr" else title,
            body=typeset(body) if language == "fr" else body, language=language,
            is_shared=True,
        )  # fmt: skip
