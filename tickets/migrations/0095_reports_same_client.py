"""Make a link from a report's rows, or from a list's file, to another client's impossible in the database itself."""

from django.db import migrations

from accounts.wall import same_client, vendor_or_same_client

# (table, column, target table): the target belongs to the same client as the row.
LINKS = [
    ("tickets_outcome", "ticket_id", "tickets_ticket"),
    ("tickets_outcome", "contract_id", "sla_contract"),
    ("tickets_breachfinding", "ticket_id", "tickets_ticket"),
    ("tickets_monthlyreport", "contract_id", "sla_contract"),
    ("tickets_monthlyreport", "corrects_id", "tickets_monthlyreport"),
    ("tickets_exportschedule", "owner_id", "accounts_user"),
    ("tickets_exportrecipient", "schedule_id", "tickets_exportschedule"),
    ("tickets_exportrecipient", "person_id", "accounts_user"),
    ("tickets_listexport", "person_id", "accounts_user"),
    ("tickets_listexport", "schedule_id", "tickets_exportschedule"),
]
AUTHORS = [
    ("tickets_outcome", "owner_id"),
    ("tickets_breachfinding", "author_id"),
    ("tickets_monthlyreport", "built_by_id"),
    ("tickets_monthlyreport", "issued_by_id"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0094_list_exports"),
        ("sla", "0011_wall"),
        ("accounts", "0033_wall_of_deputations"),
    ]
    operations = [
        *(same_client(*link) for link in LINKS),
        *(vendor_or_same_client(*author) for author in AUTHORS),
    ]
