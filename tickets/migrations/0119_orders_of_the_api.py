"""Indexes for the orders of the API's list of tickets, and for what changed since an instant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0118_corrective_action_done")]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["received_at", "id"], name="ticket_by_reception"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["last_entry_at", "id"], name="ticket_by_last_entry"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["next_due_at", "id"], name="ticket_by_deadline"),
        ),
    ]
