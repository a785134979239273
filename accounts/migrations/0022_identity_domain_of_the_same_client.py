"""Make a domain of one client that leads to the provider of another impossible in the database itself."""

from django.db import migrations

NAME = "accounts_identitydomain_provider_same_client"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0021_identity_providers")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE accounts_identitydomain ADD CONSTRAINT {NAME} FOREIGN KEY (client_id, provider_id) "
            "REFERENCES accounts_identityprovider (client_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE accounts_identitydomain DROP CONSTRAINT {NAME}",
        ),
    ]
