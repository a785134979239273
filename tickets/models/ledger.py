"""The ledger: one append-only row per fact of a ticket's life, the truth of everything shown."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from tickets.models.ticket import Ticket
from tickets.words import EntryKind


class LedgerEntry(models.Model):
    """One fact of a ticket's life: written once, never changed nor deleted (the database refuses)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=EntryKind)
    occurred_at = models.DateTimeField(help_text="When it happened: what the clocks count from.")
    recorded_at = models.DateTimeField(help_text="When it was written down.")
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="None: the timetable."
    )
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["ticket", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="ledger_order"),
            models.UniqueConstraint(fields=["client", "id"], name="entry_of_client"),
            models.CheckConstraint(
                name="happened_before_recorded",
                condition=models.Q(recorded_at__gte=models.F("occurred_at")),
            ),
        ]
        indexes = [
            # The deliveries refused in a period.
            models.Index(
                fields=["occurred_at", "ticket"],
                name="ledger_refusals",
                condition=models.Q(kind=EntryKind.REJECTED),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.kind}"
