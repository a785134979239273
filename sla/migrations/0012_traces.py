"""Through what and from where, on each history row."""

from django.db import migrations

from accounts.traced_columns import traced_columns


class Migration(migrations.Migration):
    dependencies = [("sla", "0011_wall"), ("accounts", "0012_traces")]
    operations = traced_columns(
        "historicalcalendar",
        "historicalcalendarversion",
        "historicalcontract",
        "historicalpolicy",
        "historicalpolicyversion",
    )
