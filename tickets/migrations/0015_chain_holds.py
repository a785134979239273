"""No row of the ledger is outside its client's chain, nor two in the same place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0014_chain_what_was_written")]
    operations = [
        migrations.AlterField(
            "ledgerentry",
            "chain_seq",
            models.PositiveBigIntegerField(help_text="Its number in the client's chain, from 1."),
        ),
        migrations.AlterField("ledgerentry", "previous_hash", models.CharField(max_length=64)),
        migrations.AlterField(
            "ledgerentry",
            "hash",
            models.CharField(help_text="SHA-256 of what it states and of the hash before.", max_length=64),
        ),
        migrations.AlterField("ledgerentry", "salt", models.CharField(max_length=32)),
        migrations.AlterField(
            "ledgerentry",
            "digests",
            models.JSONField(help_text="Salted digests of what may be erased, by name."),
        ),
        migrations.AddConstraint(
            "ledgerentry", models.UniqueConstraint(fields=("client", "chain_seq"), name="chain_order")
        ),
    ]
