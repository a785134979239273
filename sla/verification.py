"""Verifying a statement document: everything it states is computed again from what it says itself."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from sla.breaches import KeptBreaches
from sla.calendar import BusinessCalendar, CalendarError
from sla.clock import ClockError, Event
from sla.document import DUTIES, FORMAT, FORMAT_VERSION, digest_of, find, findings_document
from sla.policy import Policy, PolicyError
from sla.provenance import ENGINE_VERSION, timezone_data
from sla.vectors import VectorError, read_event

Value = TypeVar("Value")
PARTS = ("engine", "ticket", "calendar", "policy", "result", "segments")


class BrokenStatement(ValueError):
    """A document that cannot be verified; the message begins with the place."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing verified: what it is, what was confirmed, and each difference found; none if it is right."""

    name: str
    confirmed: str = ""
    differences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether nothing differs."""
        return not self.differences


def verify(document: Mapping[str, Any]) -> Iterator[Check]:
    """Compute a document's statement again and yield each check; raise BrokenStatement, naming the place."""
    _refuse_other_formats(document)
    yield _digest(document)
    events, calendar, policy, at = _matter(document)
    kept = _read("kept", lambda: KeptBreaches.from_document(document.get("kept")))
    try:
        found = find(events, policy, calendar, at, kept)
    except (ClockError, CalendarError, PolicyError) as error:
        raise BrokenStatement(f"cannot be computed again: {error}") from error
    again = json.loads(json.dumps(findings_document(found)))
    stated, recomputed = document["result"], again["result"]
    yield _compare("reception", _reception(stated), _reception(recomputed), recomputed["effective_receipt"])
    for duty in DUTIES:
        clock, name = recomputed[duty], NAMES[duty]
        fields = stated.get(duty) if isinstance(stated.get(duty), dict) else {}
        for field, label in FIELDS.items():
            yield _compare(
                f"{name}: {label}",
                fields.get(field),
                clock[field],
                _said(clock[field]),
                f"result.{duty}.{field}",
            )
        lines = again["segments"][duty]
        yield _compare(
            f"{name}: segments",
            document["segments"].get(duty),
            lines,
            f"{len(lines['lines'])} lines",
            f"segments.{duty}",
        )
        yield Check(f"{name}: sums", *_sums(clock, lines))


NAMES = {"acknowledge": "acknowledgement", "resolve": "resolution"}
FIELDS = {
    "state": "state",
    "due": "deadline",
    "done": "done",
    "severity": "severity",
    "net_microseconds": "net time",
    "gross_microseconds": "gross time",
    "left_microseconds": "time left",
    "deadlines": "every deadline that stood",
    "rules": "rules applied",
}


def notices(document: Mapping[str, Any]) -> Iterator[str]:
    """Say where what verifies is not what computed: it may explain a difference."""
    engine = document["engine"]
    if engine.get("version") != ENGINE_VERSION:
        yield f"computed by engine {engine.get('version')}, verified by {ENGINE_VERSION}"
    if engine.get("timezone_data") != timezone_data():
        yield f"computed with time zone data {engine.get('timezone_data')}, verified with {timezone_data()}"


def _refuse_other_formats(document: Mapping[str, Any]) -> None:
    if document.get("format") != FORMAT:
        raise BrokenStatement(f"format: not a statement of delays: {document.get('format')!r}")
    if document.get("format_version") != FORMAT_VERSION:
        raise BrokenStatement(f"format_version: this program reads version {FORMAT_VERSION} only")
    for part in PARTS:
        if not isinstance(document.get(part), dict):
            raise BrokenStatement(f"{part}: missing, or not an object")


def _digest(document: Mapping[str, Any]) -> Check:
    try:
        found = digest_of(dict(document))
    except TypeError as error:
        raise BrokenStatement("a number that is not whole has no place in a statement") from error
    return _compare("digest", document.get("digest"), found, found)


