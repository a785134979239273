"""Bringing a former register in: its past lived again through the ledger, or every reason why not."""

import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import translation

from sla.models import Calendar, CalendarVersion, Closure, Contract
from tests.world import World, paris
from tickets.demo.cast import write_cast
from tickets.indexing import expected_effects, index_of, replayed
from tickets.ledger import facts_of
from tickets.management.register import read_instant
from tickets.models import Effect, LedgerEntry, Mail, Message, Ticket
from tickets.words import ClosingGround, EntryKind, Means, State, Turn

SAMPLE = Path(__file__).resolve().parents[2] / "docs" / "import-sample.csv"
AGNES = "agnes.martin@vendor.example"
NOW = paris("2026-05-20 15:12")

ROW = {
    "external_reference": "R-1",
    "client_code": "brasserie",
    "solution_code": "gestia",
    "reporter_email": "claire.fontaine@brasserie.example",
    "title": "Totaux faux",
    "description": "Le total diffère d'un centime.",
    "severity": "majeure",
    "received_at": "28/04/2026 10:30",
}
TAKEN = {"owner_email": AGNES, "acknowledged_at": "28/04/2026 11:00"}
DELIVERED = {**TAKEN, "delivered_at": "30/04/2026 10:00", "delivery_content": "Arrondi corrigé."}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


def write(path: Path, *rows: dict[str, str], separator: str = ";", encoding: str = "utf-8") -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [
        separator.join(columns),
        *(separator.join(row.get(name, "") for name in columns) for row in rows),
    ]
    path.write_text("\r\n".join(lines) + "\r\n", encoding=encoding)
    return path


