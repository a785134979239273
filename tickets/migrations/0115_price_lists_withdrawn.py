"""Price lists withdrawn before their first day, which clients no longer read; codes that differ by case are the same.

An instance in which one list has two codes that differ by case alone stops here, and PostgreSQL names them.
"""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.wall import CLIENT, by_scope

PUBLISHED = f"({CLIENT} IS NOT NULL AND published_at IS NOT NULL)"
PUBLIC = f"({CLIENT} IS NOT NULL AND published_at IS NOT NULL AND withdrawn_at IS NULL)"


def of_its_list(condition: str) -> str:
    """Return the condition on a line, by that on its list."""
    # A condition of ours, written into a migration.
    return f"EXISTS (SELECT 1 FROM tickets_pricelist WHERE id = price_list_id AND {condition})"  # nosec B608


def read_by_clients(table: str, now: str, before: str) -> migrations.RunSQL:
    """Change which rows a client's scope reads."""
    return migrations.RunSQL(
        *(f"ALTER POLICY wall_read ON {table} USING ({by_scope(condition)})" for condition in (now, before))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0114_desk_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="pricelist",
            name="published_price_list_is_fixed",
        ),
        migrations.RemoveConstraint(
            model_name="priceitem",
            name="code_once_a_price_list",
        ),
        migrations.RemoveConstraint(
            model_name="pricelist",
            name="one_price_list_a_day",
        ),
        migrations.AddField(
            model_name="pricelist",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="pricelist",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="priceitem",
            name="unit_price",
            field=models.DecimalField(
                decimal_places=2,
                error_messages={"min_value": "A price is of at least one cent."},
                max_digits=10,
                validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                verbose_name="unit price excl. VAT, in euros",
            ),
        ),
        migrations.AlterField(
            model_name="pricelist",
            name="conditions",
            field=models.TextField(
                blank=True,
                help_text="Printed on every quote: payment, travel, revision…",
                max_length=20000,
                validators=[django.core.validators.MaxLengthValidator(20000)],
                verbose_name="conditions of sale",
            ),
        ),
        migrations.AlterField(
            model_name="quote",
            name="gross",
            field=models.DecimalField(decimal_places=2, max_digits=12, verbose_name="total incl. VAT"),
        ),
        migrations.AlterField(
            model_name="quote",
            name="net",
            field=models.DecimalField(decimal_places=2, max_digits=12, verbose_name="total excl. VAT"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pricelist",
            trigger=pgtrigger.compiler.Trigger(
                name="published_price_list_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."published_at" IS NOT NULL)',
                    func="\n                    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL\n                        AND (NEW.withdrawn_at AT TIME ZONE 'Europe/Paris')::date < OLD.in_force_from\n                        AND to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id'\n                            = to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id'\n                    THEN RETURN NEW; END IF;\n                    RAISE EXCEPTION 'a published price list never changes, but for its withdrawal before its day';\n                ",
                    hash="fab2ab3977bb326bb33060ef1a832f7905256467",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_price_list_is_fixed_3d9b6",
                    table="tickets_pricelist",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="priceitem",
            constraint=models.UniqueConstraint(
                models.F("price_list"),
                django.db.models.functions.text.Upper("code"),
                name="code_once_a_price_list",
                violation_error_message="Another line of this list has this code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", False), ("withdrawn_at__isnull", True)),
                fields=("in_force_from",),
                name="one_price_list_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(
                        ("published_at__isnull", False),
                        ("withdrawn_at__gte", models.F("published_at")),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="withdrawn_price_list_says_by_whom",
            ),
        ),
        read_by_clients("tickets_pricelist", PUBLIC, PUBLISHED),
        read_by_clients("tickets_priceitem", of_its_list(PUBLIC), of_its_list(PUBLISHED)),
    ]
