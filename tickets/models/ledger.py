"""The ledger: one append-only row per fact of a ticket's life, the truth of everything shown."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from accounts.traces import Traced
from tickets.models.ticket import Ticket
from tickets.sealing import GENESIS
from tickets.words import EntryKind


class LedgerEntry(Traced):
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
    # Its place in the client's chain (tickets.sealing).
    chain_seq = models.PositiveBigIntegerField(help_text="Its number in the client's chain, from 1.")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, help_text="SHA-256 of what it states and of the hash before.")
    salt = models.CharField(max_length=32)
    digests = models.JSONField(help_text="Salted digests of what may be erased, by name.")
    erased_at = models.DateTimeField(null=True, help_text="When its personal texts were erased (RGPD).")

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["ticket", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="ledger_order"),
            models.UniqueConstraint(fields=["client", "id"], name="entry_of_client"),
            models.UniqueConstraint(fields=["client", "chain_seq"], name="chain_order"),
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


class LedgerHead(models.Model):
    """The last link of a client's chain: locked by whoever appends to it, so that no two rows follow the same one."""

    client = models.OneToOneField(Client, models.PROTECT, primary_key=True, related_name="+")
    entries = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)
    moved_at = models.DateTimeField(null=True, help_text="When its last row was recorded.")

    class Meta:
        verbose_name = _("head of a ledger")
        verbose_name_plural = _("heads of ledgers")

    def __str__(self) -> str:
        return f"{self.client} · {self.entries}"
