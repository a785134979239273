"""The conformance vectors: the published set, ours, and those of the documentation; and files that are broken."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sla.vectors import VectorError, check_document, check_file

pytestmark = pytest.mark.usefixtures("in_english")

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted((Path(__file__).parent / "vectors").glob("*.json"))
PUBLISHED = Path(__file__).parent / "vectors" / "published.json"
CONVENTIONS = ROOT / "docs" / "conventions.md"

CALENDAR = {
    "timezone": "Europe/Paris",
    "weekly": {"1": [["09:00", "18:00"]]},
    "holidays": None,
    "closures": [],
}
POLICY = {
    "bloquante": {"acknowledge": {"hours": 2}, "resolve": {"hours": 24}},
    "majeure": {"acknowledge": {"hours": 4}, "resolve": {"days": 7}},
    "mineure": {"acknowledge": {"hours": 24}, "resolve": None},
}
HOUR = {"id": "one", "op": "add_hours", "start": "2026-06-08T09:00:00+02:00", "hours": 1}
RIGHT, WRONG = "2026-06-08T10:00:00+02:00", "2026-06-08T11:00:00+02:00"


def failures_of(outcomes) -> list[str]:
    return [f"{outcome.case}: {failure}" for outcome in outcomes for failure in outcome.failures]


def document(*cases: object, **fields: object) -> dict:
    return {"calendar": CALENDAR, "policy": POLICY, "cases": list(cases), **fields}


def write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def blocks_of_the_documentation() -> list:
    text = CONVENTIONS.read_text(encoding="utf-8")
    return [
        json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_vectors_all_pass(path):
    outcomes = list(check_file(path))
    assert failures_of(outcomes) == []
    assert len(outcomes) >= 19


def test_the_published_vectors_all_pass():
    outcomes = list(check_file(PUBLISHED))
    assert failures_of(outcomes) == []
    assert len(outcomes) == 158


def test_every_example_of_the_documentation_is_true():
    base, *examples = blocks_of_the_documentation()
    cases = [case for example in examples for case in (example if isinstance(example, list) else [example])]
    assert failures_of(check_document({**base, "cases": cases})) == []
    assert len(cases) > 30


def test_the_documentation_states_every_convention_and_shows_all_but_the_rates():
    text = CONVENTIONS.read_text(encoding="utf-8")
    stated = {int(number) for number in re.findall(r"^### K-(\d+) ", text, re.MULTILINE)}
    assert stated == set(range(1, 21))
    shown = {number for number in range(1, 21) if re.search(rf'"id": "K-{number}[",]', text)}
    assert set(range(1, 21)) - shown == {13}


def test_the_command_prints_the_counts_without_a_database(tmp_path, capsys):
    call_command("sla_check", write(tmp_path / "right.json", document({**HOUR, "expect": RIGHT})))
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_the_command_prints_each_mismatch_and_fails(tmp_path, capsys):
    path = write(tmp_path / "wrong.json", document({**HOUR, "expect": WRONG}, {**HOUR, "expect": RIGHT}))
    with pytest.raises(SystemExit) as stopped:
        call_command("sla_check", path)
    assert stopped.value.code == 1
    assert capsys.readouterr().out == (
        f"cases[0] one: expect: got {RIGHT}, expected {WRONG}\n1 passed, 1 failed\n"
    )


def test_every_field_that_differs_is_reported():
    events = [{"kind": "received", "at": "2026-06-08T09:00:00+02:00", "severity": "bloquante"}]
    expected = {"state": "met", "due": None, "done": RIGHT, "net_seconds": 1, "gross_seconds": 2.5}
    case = {"id": "all", "op": "ticket", "at": RIGHT, "events": events, "expect": {"resolve": expected}}
    [outcome] = check_document(document(case))
    assert outcome.failures == (
        "expect.resolve.state: got running, expected met",
        "expect.resolve.due: got 2026-06-22T13:00:00+00:00, expected None",
        f"expect.resolve.done: got None, expected {RIGHT}",
        "expect.resolve.net_seconds: got 3600, expected 1",
        "expect.resolve.gross_seconds: got 3600, expected 2.5",
    )


def test_a_case_may_bring_its_calendar_its_policy_and_its_closures():
    sunday = {"timezone": "UTC", "weekly": {"7": [["00:00", "24:00"]]}}
    noon = [{"date": "2026-06-08", "windows": [["12:00", "13:00"]]}]
    cases = [
        {**HOUR, "calendar": sunday, "expect": "2026-06-14T01:00:00Z"},
        {**HOUR, "closures": noon, "expect": "2026-06-08T11:00:00Z"},
        {**HOUR, "calendar": sunday, "closures": noon, "expect": "2026-06-08T13:00:00Z"},
    ]
    assert failures_of(check_document({"calendar": CALENDAR, "cases": cases})) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1, column 2"),
        ("[]", "not a JSON object"),
        ('{"cases": [{"hours": NaN}]}', "NaN is not a JSON number"),
        ("[" * 100_000, "recursion"),
        ({}, "cases: missing"),
        ({"cases": {}}, "cases: missing, or not a list"),
        ({"cases": []}, "cases: empty"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path, content, message):
    path = write(tmp_path / "broken.json", content)
    with pytest.raises(CommandError, match=re.escape(message)):
        call_command("sla_check", path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(VectorError, match="No such file"):
        list(check_file(tmp_path / "absent.json"))
    with pytest.raises(VectorError, match="directory"):
        list(check_file(tmp_path))
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    with pytest.raises(VectorError, match="byte 7: not UTF-8"):
        list(check_file(tmp_path / "latin.json"))


TICKET = {"id": "t", "op": "ticket", "at": RIGHT, "expect": {}}
RECEIVED = {"kind": "received", "at": RIGHT, "severity": "majeure"}


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (1, "a case is an object"),
        ({"op": "add_hours"}, "id: missing"),
        ({"id": "x"}, "op: missing"),
        ({"id": "x", "op": "add_hour", "expect": RIGHT}, "op: unknown operation 'add_hour'"),
        (HOUR, "expect: missing"),
        ({**HOUR, "expect": None}, "expect: not text"),
        (
            {**HOUR, "expect": RIGHT, "start": "2026-06-08T09:00:00"},
            "start: '2026-06-08T09:00:00' has no offset",
        ),
        ({**HOUR, "expect": RIGHT, "start": "Monday"}, "start: 'Monday' is not an ISO 8601 instant"),
        ({**HOUR, "expect": RIGHT, "hours": 0}, "is not a number of hours above 0"),
        ({**HOUR, "expect": RIGHT, "hours": -1}, "is not a number of hours above 0"),
        ({**HOUR, "expect": RIGHT, "hours": "x"}, "hours: “x” is not a number of hours"),
        ({**HOUR, "expect": RIGHT, "hours": True}, "hours: “True” is not a number of hours"),
        ({**HOUR, "expect": RIGHT, "hours": 1e30}, "is not a number of hours above 0 and at most 876600"),
        ({**HOUR, "expect": RIGHT, "day": 1}, "day: unknown field for add_hours"),
        ({**HOUR, "op": "add_days", "expect": RIGHT}, "hours: unknown field for add_days"),
        (
            {"id": "x", "op": "add_days", "start": RIGHT, "days": 1.5, "expect": RIGHT},
            "days: a number of business",
        ),
        (
            {"id": "x", "op": "between", "start": RIGHT, "end": RIGHT, "expect": "0"},
            "expect: not a number of seconds",
        ),
        (
            {**HOUR, "expect": RIGHT, "calendar": {**CALENDAR, "timezone": "Mars/Base"}},
            "timezone: unknown time zone",
        ),
        ({**HOUR, "expect": RIGHT, "calendar": []}, "calendar: a calendar is an object"),
        ({**TICKET, "events": {}}, "events: not a list"),
        ({**TICKET, "events": []}, "events: a ticket begins with its reception"),
        ({**TICKET, "events": [1]}, "events[0]: an event is an object"),
        ({**TICKET, "events": [{"at": RIGHT}]}, "events[0].kind: missing"),
        ({**TICKET, "events": [{"kind": "received", "at": RIGHT}]}, "events[0].severity: missing"),
        (
            {**TICKET, "events": [{**RECEIVED, "severity": "low"}]},
            "events[0].severity: not a severity: 'low'",
        ),
        ({**TICKET, "events": [{**RECEIVED, "when": 1}]}, "events[0].when: unknown field"),
        ({**TICKET, "events": [RECEIVED, {"kind": "reopened", "at": RIGHT}]}, "events[1].kind: unknown kind"),
        ({**TICKET, "events": [RECEIVED], "policy": {"bloquante": 1}}, "mineure: missing"),
        ({**TICKET, "events": [RECEIVED], "expect": {"solve": {}}}, "expect.solve: unknown field"),
        (
            {**TICKET, "events": [RECEIVED], "expect": {"resolve": {"status": 1}}},
            "expect.resolve.status: unknown",
        ),
        ({**TICKET, "events": [RECEIVED], "expect": {"resolve": 1}}, "expect.resolve: not an object"),
    ],
)
def test_a_broken_case_fails_with_its_place_and_the_others_still_run(case, message):
    broken, sound = check_document(document(case, {**HOUR, "expect": RIGHT}))
    assert broken.case.startswith("cases[0]")
    assert message in "; ".join(broken.failures)
    assert sound.failures == ()
