"""The wall as PostgreSQL's catalogue tells it: no table without one, no way around it, no link across it."""

import pytest
from django.db import connection

from accounts.scope import VENDOR, scoped
from tests.wall.catalogue import VENDORS_OWN, columns_of, foreign_keys, rows, tables_of_clients

pytestmark = pytest.mark.django_db

# Unique constraints that hold over all clients: what a refusal would tell is told to nobody, and why.
GLOBAL = {
    "accounts_client.name": "written by the platform administrator alone",
    "accounts_client.code": "written by the platform administrator alone",
    "accounts_user.email": "signing in finds one account by address; written by the platform administrator alone",
    "sla_contract.reference": "written by the platform administrator alone",
    "sla_calendarfeed.token": "256 random bits",
    "tickets_mail.key": "made of the number of a fact or effect and of a person, both of the client",
    "tickets_apitoken.key": "random",
    "accounts_identitydomain.domain": "written by the platform administrator alone",
    "accounts_identityprovider.key": "random",
    "mfa_authenticator.type,user_id": "of one person",
    "socialaccount_socialaccount.provider,uid": "of one provider, which is of one client",
    "usersessions_usersession.session_key": "random",
    "account_emailaddress.email": "signing in finds one account by address",
    "account_emailaddress.primary,user_id": "of one person",
    "account_emailaddress.email,user_id": "of one person",
    "account_emailconfirmation.key": "random",
    "tickets_discardedfile.key": "random",
    "tickets_listexport.key": "random, or made of the numbers of a schedule and of a person, both of the client",
}
# Who wrote or received a row may be the vendor's: a trigger stands where a composite key cannot say “or”.
AUTHORS = {
    ("tickets_ticket", "owner_id"),
    ("tickets_ticket", "registered_by_id"),
    ("tickets_ledgerentry", "by_id"),
    ("tickets_message", "author_id"),
    ("tickets_attachment", "uploaded_by_id"),
    ("tickets_mail", "recipient_id"),
    ("tickets_anomalylink", "linked_by_id"),
    ("tickets_ticketrelation", "related_by_id"),
    ("tickets_watch", "person_id"),
    ("tickets_reading", "person_id"),
    ("accounts_consultation", "by_id"),
    ("accounts_training", "ended_by_id"),
    ("accounts_deputation", "named_by_id"),
    ("accounts_deputation", "ended_by_id"),
    ("tickets_certificate", "uploaded_by_id"),
    ("tickets_erasure", "by_id"),
    ("tickets_clientexport", "requested_by_id"),
    ("tickets_outcome", "owner_id"),
    ("tickets_breachfinding", "author_id"),
    ("tickets_monthlyreport", "built_by_id"),
    ("tickets_monthlyreport", "issued_by_id"),
    ("tickets_monthlyreport", "reviewed_by_id"),
    ("tickets_quote", "issued_by_id"),
}
# Rows of the libraries: a person's own, seen as the person is, with no client of their own.
A_PERSONS = {
    "account_emailaddress", "account_emailconfirmation", "django_admin_log",
    "mfa_authenticator", "usersessions_usersession", "socialaccount_socialaccount",
}  # fmt: skip


def test_every_table_of_a_client_has_a_wall_forced_on_its_owner() -> None:
    tables = tables_of_clients()
    assert len(tables) >= 19
    for table in tables:
        [(enabled, forced)] = rows(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
        )
        assert (enabled, forced) == (True, True), f"{table} has no wall: accounts/wall.py, wall()"


def test_the_vendors_own_words_have_a_wall_too() -> None:
    for table in VENDORS_OWN:
        [(enabled, forced)] = rows(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
        )
        assert (enabled, forced) == (True, True), table
        written = rows(
            "SELECT pg_get_expr(coalesce(polwithcheck, polqual), polrelid) FROM pg_policy"
            " WHERE polrelid = %s::regclass AND polcmd <> 'r'",
            table,
        )
        assert len(written) == 3
        assert all("ELSE false" in condition for (condition,) in written), table


def test_each_policy_denies_by_default_and_covers_each_verb() -> None:
    for table in tables_of_clients():
        policies = rows(
            "SELECT polcmd::text, polpermissive, pg_get_expr(polqual, polrelid),"
            " pg_get_expr(polwithcheck, polrelid) FROM pg_policy WHERE polrelid = %s::regclass",
            table,
        )
        assert sorted(verb for verb, *_rest in policies) == ["a", "d", "r", "w"], table
        for _verb, _permissive, using, check in policies:
            for condition in filter(None, (using, check)):
                assert condition.startswith("\nCASE ( SELECT NULLIF(current_setting("), (table, condition)
                assert "helpdesk.scope" in condition.split("ELSE")[1] or "ELSE false" in condition, table


def test_the_application_cannot_be_exempt_from_the_wall() -> None:
    [(superuser, exempt)] = rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert (superuser, exempt) == (False, False)


def test_nothing_reads_around_the_wall() -> None:
    views = rows("""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')
    """)
    assert views == [], "a view reads as its owner: give it security_invoker, or none"
    definers = rows("""
        SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND p.prosecdef
    """)
    assert definers == []


def test_no_unique_constraint_tells_that_another_client_has_a_row() -> None:
    told = []
    for table in tables_of_clients():
        doubled = {columns[1] for columns, _target, _there in foreign_keys(table) if len(columns) == 2}
        for name, columns in rows(
            """
            SELECT i.indexrelid::regclass::text,
                   array(SELECT a.attname::text FROM pg_attribute a
                         WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) ORDER BY a.attname)
            FROM pg_index i WHERE i.indrelid = %s::regclass AND (i.indisunique OR i.indisexclusion)
              AND NOT i.indisprimary
            """,
            table,
        ):
            if "client_id" in columns or doubled & set(columns):
                continue
            if f"{table}.{','.join(columns)}" not in GLOBAL:
                told.append((name, table, columns))
    assert told == [], "add the client to it, or say why it tells nothing"


def test_every_link_between_rows_of_clients_is_of_one_client_in_the_database() -> None:
    tables = set(tables_of_clients()) - A_PERSONS
    loose, links = [], 0
    for table in sorted(tables):
        keys = foreign_keys(table)
        doubled = {
            (columns[1], target)
            for columns, target, there in keys
            if columns[:1] == ["client_id"] and there == ["client_id", "id"]
        }
        watched = {
            name
            for (name,) in rows("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", table)
        }  # fmt: skip
        for columns, target, _there in keys:
            if len(columns) > 1 or target not in tables or target == "accounts_client":
                continue
            links += 1
            [column] = columns
            trigger = f"{table}_{column.removesuffix('_id')}_vendor_or_same_client"[:63]
            author = (table, column) in AUTHORS or column == "history_user_id"
            if not (trigger in watched if author else (column, target) in doubled):
                loose.append((table, column, target))
    assert loose == [], "accounts/wall.py: same_client(), or vendor_or_same_client() for an author"
    assert links >= 24


def test_every_row_of_a_client_says_whose_it_is() -> None:
    for table in set(tables_of_clients()) - A_PERSONS - {"accounts_client", "accounts_historicalclient"}:
        assert "client_id" in columns_of(table), table


@pytest.mark.parametrize("scope", [VENDOR, "1"])
def test_a_search_keeps_its_index_through_the_wall(scope: str) -> None:
    with scoped(scope), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for operator in ("%%", "%%>"):
            cursor.execute(
                f"EXPLAIN SELECT id FROM tickets_ticket WHERE title {operator} %s", ["export comptable"]
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "ticket_title_trigrams" in plan, "mark the operators LEAKPROOF: docs/wall.md"
