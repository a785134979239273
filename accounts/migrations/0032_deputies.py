import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0031_training_lead")]

    operations = [
        migrations.CreateModel(
            name="Deputation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="from")),
                ("last_day", models.DateField(help_text="Last day, included.", verbose_name="to")),
                ("named_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "deputy",
                "verbose_name_plural": "deputies",
                "ordering": ["first_day", "id"],
            },
        ),
        migrations.AddField(
            model_name="deputation",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deputations",
                to="accounts.client",
                verbose_name="client",
            ),
        ),
        migrations.AddField(
            model_name="deputation",
            name="deputy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deputations_held",
                to=settings.AUTH_USER_MODEL,
                verbose_name="deputy",
            ),
        ),
        migrations.AddField(
            model_name="deputation",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="deputation",
            name="named_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="deputation",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deputations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person away",
            ),
        ),
        migrations.AddConstraint(
            model_name="deputation",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="deputation_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="deputation",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("deputy")), _negated=True),
                name="nobody_is_their_own_deputy",
            ),
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE accounts_deputation ADD CONSTRAINT accounts_deputation_{column}_same_client FOREIGN KEY "
                f"(client_id, {column}_id) REFERENCES accounts_user (client_id, id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE accounts_deputation DROP CONSTRAINT accounts_deputation_{column}_same_client",
            )
            for column in ("person", "deputy")
        ),
    ]
