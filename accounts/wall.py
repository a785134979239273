"""Row-level security as migration operations: which rows of a table each scope reads and writes (docs/wall.md).

Default deny: without a scope no policy lets a row through, nor in a client's scope one of another client. A policy
is written with CASE, so that `vendor` is never read as a number, and asks for the setting once a query, not once a row.
"""

from django.db import migrations

POLICY = "wall"
SCOPE = "(SELECT nullif(current_setting('helpdesk.scope', true), ''))"
CLIENT = f"{SCOPE}::bigint"
OWN = f"client_id = {CLIENT}"
# The vendor's people are the ones a client's people talk to.
OWN_OR_VENDORS = f"(client_id = {CLIENT} OR client_id IS NULL AND {CLIENT} IS NOT NULL)"
NONE = "false"
ALL = "true"


def by_scope(client: str, entrance: str = NONE) -> str:
    """Return the condition that lets every row through for vendor and worker, and some for the others."""
    return (
        f"CASE {SCOPE} WHEN 'vendor' THEN true WHEN 'worker' THEN true"
        f" WHEN 'entrance' THEN {entrance} ELSE {client} END"
    )


def through_person(column: str = "user_id") -> str:
    """Return the condition on a library's table, whose rows are a person's: seen as that person is."""
    # A column of ours, written into a migration.
    return f"EXISTS (SELECT 1 FROM accounts_user person WHERE person.id = {column} AND {CLIENT} = person.client_id)"  # nosec B608


def wall(
    table: str, client: str = OWN, *, reads: str | None = None, entrance_reads: str = NONE
) -> migrations.RunSQL:
    """Put a wall around a table, forced on its owner too.

    `client` says which rows a client's scope reads and writes; `reads` which it reads, if those are more;
    `entrance_reads` which are read before the client is known. The entrance writes nothing.
    """
    writing, reading = by_scope(client), by_scope(reads or client, entrance_reads)
    policies = [
        f"CREATE POLICY {POLICY}_read ON {table} FOR SELECT USING ({reading})",
        f"CREATE POLICY {POLICY}_insert ON {table} FOR INSERT WITH CHECK ({writing})",
        f"CREATE POLICY {POLICY}_update ON {table} FOR UPDATE USING ({writing}) WITH CHECK ({writing})",
        f"CREATE POLICY {POLICY}_delete ON {table} FOR DELETE USING ({writing})",
    ]
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            *policies,
        ],
        [
            *(f"DROP POLICY {POLICY}_{verb} ON {table}" for verb in ("read", "insert", "update", "delete")),
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def same_client(table: str, column: str, target: str) -> migrations.RunSQL:
    """Double a foreign key by a composite one: what it leads to is of the row's own client."""
    name = f"{table}_{column.removesuffix('_id')}_same_client"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (client_id, {column})"
        f" REFERENCES {target} (client_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def vendor_or_same_client(table: str, column: str, client: str = "client_id") -> migrations.RunSQL:
    """Refuse a person of another client where the vendor's people may stand too: a composite key cannot say “or”."""
    name = f"{table}_{column.removesuffix('_id')}_vendor_or_same_client"[:63]
    watched = f"BEFORE INSERT OR UPDATE OF {column}, {client} ON {table}"
    known = f"FOR EACH ROW WHEN (NEW.{column} IS NOT NULL)"
    return migrations.RunSQL(
        [
            f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT EXISTS (
                    SELECT 1 FROM accounts_user
                    WHERE id = NEW.{column} AND (client_id IS NULL OR client_id = NEW.{client})
                ) THEN
                    RAISE EXCEPTION 'this person is of another client'
                        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{name}', TABLE = '{table}';
                END IF;
                RETURN NEW;
            END $$
            """,  # nosec B608  # (names of ours, written into a migration)
            f"CREATE TRIGGER {name} {watched} {known} EXECUTE FUNCTION {name}()",
        ],
        [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"],
    )
