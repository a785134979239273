"""Drop two indexes that no page uses: a month's figures read the tickets alive in it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_recomputed_fact")]

    operations = [
        migrations.RemoveIndex(model_name="ticket", name="ticket_acknowledge_month"),
        migrations.RemoveIndex(model_name="ticket", name="ticket_resolve_month"),
    ]
