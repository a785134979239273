"""A client's identity providers and the e-mail domains that lead to them."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0020_ending_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalIdentityProvider",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("key", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                (
                    "name",
                    models.CharField(
                        help_text="Shown to the client's people.", max_length=120, verbose_name="name"
                    ),
                ),
                (
                    "protocol",
                    models.CharField(
                        choices=[("openid_connect", "OpenID Connect"), ("saml", "SAML 2.0")],
                        max_length=16,
                        verbose_name="protocol",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "is_only_way",
                    models.BooleanField(
                        default=False,
                        help_text="The client's people no longer sign in with a password or a passkey of this instance.",
                        verbose_name="only way in",
                    ),
                ),
                (
                    "issuer",
                    models.CharField(
                        blank=True,
                        help_text="OpenID Connect: the address of the provider, https://…",
                        max_length=500,
                        validators=[django.core.validators.URLValidator(["https", "http"])],
                        verbose_name="issuer",
                    ),
                ),
                (
                    "application",
                    models.CharField(
                        blank=True,
                        help_text="OpenID Connect: what the provider calls us.",
                        max_length=191,
                        verbose_name="client identifier",
                    ),
                ),
                (
                    "entity",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="entity identifier"
                    ),
                ),
                (
                    "sign_in_address",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="sign-in address"
                    ),
                ),
                ("certificate", models.TextField(blank=True, editable=False, verbose_name="certificate")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical identity provider",
                "verbose_name_plural": "historical identity providers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "name",
                    models.CharField(
                        help_text="Shown to the client's people.", max_length=120, verbose_name="name"
                    ),
                ),
                (
                    "protocol",
                    models.CharField(
                        choices=[("openid_connect", "OpenID Connect"), ("saml", "SAML 2.0")],
                        max_length=16,
                        verbose_name="protocol",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "is_only_way",
                    models.BooleanField(
                        default=False,
                        help_text="The client's people no longer sign in with a password or a passkey of this instance.",
                        verbose_name="only way in",
                    ),
                ),
                (
                    "issuer",
                    models.CharField(
                        blank=True,
                        help_text="OpenID Connect: the address of the provider, https://…",
                        max_length=500,
                        validators=[django.core.validators.URLValidator(["https", "http"])],
                        verbose_name="issuer",
                    ),
                ),
                (
                    "application",
                    models.CharField(
                        blank=True,
                        help_text="OpenID Connect: what the provider calls us.",
                        max_length=191,
                        verbose_name="client identifier",
                    ),
                ),
                ("sealed_secret", models.TextField(blank=True, editable=False)),
                (
                    "entity",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="entity identifier"
                    ),
                ),
                (
                    "sign_in_address",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="sign-in address"
                    ),
                ),
                ("certificate", models.TextField(blank=True, editable=False, verbose_name="certificate")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_providers",
                        to="accounts.client",
                        verbose_name="client",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity provider",
                "verbose_name_plural": "identity providers",
                "ordering": ["client", "name"],
            },
        ),
        migrations.CreateModel(
            name="IdentityDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "domain",
                    models.CharField(
                        max_length=253,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\\Z",
                                "A domain is written like “brasserie.example”, without “@”.",
                            )
                        ],
                        verbose_name="domain",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_domains",
                        to="accounts.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domains",
                        to="accounts.identityprovider",
                        verbose_name="identity provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "e-mail domain",
                "verbose_name_plural": "e-mail domains",
                "ordering": ["domain"],
            },
        ),
        migrations.AddConstraint(
            model_name="identityprovider",
            constraint=models.UniqueConstraint(fields=("client", "id"), name="identity_provider_of_client"),
        ),
        migrations.AddConstraint(
            model_name="identityprovider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("application__gt", ""), ("issuer__gt", ""), ("protocol", "openid_connect")),
                    models.Q(
                        ("certificate__gt", ""),
                        ("entity__gt", ""),
                        ("protocol", "saml"),
                        ("sign_in_address__gt", ""),
                    ),
                    _connector="OR",
                ),
                name="identity_provider_is_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitydomain",
            constraint=models.CheckConstraint(
                condition=models.Q(("domain", django.db.models.functions.text.Lower("domain"))),
                name="domain_in_lower_case",
            ),
        ),
    ]
