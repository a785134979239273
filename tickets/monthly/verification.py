"""Checking an issued report again: its digest, its figures from the ledger, its statements from itself."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from sla.breaches import KeptBreaches
from sla.clock import ClockError
from sla.document import DUTIES, clock_document, digest_of, find
from sla.models import Contract
from sla.policy import Policy
from sla.verification import Check, calendar_written, event_written, with_decimals
from tickets.models import MonthlyReport
from tickets.monthly.document import FORMAT, FORMAT_VERSION, statement_of
from tickets.monthly.figures import body_of
from tickets.monthly.replaying import tell
from tickets.reports.days import Days
from tickets.reports.months import Month

LONGEST = 5  # differences said of one check
# What a report of a former version counts otherwise than today: its digest answers for it, the ledger cannot.
# 1: the last question rather than the first of a wait, the last delivery alone, a lateness with its pauses.
COUNTED_OTHERWISE: dict[int, frozenset[str]] = {
    1: frozenset({"waiting", "workarounds", "late"}),
    FORMAT_VERSION: frozenset(),
}
# What each part is, of those that the checks read.
TEXT, OBJECT, LIST = (str, "text"), (dict, "object"), (list, "list")
SHAPE: dict[str, tuple[type, str]] = {
    "month": TEXT, "figures_at": TEXT, "contract": OBJECT, "figures": OBJECT, "breaches": LIST, "tickets": LIST,
    "calendars": OBJECT, "policies": OBJECT,
}  # fmt: skip
JSON = dict[str, Any]


class BrokenReport(ValueError):
    """A document that cannot be checked; the message says why."""


def check_report(document: Mapping[str, Any]) -> Iterator[Check]:
    """Yield each thing checked; raise `BrokenReport` for what is no report of this instance."""
    contract, month, at = _matter(document)
    try:
        digest = digest_of(dict(document))
    except (TypeError, ValueError) as error:
        raise BrokenReport(f"it holds what has no place in a report: {error}") from error
    yield _compared("digest", document.get("digest"), digest, digest)
    yield _issued(document, contract, digest)
    again = json.loads(json.dumps(body_of(contract, month, at)))
    # A part that reports gained later is in none of the former ones: their digest says that they never held it.
    otherwise = COUNTED_OTHERWISE[document["format_version"]]
    for part in [part for part in again["figures"] if part in document["figures"] and part not in otherwise]:
        yield _compared(
            f"figures: {part}", document["figures"][part], again["figures"][part], "as the ledger says"
        )
    if "since" in document:
        since = {**document["since"], "promises": [_untitled(line) for line in document["since"]["promises"]]}
        yield _compared("known since the previous reports", since, again["since"], "as the ledger says")
    names = [name for name in ("ticket", "promise", "due", "done", "late") if name not in otherwise]
    stated, known = (
        [{name: each.get(name) for name in names} for each in breaches]
        for breaches in (document["breaches"], again["breaches"])
    )
    yield _compared("missed deadlines", stated, known, f"{len(stated)} of them")
    if otherwise:
        yield Check("by its digest alone, as it is counted otherwise since", ", ".join(sorted(otherwise)))
    yield from _tickets(document, contract, month, at, again["tickets"])


def _matter(document: Mapping[str, Any]) -> tuple[Contract, Month, datetime]:
    version = document.get("format_version")
    if document.get("format") != FORMAT or type(version) is not int or version not in COUNTED_OTHERWISE:
        raise BrokenReport(f"it is no {FORMAT} of version {' or '.join(map(str, COUNTED_OTHERWISE))}")
    _check_shape(document)
    try:
        at = datetime.fromisoformat(document["figures_at"])
        month = Month.from_text(document["month"])
        at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BrokenReport(f"its month or its instant cannot be read: {error}") from error
    if at.tzinfo is None:
        raise BrokenReport("its instant has no offset from UTC")
    return _contract_of(document), month, at


def _check_shape(document: Mapping[str, Any]) -> None:
    """Refuse a document whose parts are not of the kind that a report has."""
    for part, (kind, name) in SHAPE.items():
        if not isinstance(document.get(part), kind):
            raise BrokenReport(f"its part “{part}” is missing, or is no {name}")
    lists = {part: document[part] for part in ("breaches", "tickets")}
    if "since" in document:
        if not isinstance(document["since"], dict) or not isinstance(document["since"].get("promises"), list):
            raise BrokenReport("its part “since” holds no list of promises")
        lists["since"] = document["since"]["promises"]
    for part, lines in lists.items():
        if not all(isinstance(line, dict) for line in lines):
            raise BrokenReport(f"a line of its part “{part}” is no object")
    if not all(type(line.get("number")) is int for line in document["tickets"]):
        raise BrokenReport("a ticket of it has no number")


def _contract_of(document: Mapping[str, Any]) -> Contract:
    """Return the contract that a document is of, whatever it is called now: by what was issued, its id, its name."""
    digest, key, reference = (
        document.get("digest"), document["contract"].get("id"), document["contract"].get("reference"),
    )  # fmt: skip
    ways = []
    if isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest):
        ways.append(Q(reports__digest=digest))
    if type(key) is int:
        ways.append(Q(pk=key))
    if isinstance(reference, str) and "\x00" not in reference:
        ways.append(Q(reference=reference))
    for way in ways:
        found = Contract.objects.select_related("client", "solution").filter(way).first()
        if found is not None:
            return found
    raise BrokenReport(f"no contract has the reference {reference!r}")


def _untitled(line: Mapping[str, Any]) -> JSON:
    return {name: value for name, value in line.items() if name != "title"}


def _issued(document: Mapping[str, Any], contract: Contract, digest: str) -> Check:
    """Compare with what was issued under that number; a draft was never issued."""
    number, name = document.get("number"), "issued under its number"
    reports = MonthlyReport.objects.filter(client=contract.client_id)
    report = reports.filter(number=number).first() if type(number) is int else None
    if report is None:
        return Check(name, differences=("no report was issued under this number",))
    return _compared(name, digest, report.digest, f"no. {report.number}, signed off by {report.issued_by}")


def _tickets(
    document: Mapping[str, Any], contract: Contract, month: Month, at: datetime, lines: list[JSON]
) -> Iterator[Check]:
    days = Days.of_month(month)
    told = {each.ticket.pk: each for each in tell(contract, days.starts_at, days.ends_at, at)}
    stated = {line.get("number"): line for line in document["tickets"]}
    yield _compared(
        "tickets: which", sorted(stated), [line["number"] for line in lines], f"{len(lines)} of them"
    )
    facts = [
        f"#{line['number']}"
        for line in lines
        if {name: stated.get(line["number"], {}).get(name) for name in line} != line
    ]
    yield Check("tickets: their lines", f"{len(lines)} as the ledger says", tuple(facts[:LONGEST]))
    differing = [
        f"#{number}"
        for number, each in told.items()
        if json.loads(json.dumps(statement_of(each, at))) != stated.get(number, {}).get("statement")
    ]
    yield Check(
        "tickets: their statements, from the ledger", f"{len(told)} of them", tuple(differing[:LONGEST])
    )
    broken = [f"#{number}" for number, line in stated.items() if not _holds(line, document)]
    yield Check(
        "tickets: their statements, from the document alone",
        f"{len(stated)} of them",
        tuple(broken[:LONGEST]),
    )


def _holds(line: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Compute a ticket's clocks again from nothing but the document."""
    try:
        stated = line["statement"]
        calendar = calendar_written(document["calendars"][line["calendar"]])
        policy = Policy.from_document(with_decimals(document["policies"][line["policy"]]["document"]))
        events = [event_written(event, f"events[{index}]") for index, event in enumerate(stated["events"])]
        kept = KeptBreaches.from_document(stated["kept"])
        found = find(events, policy, calendar, datetime.fromisoformat(stated["at"]), kept)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError, ClockError):
        return False
    return all(
        {**clock_document(found.clock(duty)), "rules": list(found.rules[duty])} == stated.get(duty)
        for duty in DUTIES
    )


def _compared(name: str, stated: Any, found: Any, confirmed: str) -> Check:
    if stated == found:
        return Check(name, confirmed)
    return Check(name, differences=(f"the document says {_short(stated)}, the ledger {_short(found)}",))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else f"{text[:200]}…"
