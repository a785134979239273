from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0003_worked_holidays")]

    operations = [
        migrations.AddField(
            model_name="closure",
            name="published_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="The day on which a version first said it; none in a draft that adds it (C-CAL-2).",
                null=True,
                verbose_name="published on",
            ),
        ),
    ]
