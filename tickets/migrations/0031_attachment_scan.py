from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0032_deputies"),
        ("tickets", "0030_certificates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="scan",
            field=models.CharField(
                choices=[
                    ("clean", "Scanned, nothing found"),
                    ("not_scanned", "Not scanned"),
                    ("held", "Held until it is scanned"),
                    ("infected", "Infected, in quarantine"),
                ],
                default="not_scanned",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="scan",
            field=models.CharField(
                choices=[
                    ("clean", "Scanned, nothing found"),
                    ("not_scanned", "Not scanned"),
                    ("held", "Held until it is scanned"),
                    ("infected", "Infected, in quarantine"),
                ],
                default="not_scanned",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["client", "digest"], name="attachment_of_client_by_digest"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(condition=models.Q(("scan", "held")), fields=["id"], name="attachment_held"),
        ),
    ]
