import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0026_wall_of_people")]

    operations = [
        migrations.AddField(
            model_name="historicaltraining",
            name="end_motive",
            field=models.TextField(blank=True, verbose_name="motive of the end"),
        ),
        migrations.AddField(
            model_name="historicaltraining",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicaltraining",
            name="ended_on",
            field=models.DateField(
                blank=True,
                help_text="First day on which it counts no more.",
                null=True,
                verbose_name="ended on",
            ),
        ),
        migrations.AddField(
            model_name="training",
            name="end_motive",
            field=models.TextField(blank=True, verbose_name="motive of the end"),
        ),
        migrations.AddField(
            model_name="training",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="training",
            name="ended_on",
            field=models.DateField(
                blank=True,
                help_text="First day on which it counts no more.",
                null=True,
                verbose_name="ended on",
            ),
        ),
        migrations.AddConstraint(
            model_name="training",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_motive", ""), ("ended_on__isnull", True)),
                    models.Q(("ended_on__isnull", False), models.Q(("end_motive", ""), _negated=True)),
                    _connector="OR",
                ),
                name="training_ended_early_has_a_motive",
            ),
        ),
    ]
