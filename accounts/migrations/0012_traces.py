"""Through what and from where, on each history row."""

from django.db import migrations

from accounts.traced_columns import traced_columns


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_wall")]
    operations = traced_columns(
        "historicalclient", "historicalsolution", "historicaltraining", "historicaluser"
    )
