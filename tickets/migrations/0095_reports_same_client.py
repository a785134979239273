"""Make a link from a report's rows to another client's impossible in the database itself."""

from django.db import migrations

# (table, column, target table): the target belongs to the same client as the row.
LINKS = [
    ("tickets_outcome", "ticket_id", "tickets_ticket"),
    ("tickets_outcome", "contract_id", "sla_contract"),
    ("tickets_breachfinding", "ticket_id", "tickets_ticket"),
    ("tickets_monthlyreport", "contract_id", "sla_contract"),
    ("tickets_monthlyreport", "corrects_id", "tickets_monthlyreport"),
]


def add(table: str, column: str, target: str) -> migrations.RunSQL:
    name = f"{table}_{column.removesuffix('_id')}_same_client"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (client_id, {column}) "
        f"REFERENCES {target} (client_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0094_list_exports"), ("sla", "0002_service_levels")]
    operations = [add(*link) for link in LINKS]
