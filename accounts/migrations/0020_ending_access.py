"""A person counts how often all access was ended: sessions and links of an earlier count open nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_access_log")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="access_epoch",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]
