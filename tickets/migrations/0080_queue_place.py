"""Give each ticket its place in the queue, in business time, and the queue the indexes of its order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0075_traces_of_links"), ("sla", "0030_contract_retention")]

    operations = [
        migrations.RemoveIndex(model_name="ticket", name="ticket_queue"),
        migrations.AddField(
            model_name="ticket",
            name="queue_rank",
            field=models.PositiveSmallIntegerField(default=2, help_text="See `tickets.place`."),
        ),
        migrations.AddField(
            model_name="ticket",
            name="queue_place",
            field=models.BigIntegerField(default=0, help_text="Microseconds; see `tickets.place`."),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["calendar_version", "queue_place", "id"],
                name="ticket_queue_due",
                condition=models.Q(queue_rank=0),
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["queue_rank", "queue_place", "id"],
                name="ticket_queue_rest",
                condition=models.Q(queue_rank__gt=0),
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["client", "id"],
                include=(
                    "owner", "state", "severity", "solution", "calendar_version", "next_due_at", "acknowledged_at",
                    "closes_at", "is_contested", "queue_rank", "queue_place",
                ),
                name="ticket_open",
                condition=~models.Q(state="closed"),
            ),
        ),
    ]  # fmt: skip
