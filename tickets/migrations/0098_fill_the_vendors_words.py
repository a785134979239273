"""Write the vendor's rows of what search reads again: a client's message left them as they were before it."""

from django.db import migrations
from django.db.migrations.state import StateApps

from tickets.search.documents import index_words


def fill(apps: StateApps, _editor: object) -> None:
    """Index the words of every ticket that has internal notes."""
    documents = apps.get_model("tickets", "SearchDocument").objects.filter(audience="vendor")
    for number in list(documents.order_by("ticket").values_list("ticket", flat=True)):
        index_words(number)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0097_wall_of_the_vendors_words")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
