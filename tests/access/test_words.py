"""Every text that a client's row can hold tells whose it is: without this, a canary that is silent proves nothing."""

import pytest

from tests.access.cells import Table
from tests.access.crowd import NUMBERS, WORDS
from tests.access.papers import OF_THE_MACHINE, OF_THE_MACHINE_IN, owner_of, texts_of
from tests.wall.catalogue import rows, tables_of_clients

pytestmark = pytest.mark.django_db

NAMES = {"accounts_client.name", "accounts_historicalclient.name"}


@pytest.mark.parametrize("part", ["short", "long", "other"])
def test_every_text_of_every_table_tells_whose_it_is(table: Table, part: str) -> None:
    silent, texts = [], 0
    for name in tables_of_clients():
        for column, _is_document in texts_of(name):
            texts += 1
            [(count,)] = rows(
                f"SELECT count(*) FROM {name} t WHERE {owner_of(name)} = %s AND {column}::text ILIKE %s",
                NUMBERS[part],
                f"%{WORDS[part]}%",
            )
            if not count:
                silent.append(f"{name}.{column}")
    if part == "short":  # its name is the beginning of its twin's
        silent = [each for each in silent if each not in NAMES]
    assert silent == [], "write it in tests/access/papers.py, or say there what it holds"
    assert texts >= 90


@pytest.mark.parametrize("part", ["own", "short", "long", "other"])
def test_every_table_of_a_client_has_a_row_of_each(table: Table, part: str) -> None:
    empty = [
        name
        for name in tables_of_clients()
        if not rows(f"SELECT 1 FROM {name} t WHERE {owner_of(name)} = %s LIMIT 1", NUMBERS[part])
    ]
    assert empty == ["tickets_ticketrelation"], "numbers alone, of two tickets: each has one here"


def test_each_reason_is_of_a_column_that_is_there() -> None:
    columns = {
        (table, column)
        for table, column in rows(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
    }
    assert set(OF_THE_MACHINE) <= {column for _table, column in columns}
    assert {tuple(each.split(".")) for each in OF_THE_MACHINE_IN} <= columns
