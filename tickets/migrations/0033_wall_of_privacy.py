"""Row-level security on certificates, erasures, purges, exports and files to delete."""

from django.db import migrations

from accounts.wall import vendor_or_same_client, wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0033_wall_of_deputations"), ("tickets", "0032_personal_data")]
    operations = [
        vendor_or_same_client("tickets_certificate", "uploaded_by_id"),
        vendor_or_same_client("tickets_erasure", "by_id"),
        vendor_or_same_client("tickets_clientexport", "requested_by_id"),
        wall("tickets_certificate"),
        wall("tickets_erasure"),
        wall("tickets_purge"),
        wall("tickets_purgedticket"),
        wall("tickets_clientexport"),
        wall("tickets_discardedfile"),
    ]
