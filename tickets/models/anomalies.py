"""Defects of a solution that tickets of many clients report: the vendor's own rows; a client sees its own link."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Client, Solution, User
from accounts.traces import Traced
from tickets.models.ticket import Ticket
from tickets.words import DeliveryKind


class ProductAnomaly(models.Model):
    """One defect of a solution, known to the vendor alone but for its number, its summary and the planned version."""

    solution = models.ForeignKey(
        Solution, models.PROTECT, related_name="anomalies", verbose_name=_("solution")
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(
        _("summary for the clients concerned"),
        help_text=_("Shown on every linked ticket: name no client here."),
    )
    analysis = models.TextField(_("analysis"), blank=True, help_text=_("For the vendor alone."))
    planned_version = models.CharField(
        _("planned version"),
        max_length=80,
        blank=True,
        help_text=_("Shown to the clients concerned; it promises no date."),
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("product anomaly")
        verbose_name_plural = _("product anomalies")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """The number by which both sides name it."""
        return f"AP-{self.pk}"


class AnomalyLink(models.Model):
    """A ticket reports a known product anomaly; a ticket reports one at most."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="anomaly_link")
    anomaly = models.ForeignKey(ProductAnomaly, models.PROTECT, related_name="links")
    linked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("link to a product anomaly")
        verbose_name_plural = _("links to a product anomaly")
        ordering = ["ticket"]
        indexes = [
            # A product anomaly's page: its tickets.
            models.Index(fields=["anomaly", "ticket"], name="anomaly_tickets"),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} · AP-{self.anomaly_id}"


class AnomalyDelivery(models.Model):
    """What was delivered once for every ticket of a product anomaly; each ticket's ledger names the row it got."""

    anomaly = models.ForeignKey(ProductAnomaly, models.PROTECT, related_name="deliveries")
    what = models.CharField(_("what is delivered"), max_length=12, choices=DeliveryKind)
    version = models.CharField(_("version delivered"), max_length=80, blank=True)
    content = models.TextField(_("what was done"))
    how_to_test = models.TextField(_("how to test it"))
    touches_data = models.BooleanField(_("may touch the client's data"), default=False)
    delivered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("delivery of a product anomaly")
        verbose_name_plural = _("deliveries of a product anomaly")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"AP-{self.anomaly_id} · {self.version or self.what}"


class TicketRelation(models.Model):
    """Two tickets of one client that belong together; read from both, written once (the lower number first)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    first = models.ForeignKey(Ticket, models.PROTECT, related_name="relations_to_later")
    second = models.ForeignKey(Ticket, models.PROTECT, related_name="relations_to_earlier")
    related_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    related_at = models.DateTimeField()

    class Meta:
        verbose_name = _("relation between tickets")
        verbose_name_plural = _("relations between tickets")
        ordering = ["first", "second"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="related_once"),
            models.CheckConstraint(
                name="lower_number_first", condition=models.Q(first__lt=models.F("second"))
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.first_id} · #{self.second_id}"
