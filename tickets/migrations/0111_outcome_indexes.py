"""Indexes that answer by themselves what a dashboard asks of the open, of the late and of what is in no rate."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0110_kept_by_month")]

    operations = [
        migrations.RemoveIndex(
            model_name="outcome",
            name="outcome_open",
        ),
        migrations.RemoveIndex(
            model_name="outcome",
            name="outcome_acknowledge_runs",
        ),
        migrations.RemoveIndex(
            model_name="outcome",
            name="outcome_resolve_runs",
        ),
        migrations.RemoveIndex(
            model_name="outcome",
            name="outcome_left_out",
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)),
                fields=["client", "received_on"],
                include=("rank",),
                name="outcome_open_ages",
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("acknowledge_judged", 3)),
                fields=["client", "acknowledge_due_at"],
                name="outcome_acknowledge_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("resolve_judged", 3)),
                fields=["client", "resolve_due_at"],
                name="outcome_resolve_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("is_rated", False)),
                fields=["client", "acknowledge_on", "resolve_on"],
                include=("acknowledge_judged", "acknowledge_due_at", "resolve_judged", "resolve_due_at"),
                name="outcome_left_out_days",
            ),
        ),
        # With the client, which the wall asks for.
        migrations.RemoveIndex(model_name="outcome", name="outcome_acknowledge_times"),
        migrations.RemoveIndex(model_name="outcome", name="outcome_resolve_times"),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("acknowledged_on__isnull", False), ("is_rated", True)),
                fields=["acknowledged_on", "rank"],
                include=("client", "acknowledge_time"),
                name="outcome_acknowledge_lasted",
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("is_rated", True), ("resolved_on__isnull", False)),
                fields=["resolved_on", "rank"],
                include=("client", "resolve_gross", "resolve_net"),
                name="outcome_resolve_lasted",
            ),
        ),
    ]
