"""Make a consultation of one client's person written under another client impossible in the database itself."""

from django.db import migrations

NAME = "accounts_consultation_person_same_client"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0023_consultations")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE accounts_consultation ADD CONSTRAINT {NAME} FOREIGN KEY (client_id, person_id) "
            "REFERENCES accounts_user (client_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE accounts_consultation DROP CONSTRAINT {NAME}",
        ),
    ]
