"""Indexes that answer by themselves the counters of a client's own list, and who is writing on a ticket."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0113_wall_of_quotes")]

    operations = [
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_of_client_list",
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["form"], name="draft_of_form"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["client", "-id"],
                include=("state", "turn", "solution", "severity", "reporter"),
                name="ticket_of_client_tabs",
            ),
        ),
    ]
