"""The statement document: everything that proves a ticket's delays, as JSON that computes again to itself."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sla.account import Account, Duty, account_of
from sla.breaches import KeptBreaches, with_breaches
from sla.calendar import BusinessCalendar
from sla.clock import Clock, Event, EventKind, Statement, assess
from sla.policy import Policy
from sla.provenance import ENGINE_VERSION, holidays_package, timezone_data
from sla.rules import rules_applied
from sla.segments import Reason, Segment, acknowledge_segments, gross, net, resolve_segments

FORMAT = "delay-statement"
FORMAT_VERSION = 1
DUTIES: tuple[Duty, Duty] = ("acknowledge", "resolve")

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class VersionLabel:
    """Which published version of a calendar or of a policy: its name, number and publication, an aware instant."""

    name: str
    number: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """What a statement is computed from; `calendar` and `policy` are documents in the exchange format.

    `labels` are plain words (the ticket's reference, the client, the solution, the contract): they decide
    nothing. `events` carry their ledger reference.
    """

    labels: Mapping[str, str]
    events: Sequence[Event]
    calendar: Mapping[str, object]
    policy: Mapping[str, object]
    calendar_version: VersionLabel
    policy_version: VersionLabel
    kept: KeptBreaches = field(default_factory=KeptBreaches)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the engine finds: both clocks, and each clock's lines, account and rules, by duty."""

    statement: Statement
    segments: Mapping[Duty, tuple[Segment, ...]]
    accounts: Mapping[Duty, Account | None]
    rules: Mapping[Duty, tuple[str, ...]]

    def clock(self, duty: Duty) -> Clock:
        """Return one of the two clocks."""
        return self.statement.acknowledge if duty == "acknowledge" else self.statement.resolve


def find(
    events: Sequence[Event], policy: Policy, calendar: BusinessCalendar, at: datetime, kept: KeptBreaches
) -> Findings:
    """Assess both clocks at `at`, an aware instant, and explain them; raise what `assess` raises."""
    statement = with_breaches(assess(events, policy, calendar, at), kept)
    accounts: dict[Duty, Account | None] = {
        "acknowledge": account_of("acknowledge", statement.acknowledge, policy, calendar),
        "resolve": account_of("resolve", statement.resolve, policy, calendar),
    }
    return Findings(
        statement,
        {
            "acknowledge": acknowledge_segments(events, statement, calendar),
            "resolve": resolve_segments(events, statement, calendar),
        },
        accounts,
        {duty: rules_applied(duty, statement, events, accounts[duty]) for duty in DUTIES},
    )


def write_document(matter: Matter, at: datetime) -> tuple[JSON, Findings]:
    """Compute the statement at `at`, an aware instant, and return it as a document, with what was found.

    The holidays are spelled out for every year that the computation touched, so that nothing but the
    document is needed to repeat it. Raises what `assess` raises.
    """
    # A calendar of its own: one that others have used knows of more years than this ticket needs.
    calendar = BusinessCalendar.from_document(matter.calendar)
    found = find(matter.events, Policy.from_document(matter.policy), calendar, at, matter.kept)
    document: JSON = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "engine": {
            "version": ENGINE_VERSION,
            "timezone_data": timezone_data(),
            "holidays_package": holidays_package(),
        },
        "ticket": dict(matter.labels),
        "at": instant(at),
        "events": [event_document(event) for event in matter.events if event.at <= at],
        "calendar": {
            **version_document(matter.calendar_version),
            "document": without_floats(matter.calendar),
            "holidays": holidays_document(calendar),
        },
        "policy": {**version_document(matter.policy_version), "document": without_floats(matter.policy)},
        "kept": matter.kept.as_document(),
        **findings_document(found),
    }
    return {**document, "digest": digest_of(document)}, found


def findings_document(found: Findings) -> JSON:
    """Return what was found as the part of the document that a verification computes again."""
    statement = found.statement
    return {
        "result": {
            "received_at": instant(statement.received_at),
            "effective_receipt": instant(statement.effective_receipt),
            **{
                duty: {**clock_document(found.clock(duty)), "rules": list(found.rules[duty])}
                for duty in DUTIES
            },
        },
        "segments": {
            duty: {
                "lines": [_segment(segment) for segment in found.segments[duty]],
                "net_microseconds": net(found.segments[duty]),
                "gross_microseconds": gross(found.segments[duty]),
            }
            for duty in DUTIES
        },
    }


def canonical(document: JSON) -> bytes:
    """Return the bytes that the digest is taken of: no digest, keys sorted, no space, UTF-8."""
    content = {name: value for name, value in document.items() if name != "digest"}
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest_of(document: JSON) -> str:
    """Return the SHA-256 of the document, the digest itself left out, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def without_floats(value: Any) -> Any:
    """Return the same JSON with each number that is not whole written as text, whose reading is exact."""
    if isinstance(value, Mapping):
        return {name: without_floats(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [without_floats(each) for each in value]
    return str(value) if isinstance(value, float) else value


def instant(at: datetime) -> str:
    """Write an instant: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat()


def event_document(event: Event) -> JSON:
    """Write an event as in a file of vectors, with its ledger reference."""
    written: JSON = {"kind": str(event.kind), "at": instant(event.at), "reference": event.reference}
    if event.kind == EventKind.RECEIVED:
        written["severity"] = event.severity and str(event.severity)
    elif event.kind == EventKind.SEVERITY:
        written["to"] = str(event.severity)
    elif event.kind == EventKind.DELIVERED:
        written["what"] = event.what
    elif event.kind == EventKind.ACCEPTED:
        written["lasting"] = event.lasting
    return written


def clock_document(clock: Clock) -> JSON:
    """Write one clock; durations are microseconds of business time."""
    return {
        "state": str(clock.state),
        "severity": clock.severity and str(clock.severity),
        "due": clock.due and instant(clock.due),
        "done": clock.done and instant(clock.done),
        "net_microseconds": clock.net,
        "gross_microseconds": clock.gross,
        "left_microseconds": clock.left,
        "deadlines": [
            {
                "severity": str(deadline.severity),
                "due": instant(deadline.due),
                "started_at": instant(deadline.started_at),
                "since": instant(deadline.since),
                "until": deadline.until and instant(deadline.until),
            }
            for deadline in clock.deadlines
        ],
    }


def _segment(segment: Segment) -> JSON:
    return {
        "from": instant(segment.start),
        "to": instant(segment.end),
        "state": str(segment.state),
        "severity": segment.severity and str(segment.severity),
        "business_microseconds": segment.business,
        "counted": segment.counted,
        "why": str(segment.why),
        "reference": segment.reference,
        "reasons": [_reason(reason) for reason in segment.reasons],
        "events": list(segment.events),
    }


def _reason(reason: Reason) -> JSON:
    return {
        "kind": str(reason.kind),
        "first": reason.first.isoformat(),
        "last": reason.last.isoformat(),
        "name": reason.name,
    }


def version_document(label: VersionLabel) -> JSON:
    """Write which published version it is."""
    return {"name": label.name, "version": label.number, "published_at": instant(label.published_at)}


def holidays_document(calendar: BusinessCalendar) -> JSON:
    """Spell out the holidays of the years reckoned and, for their local New Year, of those beside them."""
    years = calendar.years_reckoned
    days: dict[date, tuple[str, ...]] = {}
    for year in range(years.start - 1, years.stop + 1):
        days.update(calendar.holidays_of(year))
    return {
        "years": [years.start, years.stop - 1],
        "days": [{"date": day.isoformat(), "names": list(days[day])} for day in sorted(days)],
    }
