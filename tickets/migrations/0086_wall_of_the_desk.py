"""Row-level security on what search reads and on what the desk has read; the keys of both name their client."""

from django.db import migrations

from accounts.wall import wall


class Migration(migrations.Migration):
    dependencies = [("tickets", "0085_fill_search_documents")]
    operations = [wall("tickets_searchdocument"), wall("tickets_reading")]
