"""What the API keeps: a person's tokens, hashed, and the answers given under an idempotency key."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from accounts.access import ENDINGS
from accounts.models import Client, User


class Scope(models.TextChoices):
    """What a token lets its bearer do, always within its person's own rights."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens, by whether they still open anything."""

    def live(self, at: datetime) -> Self:
        """Keep the tokens neither revoked nor expired at `at`, of people who may still sign in."""
        return self.filter(revoked_at__isnull=True, expiry__gt=at, user__is_active=True)


class ApiToken(AbstractAuthToken):
    """One named, expiring token of one person: only its digest is kept, so it is shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Names it in addresses."
    )
    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created", "key"]
        constraints = [
            models.CheckConstraint(name="token_expires", condition=Q(expiry__isnull=False)),
            models.UniqueConstraint(
                fields=["user", "name"], name="token_name_once", condition=Q(revoked_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.user}"


def revoke_tokens(person: User) -> None:
    """End every token of a person whose access ends, now."""
    ApiToken.objects.filter(user=person, revoked_at__isnull=True).update(revoked_at=timezone.now())


ENDINGS.append(revoke_tokens)


class KeptAnswer(models.Model):
    """What a write answered under its person's idempotency key, kept for a day and replayed to whoever repeats it."""

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the request: address, fields, files.")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_a_key")]
        indexes = [
            # The sweep of what is older than a day.
            models.Index(fields=["created_at"], name="kept_answer_age"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.key}"
