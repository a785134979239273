"""The links that no composite key doubled yet, and the people who may be the vendor's or the client's."""

from django.db import migrations

from accounts.wall import same_client, vendor_or_same_client

AUTHORS = [
    ("tickets_ticket", "owner_id"),
    ("tickets_ticket", "registered_by_id"),
    ("tickets_ledgerentry", "by_id"),
    ("tickets_message", "author_id"),
    ("tickets_attachment", "uploaded_by_id"),
    ("tickets_mail", "recipient_id"),
]
WROTE = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {column} = OLD.id)" for table, column in AUTHORS)
# The other end of the same link: who wrote or received something stays with the client of it.
STAYS = "a_person_stays_with_their_client"
STAYING = f"""
CREATE FUNCTION {STAYS}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {WROTE} THEN
        RAISE EXCEPTION 'this person has written or received something at the former client'
            USING ERRCODE = 'foreign_key_violation', TABLE = 'accounts_user';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {STAYS} BEFORE UPDATE OF client_id ON accounts_user
    FOR EACH ROW WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id) EXECUTE FUNCTION {STAYS}()
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_draft_of_client"), ("accounts", "0011_wall"), ("sla", "0011_wall")]
    operations = [
        same_client("tickets_effect", "training_id", "accounts_training"),
        same_client("tickets_draft", "person_id", "accounts_user"),
        *(vendor_or_same_client(table, column) for table, column in AUTHORS),
        vendor_or_same_client("tickets_historicalticket", "history_user_id"),
        migrations.RunSQL(STAYING, f"DROP TRIGGER {STAYS} ON accounts_user; DROP FUNCTION {STAYS}()"),
    ]
