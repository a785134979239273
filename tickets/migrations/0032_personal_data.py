import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tickets.models.privacy


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0032_deputies"),
        ("sla", "0030_contract_retention"),
        ("tickets", "0031_attachment_scan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DiscardedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("discarded_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.client",
                    ),
                ),
            ],
            options={
                "verbose_name": "file to delete",
                "verbose_name_plural": "files to delete",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("motive", models.TextField(verbose_name="motive")),
                ("counts", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.client",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Purge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("months", models.PositiveSmallIntegerField(help_text="The retention applied.")),
                ("document", models.JSONField(help_text="What was purged, without a word of it.")),
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256 of the document in its canonical form.", max_length=64
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.client"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sla.contract"
                    ),
                ),
            ],
            options={
                "verbose_name": "purge",
                "verbose_name_plural": "purges",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PurgedTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.client"
                    ),
                ),
                (
                    "purge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="tickets.purge",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purged",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "purged ticket",
                "verbose_name_plural": "purged tickets",
            },
        ),
        migrations.CreateModel(
            name="ClientExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for its turn"),
                            ("running", "In preparation"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("expired", "Expired"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, help_text="Tickets written.")),
                ("total", models.PositiveIntegerField(default=0, help_text="Tickets to write.")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("claim", models.UUIDField(default=uuid.uuid4)),
                ("next_try_at", models.DateTimeField()),
                ("beat_at", models.DateTimeField(null=True)),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("file", models.FileField(blank=True, upload_to=tickets.models.privacy.export_path)),
                ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes.")),
                ("digest", models.CharField(blank=True, help_text="SHA-256, hexadecimal.", max_length=64)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.client"
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("client",),
                        name="one_export_under_way_a_client",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="purge",
            constraint=models.UniqueConstraint(fields=("client", "id"), name="purge_of_client"),
        ),
        # A link between rows of two clients is impossible in the database itself.
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_client FOREIGN KEY (client_id, {column}_id) "
                f"REFERENCES {target} (client_id, id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_same_client",
            )
            for table, column, target in (
                ("tickets_erasure", "person", "accounts_user"),
                ("tickets_purge", "contract", "sla_contract"),
                ("tickets_purgedticket", "ticket", "tickets_ticket"),
                ("tickets_purgedticket", "purge", "tickets_purge"),
            )
        ),
    ]
