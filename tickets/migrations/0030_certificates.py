import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tickets.models.certificates


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0032_deputies"),
        ("tickets", "0015_chain_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("digest", models.CharField(help_text="SHA-256, hexadecimal.", max_length=64)),
                ("file", models.FileField(upload_to=tickets.models.certificates.certificate_path)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.client"
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="accounts.training",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
                "ordering": ["id"],
            },
        ),
        # A certificate belongs to the client of its training.
        migrations.RunSQL(
            "ALTER TABLE tickets_certificate ADD CONSTRAINT tickets_certificate_training_same_client FOREIGN KEY "
            "(client_id, training_id) REFERENCES accounts_training (client_id, id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE tickets_certificate DROP CONSTRAINT tickets_certificate_training_same_client",
        ),
    ]
