from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_service_levels")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="holidays_worked",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Names, for every year, or dates, for one: the journée de solidarité.",
                verbose_name="holidays not observed",
            ),
        )
        for name in ("calendarversion", "historicalcalendarversion")
    ]
