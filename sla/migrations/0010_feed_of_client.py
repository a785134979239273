import django.db.models.deletion
from django.db import migrations, models

from accounts.wall import same_client


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_calendar_feeds"), ("accounts", "0010_training_of_client")]
    operations = [
        migrations.AddField(
            model_name="calendarfeed",
            name="client",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.RunSQL(
            "UPDATE sla_calendarfeed feed SET client_id = person.client_id"
            " FROM accounts_user person WHERE person.id = feed.person_id;"
            " SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED",
            migrations.RunSQL.noop,
        ),
        same_client("sla_calendarfeed", "person_id", "accounts_user"),
    ]
