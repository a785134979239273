"""Keep for each person what they have read, their views of the queue and how it is shown to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0081_fill_queue_place"),
        ("accounts", "0001_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", key()),
                ("client", models.ForeignKey("accounts.client", django.db.models.deletion.CASCADE, related_name="+")),
                ("ticket", models.ForeignKey("tickets.ticket", django.db.models.deletion.CASCADE, related_name="readings")),
                ("person", models.ForeignKey(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE, related_name="readings")),
                ("seq", models.PositiveIntegerField(help_text="The last entry of the ledger seen.")),
                ("message", models.BigIntegerField(default=0, help_text="The number of the last message seen.")),
                ("read_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "reading",
                "verbose_name_plural": "readings",
                "indexes": [models.Index(fields=["person", "-read_at"], name="reading_last")],
                "constraints": [models.UniqueConstraint(fields=("person", "ticket"), name="one_reading_a_person")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", key()),
                ("person", models.ForeignKey(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE, related_name="saved_views")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(help_text="The filters, as the address of the queue says them.", max_length=2000)),
                ("is_shared", models.BooleanField(default=False, verbose_name="shared with the whole desk")),
                ("client_name", models.CharField(blank=True, help_text="Said once the client is no more.", max_length=160)),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["is_shared", "name", "id"],
                "constraints": [models.UniqueConstraint(fields=("person", "name"), name="one_view_a_name")],
            },
        ),
        migrations.CreateModel(
            name="QueueDisplay",
            fields=[
                ("id", key()),
                ("person", models.OneToOneField(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE, related_name="queue_display")),
                ("hidden", models.JSONField(default=list, help_text="The columns that do not show.")),
                ("density", models.CharField(choices=[("roomy", "Roomy"), ("compact", "Compact")], default="roomy", max_length=8)),
            ],
            options={"verbose_name": "display of the queue", "verbose_name_plural": "displays of the queue"},
        ),
        migrations.RunSQL(
            "ALTER TABLE tickets_reading ADD CONSTRAINT tickets_reading_ticket_same_client"
            " FOREIGN KEY (client_id, ticket_id) REFERENCES tickets_ticket (client_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE tickets_reading DROP CONSTRAINT tickets_reading_ticket_same_client",
        ),
    ]  # fmt: skip
