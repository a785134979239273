"""Who reviewed a monthly report and when, and beside which figures its synthesis was written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.wall import vendor_or_same_client


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0033_wall_of_deputations"),
        ("sla", "0030_contract_retention"),
        ("tickets", "0116_paid_work_ends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="monthlyreport",
            name="reviewed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="monthlyreport",
            name="reviewed_by",
            field=models.ForeignKey(
                help_text="None: nobody since the figures were worked out.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="monthlyreport",
            name="synthesis_figures_at",
            field=models.DateTimeField(
                help_text="Date of the figures beside which the written synthesis was last read.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="monthlyreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reviewed_at__isnull", True), ("reviewed_by__isnull", True)),
                    models.Q(("reviewed_at__isnull", False), ("reviewed_by__isnull", False)),
                    _connector="OR",
                ),
                name="review_of_a_report_has_its_author",
            ),
        ),
        vendor_or_same_client("tickets_monthlyreport", "reviewed_by_id"),
    ]
