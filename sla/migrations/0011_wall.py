"""Row-level security on contracts and on people's secret addresses."""

from django.db import migrations

from accounts.wall import ALL, vendor_or_same_client, wall


class Migration(migrations.Migration):
    dependencies = [("sla", "0010_feed_of_client"), ("accounts", "0011_wall")]
    operations = [
        vendor_or_same_client("sla_historicalcontract", "history_user_id"),
        wall("sla_contract"),
        wall("sla_historicalcontract"),
        # A secret address is looked for before its person is known.
        wall("sla_calendarfeed", entrance_reads=ALL),
    ]
