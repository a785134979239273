"""Make a link between rows of two clients impossible in the database itself."""

from django.db import migrations

# (table, column, target table): the target belongs to the same client as the row.
LINKS = [
    ("accounts_training", "person_id", "accounts_user"),
    ("tickets_ticket", "contract_id", "sla_contract"),
    ("tickets_ticket", "reporter_id", "accounts_user"),
    ("tickets_ticket", "follow_up_of_id", "tickets_ticket"),
    ("tickets_ticket", "duplicate_of_id", "tickets_ticket"),
    ("tickets_ledgerentry", "ticket_id", "tickets_ticket"),
    ("tickets_message", "ticket_id", "tickets_ticket"),
    ("tickets_message", "entry_id", "tickets_ledgerentry"),
    ("tickets_attachment", "ticket_id", "tickets_ticket"),
    ("tickets_attachment", "message_id", "tickets_message"),
    ("tickets_effect", "ticket_id", "tickets_ticket"),
    ("tickets_mail", "ticket_id", "tickets_ticket"),
    ("tickets_mail", "entry_id", "tickets_ledgerentry"),
]


def add(table: str, column: str, target: str) -> migrations.RunSQL:
    name = f"{table}_{column.removesuffix('_id')}_same_client"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (client_id, {column}) "
        f"REFERENCES {target} (client_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_tickets"), ("sla", "0002_service_levels"), ("accounts", "0001_people")]
    operations = [add(*link) for link in LINKS]
