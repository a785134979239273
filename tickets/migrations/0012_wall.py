"""Row-level security on the work; an internal note, and its files, are behind the wall for every client."""

from django.db import migrations

from accounts.wall import OWN, wall

NOT_INTERNAL = f"{OWN} AND NOT is_internal"
# The message is asked for in the same scope: an internal one is not there.
OF_A_MESSAGE_READ = (
    f"{OWN} AND (message_id IS NULL OR EXISTS (SELECT 1 FROM tickets_message WHERE id = message_id))"
)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_every_link_same_client")]
    operations = [
        wall("tickets_ticket"),
        wall("tickets_historicalticket"),
        wall("tickets_ledgerentry"),
        wall("tickets_message", NOT_INTERNAL),
        wall("tickets_attachment", OF_A_MESSAGE_READ),
        wall("tickets_draft"),
        wall("tickets_effect"),
        wall("tickets_mail"),
    ]
