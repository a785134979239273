"""Make a token or a kept answer of one client's person under another client impossible in the database itself."""

from django.db import migrations

LINKS = [("tickets_apitoken", "user_id"), ("tickets_keptanswer", "person_id")]


def add(table: str, column: str) -> migrations.RunSQL:
    name = f"{table}_{column.removesuffix('_id')}_same_client"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (client_id, {column}) "
        "REFERENCES accounts_user (client_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0041_kept_answers")]
    operations = [add(*link) for link in LINKS]
