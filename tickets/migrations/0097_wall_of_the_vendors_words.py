"""A client's scope finds no vendor's row of what search reads, and writes none: an index is the product's own."""

from django.db import migrations

from accounts.wall import NONE, OWN, wall

TABLE = "tickets_searchdocument"
FORMER = wall(TABLE)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0096_wall_of_reports")]
    operations = [
        migrations.RunSQL(FORMER.reverse_sql, FORMER.sql),
        wall(TABLE, NONE, reads=f"{OWN} AND audience = 'everyone'"),
    ]
