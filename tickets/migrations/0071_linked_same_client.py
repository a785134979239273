"""Make a relation, or a link to a product anomaly, between rows of two clients impossible in the database itself."""

from django.db import migrations

# (table, column): both point to a ticket of the same client as the row.
LINKS = [
    ("tickets_anomalylink", "ticket_id"),
    ("tickets_ticketrelation", "first_id"),
    ("tickets_ticketrelation", "second_id"),
]


def add(table: str, column: str) -> migrations.RunSQL:
    name = f"{table}_{column.removesuffix('_id')}_same_client"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (client_id, {column}) "
        "REFERENCES tickets_ticket (client_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0070_product_anomalies")]
    operations = [add(*link) for link in LINKS]
