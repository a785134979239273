"""Keep a watch on the client of its ticket, in the database itself."""

from django.db import migrations

NAME = "tickets_watch_ticket_same_client"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0072_watches_and_canned_answers")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE tickets_watch ADD CONSTRAINT {NAME} FOREIGN KEY (client_id, ticket_id) "
            "REFERENCES tickets_ticket (client_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE tickets_watch DROP CONSTRAINT {NAME}",
        )
    ]
