"""Each policy of the wall by itself: what it keeps back, and that nothing else would once it is gone.

A policy is opened in a savepoint (`USING (true)`), the same question is asked again, and the answer must differ:
otherwise no question here would notice that it had been forgotten in a migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import Error, connection, transaction

from accounts.scope import NOBODY, WORKER, scoped
from tests.access.papers import owner_of
from tests.wall.catalogue import VENDORS_OWN, columns_of, rows, tables_of_clients
from tests.wall.test_scopes import EMPTY, two  # noqa: F401  (a fixture)
from tests.world import World

pytestmark = pytest.mark.django_db
BY_POLICY = "row-level security policy"


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def open_policy(table: str, verb: str) -> None:
    """Let every row through one policy."""
    clauses = {
        "insert": "WITH CHECK (true)",
        "update": "USING (true) WITH CHECK (true)",
    }.get(verb, "USING (true)")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER POLICY wall_{verb} ON {table} {clauses}")


def tables(world: World) -> list[str]:
    """Return every walled table in which the other client has a row."""
    found = [
        table
        for table in tables_of_clients()
        if rows(f"SELECT 1 FROM {table} t WHERE {owner_of(table)} = %s LIMIT 1", world.other_client.pk)
    ]
    assert set(tables_of_clients()) - set(found) <= EMPTY
    assert len(found) >= 40
    return found


def others_read(world: World, table: str, scope: str) -> int:
    """Count the rows of the other client that a scope reads; whose they are is known by their numbers."""
    with scoped(WORKER):
        theirs = [
            number
            for (number,) in rows(
                f"SELECT t.ctid::text FROM {table} t WHERE {owner_of(table)} = %s", world.other_client.pk
            )
        ]
    with scoped(scope):
        return rows(f"SELECT count(*) FROM {table} WHERE ctid::text = ANY(%s)", theirs)[0][0]


def written(sql: str, *parameters: object) -> int | str:
    """Return how many rows a statement changed, or what refused it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.rowcount
    except Error as refused:
        return str(refused)


def test_a_reading_policy_alone_hides_another_clients_rows(two: World) -> None:  # noqa: F811
    for table in tables(two):
        for scope in (str(two.client.pk), NOBODY):
            assert others_read(two, table, scope) == 0, table
            with undone():
                open_policy(table, "read")
                assert others_read(two, table, scope) > 0, f"{table}: nobody asks its reading policy"


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_writing_policy_alone_keeps_another_clients_rows_as_they_are(two: World, verb: str) -> None:  # noqa: F811
    for table in tables(two):
        column = (
            "client_id" if "client_id" in columns_of(table) else "id" if "id" in columns_of(table) else "key"
        )
        statement = {
            "update": f"UPDATE {table} SET {column} = {column} WHERE ctid::text = ANY(%s)",
            "delete": f"DELETE FROM {table} WHERE ctid::text = ANY(%s)",
        }[verb]
        theirs = [
            number
            for (number,) in rows(
                f"SELECT t.ctid::text FROM {table} t WHERE {owner_of(table)} = %s", two.other_client.pk
            )
        ]
        with undone():
            # With reading let through, the writing policy stands alone.
            open_policy(table, "read")
            with scoped(str(two.client.pk)):
                assert written(statement, theirs) == 0, f"{table}: {verb}"
            open_policy(table, verb)
            with scoped(str(two.client.pk)):
                # Changed, or refused by something that is no policy (what never changes, what others lead to).
                assert written(statement, theirs) != 0, f"{table}: nobody asks its policy to {verb}"


def test_an_inserting_policy_alone_refuses_a_row_in_anothers_name(two: World) -> None:  # noqa: F811
    for table in tables(two):
        [(theirs,)] = rows(
            f"SELECT to_jsonb(t)::text FROM {table} t WHERE {owner_of(table)} = %s LIMIT 1",
            two.other_client.pk,
        )
        statement = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
        with undone():
            open_policy(table, "read")
            with scoped(str(two.client.pk)):
                refused = written(statement, theirs)
            assert BY_POLICY in str(refused) or "of another client" in str(refused), f"{table}: {refused}"
            open_policy(table, "insert")
            with scoped(str(two.client.pk)):
                opened = written(statement, theirs)
            if "of another client" not in str(refused):
                assert BY_POLICY not in str(opened), f"{table}: {opened}"


def test_the_vendors_own_tables_are_read_and_written_by_no_client(two: World) -> None:  # noqa: F811
    public = {"tickets_productanomaly", "tickets_historicalproductanomaly", "tickets_pricelist"}
    for table in sorted(set(VENDORS_OWN) - public):
        with scoped(WORKER):
            count = rows(f"SELECT count(*) FROM {table}")[0][0]
        with scoped(str(two.client.pk)):
            assert rows(f"SELECT count(*) FROM {table}")[0][0] == 0, table
        if count:
            with undone():
                open_policy(table, "read")
                with scoped(str(two.client.pk)):
                    assert rows(f"SELECT count(*) FROM {table}")[0][0] == count, table
