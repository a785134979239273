from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people")]
    operations = [
        migrations.AddConstraint(
            model_name="training",
            constraint=models.UniqueConstraint(fields=["client", "id"], name="training_of_client"),
        ),
    ]
