from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0004_closure_publication")]

    operations = [
        migrations.AddConstraint(
            model_name="calendarversion",
            constraint=models.UniqueConstraint(
                fields=("calendar", "published_at"),
                name="one_calendar_version_in_force",
                violation_error_message="Another version of this calendar comes in force at that instant.",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(
                fields=("policy", "published_at"),
                name="one_policy_version_in_force",
                violation_error_message="Another version of this policy comes in force at that instant.",
            ),
        ),
    ]
