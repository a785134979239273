"""The documentation of the workflow is drawn from its table, and is up to date."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tickets.record.diagram import BEGIN, END, edges, mermaid
from tickets.words import State


def test_the_documentation_is_up_to_date() -> None:
    call_command("workflow_diagram", "--check")


def test_a_document_that_lags_behind_the_table_is_named(settings, tmp_path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(f"# Un produit\n\n{BEGIN}\n{END}\n\nFin.\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"workflow\.md, README\.md"):
        call_command("workflow_diagram", "--check")
    call_command("workflow_diagram", stdout=StringIO())
    call_command("workflow_diagram", "--check")
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Un produit\n")
    assert text.endswith("\n\nFin.\n")
    assert "stateDiagram-v2" in text


def test_a_readme_without_a_place_for_the_diagram_is_refused(settings, tmp_path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "README.md").write_text("# Un produit\n", encoding="utf-8")
    with pytest.raises(CommandError, match="no place"):
        call_command("workflow_diagram")


def test_every_origin_of_every_row_is_lived_by_the_diagram() -> None:
    assert not [
        (row.action, origin) for row, origins in edges().items() for origin in origins if not origins[origin]
    ]


def test_the_diagram_draws_every_state_and_keeps_the_last_one_last() -> None:
    drawn = mermaid()
    assert all(f"    {state.value} : " in drawn for state in State)
    assert "closed --> new" not in drawn
    assert "    under_test --> accepted : " in drawn
