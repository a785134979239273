"""A statement document verifies from itself alone, and every tampering is found."""

import copy
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given

from sla.breaches import KeptBreaches
from sla.document import Matter, VersionLabel, canonical, digest_of, write_document
from sla.verification import BrokenStatement, verify
from tests.sla.test_properties import MONDAY, POLICY, STEP, as_events, lives, often

ROOT = Path(__file__).resolve().parent.parent.parent
CALENDAR = {
    "timezone": "Europe/Paris",
    "weekly": {str(day): [["09:00", "18:00"]] for day in range(1, 6)},
    "holidays": {"country": "FR", "subdivision": None, "worked": []},
    "closures": [],
}
EVENTS = [
    {"kind": "received", "at": MONDAY + 40 * STEP, "severity": "majeure"},
    {"kind": "acknowledged", "at": MONDAY + 44 * STEP},
    {"kind": "question", "at": MONDAY + 48 * STEP},
    {"kind": "answer", "at": MONDAY + 56 * STEP},
]


def document_of(
    calendar: dict, events: list[dict], at, policy: dict = POLICY, kept: KeptBreaches | None = None
) -> dict:
    version = VersionLabel("Support", 1, MONDAY)
    labels = {"reference": "#1", "client": "Brasserie", "solution": "Gestia", "contract": "C-1"}
    matter = Matter(labels, as_events(events), calendar, policy, version, version, kept or KeptBreaches())
    return json.loads(json.dumps(write_document(matter, at)[0]))


@pytest.fixture
def document() -> dict:
    return document_of(CALENDAR, EVENTS, MONDAY + 500 * STEP)


def found_by(document: dict) -> list[str]:
    return [difference for check in verify(document) for difference in check.differences]


def sealed(document: dict) -> dict:
    """Return the document with a digest that fits it: as somebody would who alters it knowingly."""
    return {**document, "digest": digest_of(document)}


@often
@given(lives())
def test_every_statement_confirms_itself(drawn):
    calendar, events, at = drawn
    document = document_of(calendar, events, at)
    checks = list(verify(document))
    assert [check for check in checks if not check.passed] == []
    assert {"digest", "resolution: deadline", "acknowledgement: sums"} <= {check.name for check in checks}


def test_a_changed_digest_is_found(document):
    assert found_by({**document, "digest": "0" * 64}) == [
        f"digest: stated {'0' * 64}, computed again {document['digest']}"
    ]


def test_a_changed_deadline_is_found_even_under_a_fitting_digest(document):
    altered = copy.deepcopy(document)
    altered["result"]["resolve"]["due"] = "2026-05-20T10:00:00+00:00"
    assert [line.split(":")[0] for line in found_by(altered)] == ["digest", "result.resolve.due"]
    assert found_by(sealed(altered)) == [
        "result.resolve.due: stated 2026-05-20T10:00:00+00:00, computed again "
        + document["result"]["resolve"]["due"]
    ]


def test_a_changed_event_is_found(document):
    altered = copy.deepcopy(document)
    altered["events"][3]["at"] = (MONDAY + 60 * STEP).isoformat()
    found = found_by(sealed(altered))
    assert any(line.startswith("result.resolve.due") for line in found)
    assert any(line.startswith("segments.resolve") for line in found)


def test_a_changed_holiday_is_found(document):
    altered = copy.deepcopy(document)
    days = altered["calendar"]["holidays"]["days"]
    days.remove({"date": "2026-05-08", "names": ["Fête de la Victoire"]})
    assert any(line.startswith("segments.resolve") for line in found_by(sealed(altered)))


def test_a_changed_line_is_found(document):
    altered = copy.deepcopy(document)
    altered["segments"]["resolve"]["lines"][0]["counted"] = False
    assert found_by(sealed(altered)) == [
        "segments.resolve.lines[0].counted: stated False, computed again True"
    ]


def test_the_holidays_are_those_of_the_document_whatever_the_package_knows(document):
    written = copy.deepcopy(document)
    written["calendar"]["document"]["holidays"] = {"country": "FR", "worked": ["A holiday abolished since"]}
    assert found_by(sealed(written)) == []


