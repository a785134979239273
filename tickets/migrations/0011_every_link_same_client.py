"""The links that no composite key doubled yet, and the people who may be the vendor's or the client's."""

from django.db import migrations

from accounts.wall import same_client, vendor_or_same_client


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_draft_of_client"), ("accounts", "0011_wall"), ("sla", "0011_wall")]
    operations = [
        same_client("tickets_effect", "training_id", "accounts_training"),
        same_client("tickets_draft", "person_id", "accounts_user"),
        vendor_or_same_client("tickets_ticket", "owner_id"),
        vendor_or_same_client("tickets_ticket", "registered_by_id"),
        vendor_or_same_client("tickets_ledgerentry", "by_id"),
        vendor_or_same_client("tickets_message", "author_id"),
        vendor_or_same_client("tickets_attachment", "uploaded_by_id"),
        vendor_or_same_client("tickets_mail", "recipient_id"),
        vendor_or_same_client("tickets_historicalticket", "history_user_id"),
    ]
