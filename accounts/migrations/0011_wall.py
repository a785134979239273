"""Row-level security on people and organisations, and on what the libraries keep about them."""

from django.db import migrations

from accounts.wall import ALL, CLIENT, NONE, OWN, OWN_OR_VENDORS, through_person, vendor_or_same_client, wall

EMAIL_OF_A_PERSON = f"""EXISTS (
    SELECT 1 FROM account_emailaddress address JOIN accounts_user person ON person.id = address.user_id
    WHERE address.id = email_address_id AND person.client_id = {CLIENT}
)"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_training_of_client"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]
    operations = [
        vendor_or_same_client("accounts_historicalclient", "history_user_id", "id"),
        vendor_or_same_client("accounts_historicaluser", "history_user_id"),
        vendor_or_same_client("accounts_historicaltraining", "history_user_id"),
        wall("accounts_client", f"id = {CLIENT}"),
        wall("accounts_historicalclient", f"id = {CLIENT}"),
        wall("accounts_user", OWN, reads=OWN_OR_VENDORS, entrance_reads=ALL),
        wall("accounts_historicaluser"),
        wall("accounts_training"),
        wall("accounts_historicaltraining"),
        wall("account_emailaddress", through_person(), entrance_reads=ALL),
        wall("account_emailconfirmation", EMAIL_OF_A_PERSON),
        # What the platform administrators did in the back office names clients and people of all.
        wall("django_admin_log", NONE),
    ]
