"""Row-level security on what the API keeps; a token is found before its person is known."""

from django.db import migrations

from accounts.wall import ALL, wall


class Migration(migrations.Migration):
    dependencies = [("tickets", "0042_api_same_client")]
    operations = [wall("tickets_apitoken", entrance_reads=ALL), wall("tickets_keptanswer")]