def test_hours_that_are_not_whole_are_written_without_a_float():
    policy = {**POLICY, "bloquante": {"acknowledge": {"hours": 1.1}, "resolve": {"hours": 5}}}
    document = document_of(CALENDAR, EVENTS, MONDAY + 500 * STEP, policy)
    assert document["policy"]["document"]["bloquante"]["acknowledge"] == {"hours": "1.1"}
    assert found_by(document) == []


def test_a_breach_kept_by_a_recompute_is_stated_and_confirmed():
    kept = KeptBreaches(resolve=MONDAY + 100 * STEP)
    document = document_of(CALENDAR, EVENTS, MONDAY + 130 * STEP, kept=kept)
    assert document["kept"] == {"acknowledge": None, "resolve": (MONDAY + 100 * STEP).isoformat()}
    resolve = document["result"]["resolve"]
    assert (resolve["state"], resolve["due"]) == ("missed", document["kept"]["resolve"])
    assert "K-11" in resolve["rules"]
    assert found_by(document) == []
    altered = sealed({**document, "kept": None})
    assert any(line.startswith("result.resolve.state: stated missed") for line in found_by(altered))


def test_the_digest_is_of_sorted_keys_and_can_be_taken_by_hand(document):
    content = {name: value for name, value in document.items() if name != "digest"}
    by_hand = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(document) == by_hand.encode()


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("format:", lambda document: document.update(format="other")),
        ("format_version:", lambda document: document.update(format_version=2)),
        ("policy: missing", lambda document: document.pop("policy")),
        ("events: missing", lambda document: document.update(events=None)),
        ("events[0].at", lambda document: document["events"][0].update(at="yesterday")),
        ("events[1]:", lambda document: document["events"].insert(1, 3)),
        ("at:", lambda document: document.update(at="2026-05-04T10:00:00")),
        ("calendar.holidays: missing", lambda document: document["calendar"].pop("holidays")),
        ("kept:", lambda document: document.update(kept={"resolve": "soon"})),
        ("cannot be computed again", lambda document: document.update(at="2020-05-04T10:00:00+00:00")),
    ],
)
def test_a_broken_document_is_refused_with_the_place(document, place, change):
    change(document)
    with pytest.raises(BrokenStatement) as refused:
        list(verify(document))
    assert str(refused.value).startswith(place)


def verified(path: Path) -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("sla_verify", str(path), stdout=output)
    except SystemExit as left:
        return int(left.code), output.getvalue()
    return 0, output.getvalue()


def test_the_command_confirms_a_file(tmp_path, document):
    path = tmp_path / "statement.json"
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False))
    status, said = verified(path)
    assert status == 0
    assert f"digest: confirmed ({document['digest']})" in said
    assert said.endswith("Confirmed.\n")


def test_the_command_says_what_differs(tmp_path, document):
    document["result"]["resolve"]["state"] = "met"
    path = tmp_path / "statement.json"
    path.write_text(json.dumps(document))
    status, said = verified(path)
    assert status == 1
    assert "resolution: state: DIFFERS" in said
    assert said.endswith("NOT confirmed: 2 checks differ.\n")


def test_the_command_refuses_a_truncated_file_with_the_place(tmp_path, document):
    path = tmp_path / "statement.json"
    path.write_text(json.dumps(document, indent=1)[:400])
    status, said = verified(path)
    assert status == 1
    assert "line " in said
    assert said.endswith("Not confirmed: this statement cannot be verified.\n")


def test_the_command_says_when_other_data_verifies(tmp_path, document):
    document["engine"]["timezone_data"] = "1999a"
    path = tmp_path / "statement.json"
    path.write_text(json.dumps(sealed(document)))
    status, said = verified(path)
    assert status == 0
    assert "note: computed with time zone data 1999a" in said


def test_it_runs_without_an_instance(tmp_path, document):
    path = tmp_path / "statement.json"
    path.write_text(json.dumps(document))
    done = subprocess.run(
        [sys.executable, "-m", "sla", str(path)],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1], done.stderr) == (0, "Confirmed.", "")
