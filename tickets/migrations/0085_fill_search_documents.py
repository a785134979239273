"""Make the tickets that exist already found by their words."""

from django.db import migrations
from django.db.migrations.state import StateApps
from django.db.models import Max

from tickets.search.documents import index_words

CHUNK = 5000


def fill(apps: StateApps, _editor: object) -> None:
    """Index the words of every ticket, a chunk at a time."""
    last = apps.get_model("tickets", "Ticket").objects.aggregate(last=Max("pk"))["last"] or 0
    for first in range(1, last + 1, CHUNK):
        index_words(first, first + CHUNK - 1)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0084_search_documents")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
