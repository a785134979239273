"""Row-level security on what ties tickets together, and on the vendor's own words about them."""

from django.db import migrations

from accounts.wall import NONE, vendor_or_same_client, wall

LINKED = "EXISTS (SELECT 1 FROM tickets_anomalylink link WHERE link.anomaly_id = tickets_productanomaly.id)"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0073_watch_same_client")]
    operations = [
        vendor_or_same_client("tickets_watch", "person_id"),
        vendor_or_same_client("tickets_anomalylink", "linked_by_id"),
        vendor_or_same_client("tickets_ticketrelation", "related_by_id"),
        wall("tickets_anomalylink"),
        wall("tickets_ticketrelation"),
        wall("tickets_watch"),
        # A client reads the defects that its own tickets report: the links are asked for in the same scope.
        wall("tickets_productanomaly", NONE, reads=LINKED),
        *(
            wall(table, NONE)
            for table in (
                "tickets_historicalproductanomaly",
                "tickets_anomalydelivery",
                "tickets_cannedanswer",
                "tickets_historicalcannedanswer",
            )
        ),
    ]
