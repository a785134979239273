import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0012_traces"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="retention_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="So long after a ticket is closed, its texts and files are purged; empty: they are kept.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="retention (months)",
            ),
        ),
        migrations.AddField(
            model_name="historicalcontract",
            name="retention_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="So long after a ticket is closed, its texts and files are purged; empty: they are kept.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="retention (months)",
            ),
        ),
    ]