def _matter(document: Mapping[str, Any]) -> tuple[list[Event], BusinessCalendar, Policy, datetime]:
    """Read what the statement is computed from; the holidays are those that it spells out."""
    written = document.get("events")
    if not isinstance(written, list):
        raise BrokenStatement("events: missing, or not a list")
    events = [event_written(event, f"events[{index}]") for index, event in enumerate(written)]
    calendar = _read("calendar", lambda: calendar_written(document["calendar"]))
    policy = _read("policy", lambda: Policy.from_document(with_decimals(document["policy"]["document"])))
    return events, calendar, policy, _read("at", lambda: _instant(document["at"]))


def event_written(event: Any, path: str) -> Event:
    """Read an event as a document writes it; raise BrokenStatement, naming the place."""
    if not isinstance(event, dict):
        raise BrokenStatement(f"{path}: an event is an object")
    bare = {name: value for name, value in event.items() if name != "reference"}
    try:
        read = read_event(bare, path)
    except VectorError as error:
        raise BrokenStatement(str(error)) from error
    return Event(read.kind, read.at, read.severity, read.what, read.lasting, event.get("reference"))


def calendar_written(written: Mapping[str, Any]) -> BusinessCalendar:
    """Return the calendar that a document writes, with the holidays that it spells out."""
    holidays = {
        date.fromisoformat(each["date"]): tuple(each["names"]) for each in written["holidays"]["days"]
    }
    first, last = written["holidays"]["years"]
    return BusinessCalendar.with_holidays(written["document"], holidays, range(first, last + 1))


def with_decimals(policy: Any) -> Any:
    """Return a policy document with the hours that are written as text, not being whole, as numbers."""
    if isinstance(policy, dict):
        return {
            name: Decimal(each) if name == "hours" and isinstance(each, str) else with_decimals(each)
            for name, each in policy.items()
        }
    return policy


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return at


def _read(place: str, reading: Callable[[], Value]) -> Value:
    try:
        return reading()
    except KeyError as error:
        raise BrokenStatement(f"{place}.{error.args[0]}: missing") from error
    except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
        raise BrokenStatement(f"{place}: {error}") from error


def _reception(result: Mapping[str, Any]) -> dict[str, Any]:
    return {name: result.get(name) for name in ("received_at", "effective_receipt")}


def _sums(clock: Mapping[str, Any], segments: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Check that the lines, added up one by one, make the clock's times."""
    lines = segments["lines"]
    totals = {
        "net_microseconds": sum(line["business_microseconds"] for line in lines if line["counted"]),
        "gross_microseconds": sum(line["business_microseconds"] for line in lines),
    }
    wrong = [
        f"{name}: the lines make {total}, the clock says {clock[name]}"
        for name, total in totals.items()
        if total != clock[name]
    ]
    return f"{totals['net_microseconds']} µs net, {totals['gross_microseconds']} µs gross", tuple(wrong)


def _compare(name: str, stated: Any, recomputed: Any, confirmed: str, path: str = "") -> Check:
    return Check(name, confirmed, tuple(_differences(stated, recomputed, path or name)))


def _differences(stated: Any, recomputed: Any, path: str) -> Iterator[str]:
    """Yield each place where two documents differ."""
    if isinstance(stated, dict) and isinstance(recomputed, dict):
        for name in {**recomputed, **stated}:
            yield from _differences(stated.get(name), recomputed.get(name), f"{path}.{name}")
    elif isinstance(stated, list) and isinstance(recomputed, list) and len(stated) == len(recomputed):
        for index, (one, other) in enumerate(zip(stated, recomputed, strict=True)):
            yield from _differences(one, other, f"{path}[{index}]")
    elif stated != recomputed or type(stated) is not type(recomputed):
        yield f"{path}: stated {_said(stated)}, computed again {_said(recomputed)}"


def _said(value: Any) -> str:
    if isinstance(value, list):
        return (
            ", ".join(map(str, value))
            if all(isinstance(each, str) for each in value)
            else f"{len(value)} entries"
        )
    return "none" if value is None else str(value)
