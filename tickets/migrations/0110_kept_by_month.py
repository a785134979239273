"""Sums kept by month beside those by day, and the durations of each in order.

Every day summed up until now waits to be summed up again, and is read from the outcomes until it is: its month has
no sums yet.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from accounts.scope import worker_scope
from accounts.wall import NONE, wall


def sum_up_again(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with worker_scope(), schema_editor.connection.cursor() as cursor:
        cursor.execute("INSERT INTO tickets_staleday (day) SELECT DISTINCT day FROM tickets_dayfigures")


def forget_months(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with worker_scope(), schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_dayfigures WHERE is_month")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0100_any_list")]
    operations = [
        migrations.RunPython(sum_up_again, migrations.RunPython.noop),
        migrations.CreateModel(
            name="DayTimes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(help_text="Of a month, its first.")),
                ("is_month", models.BooleanField(default=False)),
                ("rank", models.PositiveSmallIntegerField()),
                ("name", models.CharField(help_text="Of the column of outcomes.", max_length=20)),
                ("total", models.BigIntegerField()),
                ("durations", models.BinaryField()),
            ],
            options={"verbose_name": "times of a day", "verbose_name_plural": "times of days"},
        ),
        migrations.AddConstraint(
            model_name="daytimes",
            constraint=models.UniqueConstraint(
                fields=("is_month", "day", "name", "rank"), name="times_kept_once"
            ),
        ),
        # Bytes that hardly shrink are kept as they are: read at once.
        migrations.RunSQL(
            "ALTER TABLE tickets_daytimes ALTER COLUMN durations SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        wall("tickets_daytimes", NONE),
        migrations.RemoveIndex(model_name="dayfigures", name="day_figures"),
        migrations.AddField(
            model_name="dayfigures",
            name="is_month",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="dayfigures",
            name="day",
            field=models.DateField(help_text="Of a month, its first."),
        ),
        migrations.AddIndex(
            model_name="dayfigures",
            index=models.Index(fields=["is_month", "grain", "day"], name="figures_by_grain"),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_months),
    ]
