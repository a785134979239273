"""What PostgreSQL's own catalogue says of the tables that hold a client's data."""

from django.db import connection

# Tables that name a person or a client without being a client's: each with its reason.
VENDORS_OWN = {
    "tickets_productanomaly": "a defect of a solution: a client reads those that its own tickets report",
    "tickets_historicalproductanomaly": "its history",
    "tickets_anomalydelivery": "what is delivered once to many clients, each of which has it in its own ledger",
    "tickets_cannedanswer": "words kept by the vendor's people for themselves",
    "tickets_historicalcannedanswer": "their history",
    "tickets_savedview": "the queue is the vendor's, and so are the views that its people keep of it",
    "tickets_queuedisplay": "how the queue is shown to one of the vendor's people",
    "tickets_pricelist": "public once published, unless withdrawn; drafted and published by the vendor's people",
    "tickets_dayfigures": "sums over everybody's tickets, which no client's page reads",
}
NOT_A_CLIENTS = {
    **VENDORS_OWN,
    "socialaccount_socialapp": "its client_id is an application's name at a provider, and no row is ever written",
    "sla_historicalcalendar": "calendars are the vendor's; the column is who edited",
    "sla_historicalcalendarversion": "the same",
    "sla_historicalpolicy": "policies are the vendor's; the column is who edited",
    "sla_historicalpolicyversion": "the same",
    "sla_calendarversion": "the column is who wrote the version",
    "sla_policyversion": "the column is who wrote the version",
    "accounts_solution": "solutions are the vendor's; the column is the vendor's training contact",
    "accounts_historicalsolution": "solutions are the vendor's; the column is who edited",
}


def rows(sql: str, *parameters: object) -> list[tuple]:
    """Ask the catalogue, which no policy hides."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def tables_of_clients() -> list[str]:
    """Return every table with a client, a person or somebody's address in it, but for the reasoned exceptions."""
    found = {
        name
        for (name,) in rows("""
            SELECT DISTINCT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND (
                c.relname IN ('accounts_client', 'accounts_historicalclient', 'account_emailconfirmation')
                OR EXISTS (SELECT 1 FROM pg_attribute a
                           WHERE a.attrelid = c.oid AND a.attname = 'client_id' AND NOT a.attisdropped)
                OR EXISTS (SELECT 1 FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f'
                           AND f.confrelid IN ('accounts_client'::regclass, 'accounts_user'::regclass)))
        """)
    }
    assert set(NOT_A_CLIENTS) <= found, "an exception that is none any more"
    return sorted(found - set(NOT_A_CLIENTS))


def columns_of(table: str) -> set[str]:
    """Return the names of a table's columns."""
    return {
        name
        for (name,) in rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            table,
        )
    }


def foreign_keys(table: str) -> list[tuple[list[str], str, list[str]]]:
    """Return a table's foreign keys: its columns, the table they lead to, the columns there."""
    return [
        (columns, target, there)
        for columns, target, there in rows(
            """
            SELECT array(SELECT attname::text FROM unnest(f.conkey) WITH ORDINALITY k(num, n)
                         JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.num ORDER BY n),
                   f.confrelid::regclass::text,
                   array(SELECT attname::text FROM unnest(f.confkey) WITH ORDINALITY k(num, n)
                         JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.num ORDER BY n)
            FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = %s::regclass
            """,
            table,
        )
    ]
