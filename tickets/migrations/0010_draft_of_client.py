import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_no_month_indexes"), ("accounts", "0010_training_of_client")]
    operations = [
        migrations.AddField(
            model_name="draft",
            name="client",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.RunSQL(
            "UPDATE tickets_draft draft SET client_id = person.client_id"
            " FROM accounts_user person WHERE person.id = draft.person_id;"
            " SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED",
            migrations.RunSQL.noop,
        ),
    ]
