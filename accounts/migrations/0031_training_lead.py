import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0030_training_ended_early")]

    operations = [
        migrations.AddField(
            model_name="historicalsolution",
            name="training_lead",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Told of trainings about to expire; without one, the support managers are.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="training contact at the vendor",
            ),
        ),
        migrations.AddField(
            model_name="solution",
            name="training_lead",
            field=models.ForeignKey(
                blank=True,
                help_text="Told of trainings about to expire; without one, the support managers are.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="training contact at the vendor",
            ),
        ),
    ]
