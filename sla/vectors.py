"""Conformance vectors: JSON files of cases that anyone can write, and the engine's answers to them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from sla.calendar import BusinessCalendar, CalendarError
from sla.clock import Clock, ClockError, Event, Statement, assess
from sla.intervals import SECOND
from sla.policy import Policy, PolicyError, Severity, hours_to_microseconds

LARGEST_HOURS = 876_600
# Said for the reader only.
ANNOTATIONS = frozenset({"comment", "description", "note", "rule", "title"})
CLOCK_FIELDS = frozenset({"state", "due", "done", "net_seconds", "gross_seconds"})
EVENT_FIELDS = frozenset({"kind", "at", "severity", "to", "what", "lasting"})
CASE_FIELDS = frozenset({"id", "op", "expect", "calendar", "policy", "closures", *ANNOTATIONS})


class VectorError(ValueError):
    """A vectors file, or a case of it, cannot be read; the message begins with the place."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: no failure if it passed, else a line for each."""

    case: str
    failures: tuple[str, ...]


def check_file(path: Path) -> Iterator[Outcome]:
    """Yield the outcome of each case in a file; VectorError if the file itself is broken."""
    yield from check_document(read_document(path))


def read_document(path: Path) -> Mapping[str, Any]:
    """Read a vectors file, or raise VectorError with the line, the column and the reason."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VectorError(f"{path}: byte {error.start}: not UTF-8 text") from error
    except OSError as error:
        raise VectorError(f"{path}: {error.strerror}") from error
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise VectorError(f"{path}: line {error.lineno}, column {error.colno}: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise VectorError(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise VectorError(f"{path}: not a JSON object")
    return document


def check_document(document: Mapping[str, Any]) -> Iterator[Outcome]:
    """Yield the outcome of each case, in order; VectorError if there is no list of cases."""
    cases = document.get("cases")
    if not isinstance(cases, list):
        raise VectorError("cases: missing, or not a list")
    if not cases:
        raise VectorError("cases: empty, there is nothing to check")
    bench = _Bench(document)
    for index, case in enumerate(cases):
        name = case.get("id") if isinstance(case, dict) else None
        place = f"cases[{index}]" + (f" {name}" if isinstance(name, str) else "")
        try:
            failures = tuple(bench.failures(case))
        except (VectorError, CalendarError, PolicyError, ClockError) as error:
            failures = (str(error),)
        yield Outcome(place, failures)


class _Bench:
    """A file's calendar and policy, and those that its cases bring, each built once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._calendars: dict[str, BusinessCalendar] = {}
        self._policies: dict[str, Policy] = {}

    def failures(self, case: object) -> Iterator[str]:
        """Yield a line for each thing expected that is not what the engine says."""
        if not isinstance(case, dict):
            raise VectorError("a case is an object")
        _required(case, "id", str)
        operation = _required(case, "op", str)
        if operation not in OPERATIONS:
            raise VectorError(f"op: unknown operation {operation!r}, expected one of {', '.join(OPERATIONS)}")
        if "expect" not in case:
            raise VectorError("expect: missing")
        inputs, answer = OPERATIONS[operation]
        for name in case:
            if name not in CASE_FIELDS and name not in inputs:
                raise VectorError(f"{name}: unknown field for {operation}")
        yield from answer(self, case)

    def calendar(self, case: Mapping[str, Any]) -> BusinessCalendar:
        """Return the case's calendar, else the file's; the case's closures replace either's."""
        document = case.get("calendar", self._document.get("calendar"))
        if document is None:
            raise VectorError("calendar: missing from both the case and the file")
        if "closures" in case and isinstance(document, dict):
            document = {**document, "closures": case["closures"]}
        key = json.dumps(document, default=str)
        if key not in self._calendars:
            self._calendars[key] = BusinessCalendar.from_document(document)
        return self._calendars[key]

    def policy(self, case: Mapping[str, Any]) -> Policy:
        """Return the case's policy, else the file's."""
        document = case.get("policy", self._document.get("policy"))
        if document is None:
            raise VectorError("policy: missing from both the case and the file")
        key = json.dumps(document, default=str)
        if key not in self._policies:
            self._policies[key] = Policy.from_document(document)
        return self._policies[key]

    def add_hours(self, case: dict[str, Any]) -> Iterator[str]:
        """K-2."""
        amount = hours_to_microseconds(_required(case, "hours"), LARGEST_HOURS)
        got = self.calendar(case).add(_instant(case, "start"), amount)
        yield from _compare_instant("expect", got, _instant(case, "expect"))

    def add_days(self, case: dict[str, Any]) -> Iterator[str]:
        """K-3."""
        got = self.calendar(case).add_days(_instant(case, "start"), _required(case, "days"))
        yield from _compare_instant("expect", got, _instant(case, "expect"))

    def end_of_day(self, case: dict[str, Any]) -> Iterator[str]:
        """K-5."""
        days = _required(case, "days")
        got = self.calendar(case).end_of_business_day(_instant(case, "start"), days)
        yield from _compare_instant("expect", got, _instant(case, "expect"))

    def between(self, case: dict[str, Any]) -> Iterator[str]:
        """Business time, signed."""
        got = self.calendar(case).between(_instant(case, "start"), _instant(case, "end"))
        yield from _compare_seconds("expect", got, case["expect"])

    def ticket(self, case: dict[str, Any]) -> Iterator[str]:
        """K-7 to K-17."""
        events = _required(case, "events", list)
        statement = assess(
            [read_event(event, f"events[{index}]") for index, event in enumerate(events)],
            self.policy(case),
            self.calendar(case),
            _instant(case, "at"),
        )
        yield from _compare_statement(statement, _required(case, "expect", dict))


