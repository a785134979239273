"""Row-level security on price lists and quotes: a client reads what is public, and its own quotes; it writes neither."""

from django.db import migrations

from accounts.wall import CLIENT, NONE, OWN, same_client, vendor_or_same_client, wall

# Without a scope nobody reads anything, public or not.
A_CLIENTS = f"{CLIENT} IS NOT NULL"
PUBLISHED = (
    f"({A_CLIENTS} AND EXISTS"
    " (SELECT 1 FROM tickets_pricelist list WHERE list.id = price_list_id AND list.published_at IS NOT NULL))"
)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0112_quotes")]
    operations = [
        same_client("tickets_quote", "ticket_id", "tickets_ticket"),
        vendor_or_same_client("tickets_quote", "issued_by_id"),
        wall("tickets_quote", NONE, reads=OWN),
        wall("tickets_pricelist", NONE, reads=f"({A_CLIENTS} AND published_at IS NOT NULL)"),
        wall("tickets_priceitem", NONE, reads=PUBLISHED),
    ]
