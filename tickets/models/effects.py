"""What will happen at a due time, and the mails that wait to leave: rows, each with a key that makes it happen once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Training, User
from tickets.models.ledger import LedgerEntry
from tickets.models.ticket import Ticket
from tickets.words import EffectKind


class Effect(models.Model):
    """Something that happens at a due time, once: the database row is the promise, the broker a doorbell."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="effects")
    training = models.ForeignKey(Training, models.CASCADE, null=True, related_name="effects")
    kind = models.CharField(max_length=16, choices=EffectKind)
    key = models.CharField(
        max_length=80, help_text="Unique per ticket or training: what makes it happen once."
    )
    due_at = models.DateTimeField()
    needs_opening = models.BooleanField(default=False, help_text="Held until support is open.")
    data = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "key"],
                name="effect_once_a_ticket",
                condition=models.Q(ticket__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["training", "key"],
                name="effect_once_a_training",
                condition=models.Q(training__isnull=False),
            ),
            models.CheckConstraint(
                name="effect_of_a_ticket_or_a_training",
                condition=models.Q(ticket__isnull=False, training__isnull=True)
                | models.Q(ticket__isnull=True, training__isnull=False),
            ),
        ]
        indexes = [
            # The sweep of every minute.
            models.Index(
                fields=["due_at", "id"], name="effect_due", condition=models.Q(done_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.key}"


class Mail(models.Model):
    """One mail to one person, written with the act that causes it and sent after; rendered when it leaves."""

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="mails")
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")
    recipient = models.ForeignKey(User, models.CASCADE, related_name="+")
    template = models.CharField(max_length=40)
    key = models.CharField(max_length=160, unique=True, help_text="What makes it leave once.")
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text="Not sent: the person lost the right to read it.")

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["id"]
        indexes = [
            # What is waiting to leave.
            models.Index(
                fields=["next_try_at", "id"],
                name="mail_waiting",
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.recipient}"
