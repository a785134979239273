"""Place the tickets that exist already: what is open and due by its calendar, all the rest by its columns."""

from django.db import migrations
from django.db.migrations.state import StateApps

from sla.calendar import BusinessCalendar
from tickets.place import business_position

REST = """
UPDATE tickets_ticket SET
    queue_rank = CASE WHEN state = 'closed' THEN 3 WHEN resolve_left IS NOT NULL THEN 1 ELSE 2 END,
    queue_place = CASE
        WHEN state = 'closed' THEN -(extract(epoch FROM closed_at) * 1000000)::bigint
        WHEN resolve_left IS NOT NULL THEN resolve_left
        ELSE (extract(epoch FROM received_at) * 1000000)::bigint
    END
WHERE state = 'closed' OR next_due_at IS NULL
"""


def calendar_of(version: object) -> BusinessCalendar:
    """Compile a version as it stood in the schema of this migration."""
    return BusinessCalendar.from_document({
        "timezone": version.timezone,
        "weekly": version.weekly,
        "holidays": {
            "country": version.holiday_country,
            "subdivision": version.holiday_subdivision or None,
            "worked": version.holidays_worked,
        },
        "closures": [
            {
                "first": closure.first_day.isoformat(),
                "last": closure.last_day.isoformat(),
                "windows": closure.windows,
                "motive": closure.motive,
            }
            for closure in version.closures.all()
        ],
    })  # fmt: skip


def place_what_is_due(apps: StateApps, _editor: object) -> None:
    """Write the place of the open tickets that have a deadline."""
    tickets = apps.get_model("tickets", "Ticket").objects
    due = tickets.exclude(state="closed").filter(next_due_at__isnull=False)
    versions = apps.get_model("sla", "CalendarVersion").objects.prefetch_related("closures")
    for version in versions.filter(pk__in=due.order_by().values("calendar_version")):
        calendar, batch = calendar_of(version), []
        for ticket in due.filter(calendar_version=version.pk).only("next_due_at").iterator(chunk_size=2000):
            ticket.queue_rank = 0
            ticket.queue_place = business_position(calendar, ticket.next_due_at)
            batch.append(ticket)
        tickets.bulk_update(batch, ["queue_rank", "queue_place"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0080_queue_place")]
    operations = [
        migrations.RunSQL(REST, migrations.RunSQL.noop),
        migrations.RunPython(place_what_is_due, migrations.RunPython.noop),
    ]
