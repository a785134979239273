"""What is done to personal data, as rows: erasures, purges with their certificates, exports, files to delete."""

import uuid
from typing import Any, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Role, User
from sla.models import Contract
from tickets.models.files import storage_key
from tickets.models.ticket import Ticket

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


class Erasure(models.Model):
    """A person was made anonymous, once and for good: by whom, why, and how many places were cleaned."""

    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    person = models.OneToOneField(User, models.PROTECT, related_name="erasure")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    motive = models.TextField(_("motive"))
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.person} · {self.at:%d/%m/%Y}"


class PurgeQuerySet(models.QuerySet["Purge"]):
    """Purges, by who may read their certificates."""

    def visible_to(self, user: User) -> Self:
        """Keep all for support managers and the platform administrator, its own for a client's manager."""
        return _of_those_who_keep(self, user)


class Purge(models.Model):
    """The certificate that, under a contract's retention, the texts and files of some tickets are gone."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    months = models.PositiveSmallIntegerField(help_text="The retention applied.")
    document = models.JSONField(help_text="What was purged, without a word of it.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the document in its canonical form.")

    objects = PurgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["client", "id"], name="purge_of_client")]

    def __str__(self) -> str:
        return f"{self.contract} · {self.at:%d/%m/%Y}"


class PurgedTicket(models.Model):
    """A ticket whose texts and files were purged; its ledger, its statement and its figures stay."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="purged")
    purge = models.ForeignKey(Purge, models.PROTECT, related_name="tickets")

    class Meta:
        verbose_name = _("purged ticket")
        verbose_name_plural = _("purged tickets")

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class DiscardedFile(models.Model):
    """A storage key whose bytes are to be deleted: the row goes once they are gone, however often it takes."""

    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=200, unique=True)
    discarded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file to delete")
        verbose_name_plural = _("files to delete")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.key


class ExportState(models.TextChoices):
    """Where a client's export stands."""

    WAITING = "waiting", _("Waiting for its turn")
    RUNNING = "running", _("In preparation")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)


def export_path(_export: "ClientExport", _name: str) -> str:
    """Return a random storage key."""
    return storage_key("exports")


class ClientExportQuerySet(models.QuerySet["ClientExport"]):
    """Exports, by who may follow and download them."""

    def visible_to(self, user: User) -> Self:
        """Keep all for support managers and the platform administrator, its own for a client's manager."""
        return _of_those_who_keep(self, user)


class ClientExport(models.Model):
    """All that the product holds of one client, as a file: asked for, prepared in the background, then downloaded.

    The row is the truth: whoever prepares it holds `claim` and says so from time to time in `beat_at`.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="Tickets written.")
    total = models.PositiveIntegerField(default=0, help_text="Tickets to write.")
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    claim = models.UUIDField(default=uuid.uuid4)
    next_try_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to=export_path, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256, hexadecimal.")

    objects = ClientExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                name="one_export_under_way_a_client",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} · {self.requested_at:%d/%m/%Y %H:%M}"

    @property
    def is_under_way(self) -> bool:
        """Tell whether it is still to come."""
        return self.state in UNDER_WAY

    @property
    def name(self) -> str:
        """The name under which it is downloaded."""
        return f"export-{self.client.code}-{self.requested_at:%Y%m%d}.zip"


def _of_those_who_keep(rows: Rows, user: User) -> Rows:
    if not user.is_authenticated or not user.is_active:
        return rows.none()
    if user.role in {Role.MANAGER, Role.PLATFORM_ADMINISTRATOR}:
        return rows
    if user.role == Role.CLIENT_MANAGER and user.client is not None and user.client.is_active:
        return rows.filter(client=user.client)
    return rows.none()
