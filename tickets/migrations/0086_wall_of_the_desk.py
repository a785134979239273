"""Row-level security on what search reads, and on what each of the vendor's people keeps of the queue."""

from django.db import migrations

from accounts.wall import NONE, vendor_or_same_client, wall


class Migration(migrations.Migration):
    dependencies = [("tickets", "0085_fill_search_documents")]
    operations = [
        vendor_or_same_client("tickets_reading", "person_id"),
        wall("tickets_searchdocument"),
        wall("tickets_reading"),
        wall("tickets_savedview", NONE),
        wall("tickets_queuedisplay", NONE),
    ]
