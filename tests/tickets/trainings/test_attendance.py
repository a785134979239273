"""An attendance sheet goes into the register whole or not at all, and every refusal names its line."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import Training
from tests.world import World, paris
from tickets.actions.attendance import RefusedSheet, bring_in
from tickets.sheets import UnreadableSheet

NOW = paris("2026-05-04 10:00")
HEADING = "client_code;person_email;solution_code;trained_on;trainer;expires_on"
LUCAS = "brasserie;lucas.petit@brasserie.example;gestia;04/03/2026;Formatrice;2028-03-04"
MARC = "brasserie;MARC.girard@brasserie.example;planora;2026-03-04;Formatrice;"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def sheet(*lines: str, heading: str = HEADING) -> bytes:
    return "\n".join([heading, *lines]).encode()


def refusals(world: World, *lines: str) -> list[tuple[int, str]]:
    before = Training.objects.count()
    with pytest.raises(RefusedSheet) as refused:
        bring_in(sheet(*lines), by=world.maud, at=NOW)
    assert Training.objects.count() == before
    return [(problem.line, problem.column) for problem in refused.value.problems]


def test_each_line_records_a_training_with_its_history(world: World) -> None:
    outcome = bring_in(sheet(LUCAS, MARC), by=world.maud, at=NOW)
    assert len(outcome.recorded) == 2
    training = Training.objects.get(person=world.lucas)
    assert (training.client, training.solution, training.trained_on, training.expires_on) == (
        world.client, world.solution, date(2026, 3, 4), date(2028, 3, 4),
    )  # fmt: skip
    past = training.history.get()
    assert (past.history_user, past.history_change_reason) == (world.maud, "attendance sheet")


def test_the_same_sheet_twice_does_no_harm_and_says_what_differs(world: World) -> None:
    bring_in(sheet(LUCAS), by=world.maud, at=NOW)
    outcome = bring_in(sheet(LUCAS.replace("Formatrice", "Autre"), MARC), by=world.maud, at=NOW)
    assert (len(outcome.recorded), outcome.known) == (1, 1)
    assert [(each.line, each.column) for each in outcome.differing] == [(2, "trainer")]
    assert Training.objects.get(person=world.lucas).trainer == "Formatrice"


def test_a_trial_writes_nothing(world: World) -> None:
    assert len(bring_in(sheet(LUCAS), by=world.maud, at=NOW, keep=False).recorded) == 1
    assert not Training.objects.filter(person=world.lucas).exists()


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (LUCAS.replace("brasserie;", "boulangerie;", 1), "client_code"),
        (LUCAS.replace("brasserie;", "clinique;", 1), "person_email"),  # another client's person is nobody
        (LUCAS.replace("lucas.petit", "personne"), "person_email"),
        (LUCAS.replace("lucas.petit@brasserie.example", "agnes.martin@vendor.example"), "person_email"),
        (LUCAS.replace("gestia", "rien"), "solution_code"),
        (LUCAS.replace("04/03/2026", "31/02/2026"), "trained_on"),
        (LUCAS.replace("04/03/2026", "mars 2026"), "trained_on"),
        (LUCAS.replace("04/03/2026", "05/05/2026"), "trained_on"),
        (LUCAS.replace("04/03/2026", "04/03/1026"), "trained_on"),
        (LUCAS.replace("2028-03-04", "2025-01-01"), "expires_on"),
        (LUCAS.replace("Formatrice", "=HYPERLINK(1)"), "trainer"),
        (LUCAS.replace("Formatrice", "@SUM(1)"), "trainer"),
        (LUCAS.replace("Formatrice", ""), "trainer"),
        (LUCAS.replace("Formatrice", "F" * 161), "trainer"),
        ("brasserie;trop;peu", ""),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_number_and_nothing_is_written(
    world: World, line: str, column: str
) -> None:
    assert refusals(world, MARC, line) == [(3, column)]


def test_every_wrong_line_is_named_and_a_repetition_too(world: World) -> None:
    assert refusals(world, LUCAS, LUCAS, MARC.replace("planora", "x"), "a;b") == [
        (3, "person_email"),
        (4, "solution_code"),
        (5, ""),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (HEADING.encode(), "no line"),
        (sheet(LUCAS.replace("Formatrice", "Hélène")).decode().encode("latin-1"), r"UTF-8 \(line 2\)"),
        (sheet(LUCAS).decode().encode("utf-16"), r"UTF-8 \(line 1\)"),
        (sheet(LUCAS).replace(b";", b"\t"), "separated by tabs"),
        (sheet(LUCAS).replace(b";", b"|"), "separated by vertical bars"),
        (sheet(LUCAS, heading=HEADING.replace("trainer", "formateur")), "Missing columns: trainer"),
        (b"a\0b", "null"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(world: World, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableSheet, match=said):
        bring_in(content, by=world.maud, at=NOW)


def test_commas_and_a_byte_order_mark_are_understood(world: World) -> None:
    content = b"\xef\xbb\xbf" + sheet(LUCAS).replace(b";", b",")
    assert len(bring_in(content, by=world.maud, at=NOW).recorded) == 1


def command(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_trainings", str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_tries_then_records(world: World, tmp_path: Path) -> None:
    path = tmp_path / "feuille.csv"
    path.write_bytes(sheet(LUCAS, MARC))
    assert "Dry run: nothing was written.\n2 trainings imported." in command(path, "--dry-run")
    assert not Training.objects.filter(person=world.lucas).exists()
    assert "2 trainings imported." in command(path, "--by", world.maud.email)
    assert "0 trainings imported.\n2 lines skipped" in command(path)


def test_the_command_says_each_refusal_and_fails(world: World, tmp_path: Path) -> None:
    path, err = tmp_path / "feuille.csv", StringIO()
    path.write_bytes(sheet(LUCAS.replace("gestia", "rien")))
    with pytest.raises(CommandError, match="1 line is refused"):
        call_command("import_trainings", str(path), stderr=err)
    assert err.getvalue() == "Line 2, solution_code, “rien”: No solution has this code.\n"
    for options, said in (
        (["--by", "personne@rien.example"], "Nobody has"),
        (["--by", world.agnes.email], "does not keep"),
    ):
        with pytest.raises(CommandError, match=said):
            command(path, *options)
    with pytest.raises(CommandError, match="cannot be read"):
        command(tmp_path / "absente.csv")
