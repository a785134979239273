"""Row-level security on deputies; who ended a training, named or ended a deputy is of the client or the vendor's."""

from django.db import migrations

from accounts.wall import vendor_or_same_client, wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0032_deputies")]
    operations = [
        vendor_or_same_client("accounts_training", "ended_by_id"),
        vendor_or_same_client("accounts_deputation", "named_by_id"),
        vendor_or_same_client("accounts_deputation", "ended_by_id"),
        wall("accounts_deputation"),
    ]
