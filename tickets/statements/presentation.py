"""What the templates of a delay statement are given: each clock's lines, sums, deadlines and rules, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sla.account import Duty
from sla.clock import Clock, ClockState, Event
from sla.document import DUTIES
from sla.pages.words import say_target
from sla.policy import SEVERITIES as BY_RANK
from sla.segments import Segment, Why, gross, net
from tickets.models import CLOCK_STATES
from tickets.phrases import ICONS
from tickets.record.standing import PAUSES
from tickets.statements.gathering import DelayStatement
from tickets.statements.moments import say_in_table, say_length, say_list, say_moment
from tickets.statements.rules import RULES
from tickets.statements.words import STATES, explain, say_event, say_why
from tickets.words import SEVERITIES

# The page of the ticket shows no line of its own for these.
WITHOUT_ANCHOR = frozenset({"received"})


@dataclass(frozen=True, slots=True)
class Line:
    """One segment in words; `events` are what begins it, each with the anchor of its message, if any."""

    begins: str
    ends: str
    state: str
    severity: str
    length: str
    counted: bool
    is_closed: bool
    why: str
    anchor: str
    events: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One clock of a statement, ready to be shown."""

    key: Duty
    name: str
    promise: str
    state: str
    tone: str
    icon: str
    explanation: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    net: str
    gross: str
    deadlines: tuple[tuple[str, str, str, str], ...]
    pauses: tuple[tuple[str, str, str, str], ...]
    rules: tuple[tuple[str, str], ...]


def statement_context(statement: DelayStatement) -> dict[str, Any]:
    """Give a statement's templates everything that they show; the calendar's time zone is to be active."""
    accounts = [_account(statement, duty) for duty in DUTIES]
    applied = {rule for account in accounts for rule, _words in account.rules}
    return {
        "statement": statement,
        "ticket": statement.ticket,
        "at": say_moment(statement.at),
        "zone": statement.calendar.zone.key,
        "accounts": accounts,
        "targets": [
            (
                SEVERITIES[severity],
                say_target(statement.policy.acknowledge(severity)),
                say_target(statement.policy.resolve(severity)),
            )
            for severity in reversed(BY_RANK)
        ],
        "settings": _settings(statement),
        "other_rules": [(rule, words) for rule, words in RULES.items() if rule not in applied],
        "versions": _versions(statement),
        "digest": statement.document["digest"],
    }


def _account(statement: DelayStatement, duty: Duty) -> Account:
    clock, found = statement.found.clock(duty), statement.found
    account = found.accounts[duty]
    tone, icon = ICONS[clock.state]
    segments = found.segments[duty]
    policy = statement.policy
    severity = clock.severity
    target = None
    if severity:
        target = policy.acknowledge(severity) if duty == "acknowledge" else policy.resolve(severity)
    events = {event.reference: event for event in statement.events}
    with_severity = len({segment.severity for segment in segments}) > 1
    return Account(
        key=duty,
        name=_("Acknowledgement") if duty == "acknowledge" else _("Resolution"),
        promise=say_target(target),
        state=str(CLOCK_STATES[clock.state]),
        tone=tone,
        icon=icon,
        explanation=tuple(explain(account))
        if account
        else (_("No commitment: no deadline runs (C-SLA-3)."),),
        facts=tuple(_facts(statement, clock)),
        lines=tuple(_line(segment, events, with_severity=with_severity) for segment in segments),
        net=say_length(net(segments)),
        gross=say_length(gross(segments)),
        deadlines=_deadlines(clock),
        pauses=_pauses(statement) if duty == "resolve" else (),
        rules=tuple((rule, str(RULES[rule])) for rule in found.rules[duty]),
    )


def _facts(statement: DelayStatement, clock: Clock) -> list[tuple[str, str]]:
    """Say the dates of a clock, each under its name."""
    found = statement.found.statement
    facts = [(_("Received"), say_moment(found.received_at))]
    if found.effective_receipt != found.received_at:
        facts.append((_("Counts from"), f"{say_moment(found.effective_receipt)} (K-1)"))
    if clock.due:
        facts.append((_("Deadline"), say_moment(clock.due)))
    elif clock.state == ClockState.PAUSED:
        facts.append((_("Deadline"), _("not known while the clock is paused (K-8)")))
    if clock.done:
        facts.append((_("Done"), say_moment(clock.done)))
        if clock.due:
            margin = statement.calendar.between(clock.done, clock.due)
            name = _("Late by") if margin < 0 else _("To spare")
            facts.append((name, _("%(length)s of business time") % {"length": say_length(abs(margin))}))
    if clock.left is not None:
        facts.append((_("Left"), _("%(length)s of business time") % {"length": say_length(clock.left)}))
    return facts


