"""Row-level security on what search reads and on what the desk has read; the keys of both name their client."""

from django.db import migrations

from accounts.wall import vendor_or_same_client, wall


class Migration(migrations.Migration):
    dependencies = [("tickets", "0085_fill_search_documents")]
    operations = [
        vendor_or_same_client("tickets_reading", "person_id"),
        wall("tickets_searchdocument"),
        wall("tickets_reading"),
    ]
