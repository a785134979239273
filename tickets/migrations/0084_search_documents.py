"""Give search its own table: a ticket's words as vectors, internal notes apart."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0083_french_search"), ("accounts", "0001_people")]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client", models.ForeignKey("accounts.client", django.db.models.deletion.CASCADE, related_name="+")),
                ("ticket", models.ForeignKey("tickets.ticket", django.db.models.deletion.CASCADE, related_name="search_documents")),
                ("audience", models.CharField(choices=[("everyone", "Both parties"), ("vendor", "The vendor alone")], max_length=8)),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "search document",
                "verbose_name_plural": "search documents",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["vector"], name="search_words")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "audience"), name="one_document_an_audience")
                ],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE tickets_searchdocument ADD CONSTRAINT tickets_searchdocument_ticket_same_client"
            " FOREIGN KEY (client_id, ticket_id) REFERENCES tickets_ticket (client_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE tickets_searchdocument DROP CONSTRAINT tickets_searchdocument_ticket_same_client",
        ),
    ]  # fmt: skip
