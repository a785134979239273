"""Files of lists: those made in the background, and those that leave by mail every week or month."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User


class ExportSource(models.TextChoices):
    """Which list a file is made of."""

    QUEUE = "queue", _("Queue")
    PORTAL = "portal", _("Tickets of the organisation")
    FIGURES = "figures", _("Tickets behind a figure")
    BREACHES = "breaches", _("Breach file")
    REPORTS = "reports", _("Monthly reports")
    TRAININGS = "trainings", _("Trainings")
    ANOMALIES = "anomalies", _("Product anomalies")
    QUOTES = "quotes", _("Paid work")

    @property
    def file_name(self) -> str:
        """The name of its files, without the suffix."""
        of_tickets = {ExportSource.QUEUE, ExportSource.PORTAL, ExportSource.FIGURES}
        return f"tickets-{self}" if self in of_tickets else str(self)


class ExportFormat(models.TextChoices):
    """What a file is."""

    CSV = "csv", _("CSV, for Excel in French")
    XLSX = "xlsx", _("Excel workbook")
    JSON = "json", _("JSON")


class ListExportState(models.TextChoices):
    """Where a file made in the background stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    GONE = "gone", _("Removed")


class Every(models.TextChoices):
    """How often a list leaves by mail."""

    WEEK = "week", _("Every week, on Monday morning")
    MONTH = "month", _("Every month, on the first morning")


class ExportSchedule(models.Model):
    """A list that leaves by mail, made for each recipient as that person may see it."""

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    owner = models.ForeignKey(User, models.CASCADE, related_name="export_schedules")
    recipients = models.ManyToManyField(
        User, through="ExportRecipient", related_name="+", verbose_name=_("recipients")
    )
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(max_length=12, choices=ExportSource)
    query = models.TextField(blank=True, help_text="The list's filters, as its address says them.")
    suffix = models.CharField(_("format"), max_length=4, choices=ExportFormat)
    every = models.CharField(_("how often"), max_length=5, choices=Every)
    next_due_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("scheduled export")
        verbose_name_plural = _("scheduled exports")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["next_due_at", "id"], name="export_schedule_due")]
        constraints = [models.UniqueConstraint(fields=["client", "id"], name="export_schedule_of_client")]

    def __str__(self) -> str:
        return self.name


class ExportRecipient(models.Model):
    """Somebody who receives a scheduled list."""

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    schedule = models.ForeignKey(ExportSchedule, models.CASCADE, related_name="+")
    person = models.ForeignKey(User, models.CASCADE, related_name="lists_received")

    class Meta:
        verbose_name = _("recipient of a scheduled export")
        verbose_name_plural = _("recipients of scheduled exports")
        constraints = [
            models.UniqueConstraint(fields=["schedule", "person"], name="export_recipient_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} · {self.person}"


def list_export_path(_export: "ListExport", _name: str) -> str:
    """Return a random storage key, nothing guessable."""
    return f"lists/{uuid.uuid4().hex}"


class ListExportQuerySet(models.QuerySet["ListExport"]):
    """Files made in the background, by whose they are."""

    def of(self, person: User) -> Self:
        """Keep a person's own: what they may see is in them; none once the person or their client has left."""
        has_left = person.client is not None and not person.client.is_active
        return self.none() if has_left or not person.is_active else self.filter(person=person)

    def claimable(self, at: datetime, given_up_since: datetime) -> Self:
        """Keep what waits, and what somebody began so long ago that they must have died."""
        return self.filter(
            Q(state=ListExportState.WAITING) | Q(state=ListExportState.RUNNING, begun_at__lt=given_up_since),
            created_at__lte=at,
        ).order_by("id")


class ListExport(models.Model):
    """A file of a list for one person, made in the background."""

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(User, models.CASCADE, related_name="list_exports")
    schedule = models.ForeignKey(ExportSchedule, models.SET_NULL, null=True, related_name="list_exports")
    key = models.CharField(max_length=80, unique=True, help_text="What makes it made once.")
    source = models.CharField(max_length=12, choices=ExportSource)
    query = models.TextField(blank=True)
    suffix = models.CharField(max_length=4, choices=ExportFormat)
    state = models.CharField(max_length=8, choices=ListExportState, default=ListExportState.WAITING)
    total = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to=list_export_path, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, help_text="Or the last sign of life of who makes it.")
    finished_at = models.DateTimeField(null=True)

    objects = ListExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("exported list")
        verbose_name_plural = _("exported lists")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                name="export_to_make",
                condition=Q(state__in=[ListExportState.WAITING, ListExportState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}.{self.suffix} · {self.person}"

    @property
    def is_pending(self) -> bool:
        """Tell whether it is still to come."""
        return self.state in {ListExportState.WAITING, ListExportState.RUNNING}

    @property
    def percent(self) -> int:
        """How far it is, in percent."""
        return min(100, self.written * 100 // self.total) if self.total else 0
