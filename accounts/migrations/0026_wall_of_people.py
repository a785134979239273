"""Row-level security on how people come in: second factors, sessions, identity providers, consultations.

Before a person is known, the entrance reads what finds them: a domain and its provider, a passkey, an identity there.
"""

from django.db import migrations

from accounts.wall import ALL, same_client, through_person, vendor_or_same_client, wall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0025_traces_of_providers"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE accounts_consultation ADD CONSTRAINT consultation_of_client UNIQUE (client_id, id)",
            "ALTER TABLE accounts_consultation DROP CONSTRAINT consultation_of_client",
        ),
        same_client("accounts_consultationend", "consultation_id", "accounts_consultation"),
        vendor_or_same_client("accounts_consultation", "by_id"),
        vendor_or_same_client("accounts_historicalidentityprovider", "history_user_id"),
        wall("accounts_identityprovider", entrance_reads=ALL),
        wall("accounts_identitydomain", entrance_reads=ALL),
        wall("accounts_historicalidentityprovider"),
        wall("accounts_consultation"),
        wall("accounts_consultationend"),
        wall("mfa_authenticator", through_person(), entrance_reads=ALL),
        wall("usersessions_usersession", through_person()),
        wall("socialaccount_socialaccount", through_person(), entrance_reads=ALL),
    ]