def bring(path: Path, *options: str, by: str = AGNES) -> tuple[str, str]:
    """Import and return what was said; the reasons of a refusal are in the second part."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_tickets", str(path), "--by", by, *options, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"{error}\n")
    return out.getvalue(), err.getvalue()


def bring_one(tmp_path: Path, **cells: str) -> Ticket:
    said, refused = bring(write(tmp_path / "register.csv", {**ROW, **cells}))
    assert not refused, said + refused
    return Ticket.objects.get(external_reference="R-1")


def reasons(tmp_path: Path, **cells: str) -> str:
    _, refused = bring(write(tmp_path / "register.csv", {**ROW, **cells}))
    assert not Ticket.objects.exists()
    assert refused.startswith("Line 2")
    return refused


def assert_index_is_replay(ticket: Ticket) -> None:
    ticket.refresh_from_db()
    state = replayed(ticket, facts_of(ticket))
    assert {name: getattr(ticket, name) for name in index_of(state)} == index_of(state)
    done = set(ticket.effects.filter(done_at__isnull=False).values_list("key", flat=True))
    pending = set(ticket.effects.filter(done_at__isnull=True).values_list("key", flat=True))
    assert pending == set(expected_effects(state, done))


def test_the_sample_of_the_documentation_is_imported_once(db) -> None:
    write_cast(date(2025, 3, 1), NOW)
    by = "agnes.martin@atelier-logiciel.example"
    said, refused = bring(SAMPLE, by=by)
    assert not refused
    assert Ticket.objects.count() == 7
    by_reference = {ticket.external_reference: ticket for ticket in Ticket.objects.all()}
    grounds = {reference: ticket.closing_ground for reference, ticket in by_reference.items()}
    assert grounds == {
        "ANC-0412": ClosingGround.PRODUCTION,
        "ANC-0413": ClosingGround.DUPLICATE,
        "ANC-0420": ClosingGround.TACIT,
        "ANC-0431": ClosingGround.OUT_OF_SCOPE,
        "ANC-0440": ClosingGround.WITHDRAWN,
        "ANC-0447": "",
        "ANC-0452": "",
    }
    assert by_reference["ANC-0413"].duplicate_of == by_reference["ANC-0412"]
    assert "\n\nLe transporteur" in by_reference["ANC-0412"].description
    for ticket in by_reference.values():
        assert_index_is_replay(ticket)
    said, refused = bring(SAMPLE, by=by)
    assert not refused
    assert Ticket.objects.count() == 7
    assert "7" in said


def test_a_past_life_is_replayed_with_its_own_dates(world: World, tmp_path) -> None:
    ticket = bring_one(tmp_path, **DELIVERED, accepted_at="04/05/2026 10:00", closed_at="05/05/2026 09:30",
                       closing_ground="production")  # fmt: skip
    assert [(entry.kind, entry.occurred_at) for entry in ticket.entries.all()] == [
        (EntryKind.RECEIVED, paris("2026-04-28 10:30")),
        (EntryKind.ASSIGNED, paris("2026-04-28 11:00")),
        (EntryKind.ACKNOWLEDGED, paris("2026-04-28 11:00")),
        (EntryKind.DELIVERED, paris("2026-04-30 10:00")),
        (EntryKind.ACCEPTED, paris("2026-05-04 10:00")),
        (EntryKind.IN_PRODUCTION, paris("2026-05-05 09:30")),
        (EntryKind.CLOSED, paris("2026-05-05 09:30")),
    ]
    assert set(ticket.entries.values_list("recorded_at", "by")) == {(NOW, world.agnes.pk)}
    assert (ticket.acknowledge_state, ticket.resolve_state, ticket.means) == ("met", "met", Means.IMPORT)
    assert ticket.resolve_due_at == paris("2026-05-11 10:30")
    assert Message.objects.get(ticket=ticket).sent_at == paris("2026-04-30 10:00")
    assert_index_is_replay(ticket)


def test_an_imported_ticket_keeps_the_calendar_of_its_reception(world: World, tmp_path) -> None:
    calendar = world.contract.calendar
    newer = CalendarVersion.objects.create(calendar=calendar, number=2)
    Closure.objects.create(
        version=newer, first_day=date(2026, 4, 28), last_day=date(2026, 4, 30), motive="Pont"
    )
    CalendarVersion.objects.filter(pk=newer.pk).update(published_at=paris("2026-05-01 09:00"))
    ticket = bring_one(tmp_path)
    assert ticket.calendar_version.number == 1
    assert ticket.acknowledge_due_at == paris("2026-04-28 14:30")


def test_nobody_is_told_of_the_past_and_only_the_future_is_left_to_do(world: World, tmp_path) -> None:
    ticket = bring_one(
        tmp_path, received_at="18/05/2026 10:00", owner_email=AGNES, acknowledged_at="18/05/2026 10:30"
    )
    assert not Mail.objects.exists()
    pending = Effect.objects.filter(ticket=ticket, done_at__isnull=True)
    assert pending.filter(due_at__gt=NOW).exists()
    assert not pending.filter(due_at__lte=NOW).exists()
    assert_index_is_replay(ticket)


def test_a_deadline_missed_long_ago_awakens_nobody(world: World, tmp_path) -> None:
    ticket = bring_one(tmp_path, received_at="02/03/2026 10:00")
    assert ticket.state == State.NEW
    assert not Effect.objects.filter(done_at__isnull=True).exists()
    assert Effect.objects.filter(key="acknowledge:majeure:100", done_at__isnull=False).exists()


def test_a_fix_that_nobody_judged_gets_a_new_countdown(world: World, tmp_path) -> None:
    ticket = bring_one(tmp_path, **DELIVERED)
    assert (ticket.state, ticket.turn) == (State.UNDER_TEST, Turn.CLIENT)
    assert ticket.entries.last().kind == EntryKind.VERDICT_ASKED
    assert ticket.closes_at == paris("2026-05-28 18:00")
    assert not Mail.objects.exists()
    assert_index_is_replay(ticket)


def test_an_acceptance_of_long_ago_closes_on_import(world: World, tmp_path) -> None:
    ticket = bring_one(tmp_path, **DELIVERED, accepted_at="30/04/2026 16:00")
    assert (ticket.state, ticket.closing_ground) == (State.CLOSED, ClosingGround.TACIT_PRODUCTION)
    assert ticket.closed_at == NOW
    assert ticket.entries.last().by is None
    assert not Mail.objects.exists()


def test_a_workaround_nobody_judged_stays_under_test(world: World, tmp_path) -> None:
    ticket = bring_one(tmp_path, **DELIVERED, delivery_kind="workaround")
    assert ticket.state == State.UNDER_TEST
    assert ticket.closes_at is None
    assert_index_is_replay(ticket)


def test_a_first_act_is_the_acknowledgement_when_the_register_has_none(world: World, tmp_path) -> None:
    ticket = bring_one(tmp_path, closed_at="28/04/2026 15:00", closing_ground="not_reproducible")
    assert ticket.acknowledged_at == paris("2026-04-28 15:00")
    assert ticket.acknowledge_state == "missed"


def test_the_same_reference_is_imported_once_and_a_difference_is_said(world: World, tmp_path) -> None:
    ticket = bring_one(tmp_path)
    rows = [{**ROW, "severity": "bloquante"}, {**ROW, "external_reference": "R-2"}]
    said, refused = bring(write(tmp_path / "again.csv", *rows))
    assert not refused
    assert f"{ticket.pk}" in said
    assert "severity" in said
    assert Ticket.objects.count() == 2
    ticket.refresh_from_db()
    assert ticket.severity == "majeure"


def test_a_dry_run_writes_nothing(world: World, tmp_path) -> None:
    said, refused = bring(write(tmp_path / "register.csv", {**ROW, **DELIVERED}), "--dry-run")
    assert not refused
    assert "1" in said
    assert not Ticket.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_one_refused_line_leaves_all_out_and_every_reason_is_given(world: World, tmp_path) -> None:
    rows = [
        ROW,
        {**ROW, "external_reference": "R-2", "severity": "grave", "received_at": "31/02/2026 10:00"},
        {**ROW, "external_reference": "R-3", **TAKEN, "acknowledged_at": "27/04/2026 09:00"},
    ]
    _, refused = bring(write(tmp_path / "register.csv", *rows))
    lines = refused.splitlines()
    assert len(lines) == 4
    assert "3, severity, “grave”" in lines[0]
    assert "3, received_at, “31/02/2026 10:00”" in lines[1]
    assert "4, acknowledged_at, “27/04/2026 09:00”" in lines[2]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("client_code", {"client_code": "nobody"}),
        ("solution_code", {"solution_code": "nothing"}),
        ("reporter_email", {"reporter_email": "nobody@brasserie.example"}),
        ("reporter_email", {"reporter_email": "olivia.mercier@clinique.example"}),
        ("owner_email", {"owner_email": "claire.fontaine@brasserie.example"}),
        ("received_at", {"received_at": "28/04/2026"}),
        ("received_at", {"received_at": "2026-04-28"}),
        ("received_at", {"received_at": "29/03/2026 02:30"}),
        ("received_at", {"received_at": "20/05/2026 15:13"}),
        ("received_at", {"received_at": "28/04/2024 10:30"}),
        ("received_at", {"received_at": "01/01/0001 00:05"}),
        ("received_at", {"received_at": "0001-01-01T00:00+05:00"}),
        ("received_at", {"received_at": "9999-12-31T23:59-05:00"}),
        ("received_at", {"received_at": "28/04/2026 10:30", "solution_code": "planora"}),
        ("title", {"title": "x" * 201}),
        ("acknowledged_at", {"acknowledged_at": "28/04/2026 10:29"}),
        ("delivered_at", {**DELIVERED, "delivered_at": "20/05/2026 15:13"}),
        ("delivery_content", {**DELIVERED, "delivery_content": ""}),
        ("accepted_at", {**TAKEN, "accepted_at": "30/04/2026 10:00"}),
        ("closed_at", {**DELIVERED, "closed_at": "28/04/2026 10:00", "closing_ground": "tacit"}),
        ("closing_ground", {"closed_at": "28/04/2026 12:00"}),
        ("closing_ground", {"closing_ground": "agreed"}),
        ("closing_ground", {"closed_at": "28/04/2026 12:00", "closing_ground": "production"}),
        ("closing_ground", {**DELIVERED, "closed_at": "12/05/2026 18:00", "closing_ground": "agreed"}),
        ("closing_ground", {**DELIVERED, "closed_at": "12/05/2026 18:00", "closing_ground": "tacit_production"}),
        ("closing_ground", {**DELIVERED, "delivery_kind": "workaround", "closed_at": "12/05/2026 18:00",
                            "closing_ground": "tacit"}),
        ("out_of_scope_ground", {"closed_at": "28/04/2026 12:00", "closing_ground": "out_of_scope"}),
        ("duplicate_of", {"closed_at": "28/04/2026 12:00", "closing_ground": "duplicate"}),
        ("duplicate_of", {"closed_at": "28/04/2026 12:00", "closing_ground": "duplicate", "duplicate_of": "R-0"}),
        ("description", {"description": ""}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_where_it_is(
    world: World, tmp_path, column: str, cells: dict[str, str]
) -> None:
    assert f"2, {column}" in reasons(tmp_path, **cells)


def columns_refused(refused: str, line: int) -> set[str]:
    return set(re.findall(rf"^Line {line}, (\w+)", refused, flags=re.MULTILINE))


def test_every_independent_error_of_a_line_is_said_at_once(world: World, tmp_path) -> None:
    wrong = {
        "title": "",
        "reporter_email": "olivia.mercier@clinique.example",
        "received_at": "21/05/2026 10:00",
        "acknowledged_at": "20/05/2026 10:00",
    }
    refused = reasons(tmp_path, **wrong)
    assert columns_refused(refused, 2) == {"title", "reporter_email", "received_at", "acknowledged_at"}
    assert refused.count("Line 2") == 4, "one reason for each cell"


def test_an_unknown_client_hides_nothing_else_of_its_line_nor_of_the_others(world: World, tmp_path) -> None:
    first = {
        **ROW, "client_code": "nowhere", "severity": "grave", "owner_email": "claire.fontaine@brasserie.example",
        "acknowledged_at": "27/04/2026 10:00", "closed_at": "28/04/2026 12:00",
    }  # fmt: skip
    second = {**ROW, "external_reference": "R-2", "accepted_at": "30/04/2026 10:00"}
    _, refused = bring(write(tmp_path / "register.csv", first, second))
    assert columns_refused(refused, 2) == {
        "client_code", "severity", "owner_email", "acknowledged_at", "closing_ground",
    }  # fmt: skip
    assert columns_refused(refused, 3) == {"accepted_at"}
    assert not Ticket.objects.exists()


def test_a_cell_that_is_not_understood_starts_no_other_complaint(world: World, tmp_path) -> None:
    refused = reasons(tmp_path, closed_at="28/04/2026 12:00", closing_ground="finished", delivered_at="soon")
    assert columns_refused(refused, 2) == {"closing_ground", "delivered_at"}


def test_an_unknown_client_says_nothing_of_an_original(world: World, tmp_path) -> None:
    cells = {"closed_at": "28/04/2026 12:00", "closing_ground": "duplicate", "duplicate_of": "R-0"}
    assert columns_refused(reasons(tmp_path, client_code="nowhere", **cells), 2) == {"client_code"}


def test_a_duplicate_of_a_refused_line_is_told_which(world: World, tmp_path) -> None:
    original = {**ROW, "title": ""}
    duplicate = {
        **ROW, "external_reference": "R-2", "closed_at": "28/04/2026 12:00", "closing_ground": "duplicate",
        "duplicate_of": "R-1",
    }  # fmt: skip
    _, refused = bring(write(tmp_path / "register.csv", original, duplicate))
    assert columns_refused(refused, 3) == {"duplicate_of"}
    assert "The original, on line 2, is refused." in refused


def test_a_reception_that_nothing_can_be_promised_for_is_refused_in_words(world: World, tmp_path) -> None:
    calendar = Calendar.objects.create(name="Sans version publiée")
    Contract.objects.filter(pk=world.contract.pk).update(calendar=calendar)
    assert "The deadlines of this contract cannot be computed" in reasons(tmp_path)


def test_a_reference_said_twice_is_refused_for_one_client_only(world: World, tmp_path) -> None:
    other = {**ROW, "client_code": "clinique", "reporter_email": "olivia.mercier@clinique.example"}
    _, refused = bring(write(tmp_path / "register.csv", ROW, other))
    assert not refused
    assert Ticket.objects.count() == 2
    _, refused = bring(write(tmp_path / "twice.csv", {**ROW, "external_reference": "R-9"}, ROW, ROW))
    assert "4, external_reference, “R-1”" in refused
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), (";", "utf-8"), (",", "utf-8")])
def test_what_a_french_spreadsheet_writes_is_read(
    world: World, tmp_path, separator: str, encoding: str
) -> None:
    path = write(
        tmp_path / "register.csv", {**ROW, "title": "Déjà réglé"}, separator=separator, encoding=encoding
    )
    assert bring(path)[1] == ""
    assert Ticket.objects.get().title == "Déjà réglé"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        ("référence;titre\n".encode(), "Unknown columns: référence, titre."),
        (b"external_reference;title\nR-1;T\n", "Missing columns: client_code"),
        (";".join(ROW).encode() + b"\n", "a heading and no ticket"),
        ((";".join(ROW) + ";title\n").encode(), "Columns said twice: title."),
        ((";".join(ROW) + "\n" + "é;" * 7 + "é\n").encode("latin-1"), "not in UTF-8 (line 2)"),
        ((";".join(ROW) + "\n" + '"never closed;' + "\n").encode(), "Line 2 is not CSV"),
        ((";".join(ROW) + "\n" + "a;b\n").encode(), "Line 2: 2 cells where the heading has 8."),
        ((";".join(ROW) + "\n" + "\0;" * 7 + "\n").encode(), "null characters"),
    ],
)
def test_a_file_that_is_no_register_is_refused_in_words(
    world: World, tmp_path, content: bytes, reason: str
) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(content)
    assert reason in bring(path)[1]
    assert not Ticket.objects.exists()


def test_a_missing_file_and_a_person_who_may_not_are_refused(world: World, tmp_path) -> None:
    assert "cannot be read" in bring(tmp_path / "nowhere.csv")[1]
    path = write(tmp_path / "register.csv", ROW)
    for email in ("claire.fontaine@brasserie.example", "paul.renard@vendor.example", "nobody@vendor.example"):
        assert re.search("Nobody has|neither an agent", bring(path, by=email)[1])
    assert not Ticket.objects.exists()


def test_ctrl_c_leaves_nothing_behind(world: World, tmp_path) -> None:
    path = write(
        tmp_path / "register.csv", *({**ROW, "external_reference": f"R-{number}"} for number in range(101))
    )

    class Impatient(StringIO):
        def write(self, text: str) -> int:
            raise KeyboardInterrupt

    with pytest.raises(CommandError) as stopped:
        call_command("import_tickets", str(path), "--by", AGNES, stdout=Impatient())
    assert stopped.value.returncode == 130
    assert not Ticket.objects.exists()


def test_an_instant_is_read_in_the_contract_s_zone_unless_it_says_its_own() -> None:
    expected = paris("2026-03-04 14:30")
    for text in ("04/03/2026 14:30", "4/3/2026 14h30", "2026-03-04 14:30", "2026-03-04T13:30:00Z"):
        assert read_instant(text) == expected
    # The first of the two 02:30 of an October night (K-6).
    assert read_instant("25/10/2026 02:30") == paris("2026-10-25 02:30")
    assert read_instant("25/10/2026 02:30").utcoffset() == timedelta(hours=2)


def test_each_refusal_is_said_in_french_with_what_was_written(world: World, tmp_path: Path) -> None:
    row = {**ROW, **DELIVERED, "acknowledged_at": "01/05/2026 11:00", "closed_at": "20/05/2036 10:00"}
    with translation.override("fr"):
        _out, err = bring(write(tmp_path / "register.csv", row))
    said = err.replace("\xa0", " ")
    assert "Ligne 2, delivered_at, « 30/04/2026 10:00 » : Cet instant précède « acknowledged_at »." in said
    assert "Ligne 2, closed_at, « 20/05/2036 10:00 » : Cet instant est dans l’avenir." in said