def _line(segment: Segment, events: dict[str | int | None, Event], *, with_severity: bool) -> Line:
    """Say a segment; its severity only where another line has another."""
    begun = [events[reference] for reference in segment.events if reference in events]
    return Line(
        begins=say_in_table(segment.start),
        ends=say_in_table(segment.end),
        state=str(STATES[segment.state]),
        severity=str(SEVERITIES[segment.severity]) if segment.severity and with_severity else "",
        length=say_length(segment.business),
        counted=segment.counted,
        is_closed=segment.why == Why.CLOSED,
        why=say_why(segment),
        anchor=f"entry-{segment.reference}" if segment.reference and segment.why != Why.CLOSED else "",
        events=tuple((say_event(event), _anchor(event)) for event in begun),
    )


def _anchor(event: Event) -> str:
    return "" if event.kind in WITHOUT_ANCHOR else f"entry-{event.reference}"


def _deadlines(clock: Clock) -> tuple[tuple[str, str, str, str], ...]:
    """Return every deadline that ever stood: severity, deadline, from, to (K-10)."""
    return tuple(
        (
            str(SEVERITIES[deadline.severity]),
            say_moment(deadline.due),
            say_in_table(deadline.since),
            say_in_table(deadline.until) if deadline.until else _("still stands"),
        )
        for deadline in clock.deadlines
    )


def _pauses(statement: DelayStatement) -> tuple[tuple[str, str, str, str], ...]:
    """Return every pause of the clock's own time: cause, from, to, business time."""
    done = statement.found.statement.resolve.done
    pauses = []
    for pause in statement.found.statement.pauses:
        # The test of the delivery that the client accepts comes after what the clock measures.
        if done and pause.started_at >= done:
            continue
        ended_at = min(pause.ended_at or done, done) if done else pause.ended_at
        business = statement.calendar.between(pause.started_at, ended_at) if ended_at else pause.business
        pauses.append(
            (
                str(PAUSES[pause.cause]),
                say_in_table(pause.started_at),
                say_in_table(ended_at) if ended_at else _("still open"),
                say_length(business),
            )
        )
    return tuple(pauses)


def _settings(statement: DelayStatement) -> list[tuple[str, str, str]]:
    """Return the conventions that the policy sets: name, value, rule."""
    policy = statement.policy
    reminders = say_list([str(day) for day in policy.reminder_days])
    percents = [_("%(percent)s %%") % {"percent": number_format(each)} for each in policy.escalation_percents]
    return [
        (_("Business days before tacit closing"), str(policy.closing_days), "C-CLI-2, K-5, K-18"),
        (_("Reminders at the opening of the business days"), reminders, "K-5"),
        (_("Escalations at these parts of a running clock"), say_list(percents), ""),
    ]  # fmt: skip


def _versions(statement: DelayStatement) -> list[tuple[str, str]]:
    """Return what the statement was computed under and with."""
    document, ticket = statement.document, statement.ticket
    engine = document["engine"]

    def said(part: str, published_at: datetime | None) -> str:
        values = {
            "name": document[part]["name"],
            "number": document[part]["version"],
            "at": say_moment(published_at) if published_at else "",
        }
        return _("%(name)s, version %(number)d, published on %(at)s") % values

    return [
        (_("Calendar"), said("calendar", ticket.calendar_version.published_at)),
        (_("Policy"), said("policy", ticket.policy_version.published_at)),
        (_("Engine"), engine["version"]),
        (_("Time zone data"), engine["timezone_data"]),
        (
            _("Public holidays"),
            _("package “holidays”, version %(version)s") % {"version": engine["holidays_package"]},
        ),
        (_("Format of the JSON"), str(document["format_version"])),
    ]