OPERATIONS = {
    "add_hours": ({"start", "hours"}, _Bench.add_hours),
    "add_days": ({"start", "days"}, _Bench.add_days),
    "end_of_day": ({"start", "days"}, _Bench.end_of_day),
    "between": ({"start", "end"}, _Bench.between),
    "ticket": ({"at", "events"}, _Bench.ticket),
}


def read_event(event: object, path: str) -> Event:
    """Read one event of a case; VectorError names the place. The engine judges what it means."""
    if not isinstance(event, dict):
        raise VectorError(f"{path}: an event is an object")
    for name in event:
        if name not in EVENT_FIELDS:
            raise VectorError(f"{path}.{name}: unknown field")
    kind = _required(event, "kind", str, path)
    if kind in {"received", "severity"}:
        field = "to" if kind == "severity" else "severity"
        severity = _required(event, field, None, path)
        if severity is not None and severity not in tuple(Severity):
            raise VectorError(f"{path}.{field}: not a severity: {severity!r}")
    else:
        severity = None
    lasting = event.get("lasting", True)
    if not isinstance(lasting, bool):
        raise VectorError(f"{path}.lasting: neither true nor false: {lasting!r}")
    return Event(
        kind=kind,
        at=_instant(event, "at", path),
        severity=None if severity is None else Severity(severity),
        what=event.get("what"),
        lasting=lasting,
    )


def _compare_statement(statement: Statement, expected: dict[str, Any]) -> Iterator[str]:
    clocks = {"acknowledge": statement.acknowledge, "resolve": statement.resolve}
    for name, fields in expected.items():
        if name not in clocks:
            raise VectorError(f"expect.{name}: unknown field, expected “acknowledge” or “resolve”")
        if not isinstance(fields, dict):
            raise VectorError(f"expect.{name}: not an object")
        for field in fields:
            if field not in CLOCK_FIELDS:
                raise VectorError(f"expect.{name}.{field}: unknown field")
        yield from _compare_clock(clocks[name], fields, f"expect.{name}")


def _compare_clock(clock: Clock, expected: dict[str, Any], path: str) -> Iterator[str]:
    if "state" in expected and clock.state != expected["state"]:
        yield _mismatch(f"{path}.state", clock.state, expected["state"])
    for field, got in (("due", clock.due), ("done", clock.done)):
        if field in expected:
            instant = None if expected[field] is None else _instant(expected, field, path)
            yield from _compare_instant(f"{path}.{field}", got, instant)
    for field, amount in (("net_seconds", clock.net), ("gross_seconds", clock.gross)):
        if field in expected:
            yield from _compare_seconds(f"{path}.{field}", amount, expected[field])


def _compare_instant(path: str, got: datetime | None, expected: datetime | None) -> Iterator[str]:
    if got != expected:
        zone = None if expected is None else expected.tzinfo
        shown = None if got is None else got.astimezone(zone or got.tzinfo).isoformat()
        yield _mismatch(path, shown, None if expected is None else expected.isoformat())


def _compare_seconds(path: str, got: int, expected: object) -> Iterator[str]:
    if isinstance(expected, bool) or not isinstance(expected, int | float | Decimal):
        raise VectorError(f"{path}: not a number of seconds: {expected!r}")
    if Decimal(got) != Decimal(str(expected)) * SECOND:
        yield _mismatch(path, f"{Decimal(got) / SECOND:f}", expected)


def _mismatch(path: str, got: object, expected: object) -> str:
    return f"{path}: got {got}, expected {expected}"


def _required(holder: Mapping[str, Any], name: str, kind: type | None = None, path: str = "") -> Any:
    place = f"{path}.{name}" if path else name
    if name not in holder:
        raise VectorError(f"{place}: missing")
    value = holder[name]
    if kind is not None and not isinstance(value, kind):
        raise VectorError(f"{place}: not {KINDS[kind]}: {value!r}")
    return value


KINDS: dict[type, str] = {str: "text", list: "a list", dict: "an object"}


def _instant(holder: Mapping[str, Any], name: str, path: str = "") -> datetime:
    place = f"{path}.{name}" if path else name
    text = _required(holder, name, str, path)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise VectorError(f"{place}: {text!r} is not an ISO 8601 instant") from error
    if at.tzinfo is None:
        raise VectorError(f"{place}: {text!r} has no offset from UTC")
    return at


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
