"""Through what and from where, on each row of the ledger and history; a row's place in its client's chain."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.traced_columns import traced_columns
from accounts.wall import wall


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_wall"), ("accounts", "0012_traces")]
    operations = [
        *traced_columns("historicalticket", "ledgerentry"),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.client",
                    ),
                ),
                ("entries", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(default="0" * 64, max_length=64)),
                (
                    "moved_at",
                    models.DateTimeField(help_text="When its last row was recorded.", null=True),
                ),
            ],
            options={"verbose_name": "head of a ledger", "verbose_name_plural": "heads of ledgers"},
        ),
        wall("tickets_ledgerhead"),
        migrations.AddField(
            "ledgerentry",
            "chain_seq",
            models.PositiveBigIntegerField(help_text="Its number in the client's chain, from 1.", null=True),
        ),
        migrations.AddField("ledgerentry", "previous_hash", models.CharField(max_length=64, null=True)),
        migrations.AddField(
            "ledgerentry",
            "hash",
            models.CharField(
                help_text="SHA-256 of what it states and of the hash before.", max_length=64, null=True
            ),
        ),
        migrations.AddField("ledgerentry", "salt", models.CharField(max_length=32, null=True)),
        migrations.AddField(
            "ledgerentry",
            "digests",
            models.JSONField(help_text="Salted digests of what may be erased, by name.", null=True),
        ),
        migrations.AddField(
            "ledgerentry",
            "erased_at",
            models.DateTimeField(help_text="When its personal texts were erased (RGPD).", null=True),
        ),
    ]
