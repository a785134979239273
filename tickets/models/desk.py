"""What each person of the desk keeps for oneself: what was read, views of the queue, how it is shown."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Role, User
from tickets.models.ticket import Ticket


class Reading(models.Model):
    """How far a person has read a ticket: the last fact and the last message that they were shown."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="readings")
    person = models.ForeignKey(User, models.CASCADE, related_name="readings")
    seq = models.PositiveIntegerField(help_text="The last entry of the ledger seen.")
    message = models.BigIntegerField(default=0, help_text="The number of the last message seen.")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [models.UniqueConstraint(fields=["person", "ticket"], name="one_reading_a_person")]
        indexes = [
            # Whether anything was read since the queue was shown, on another tab for instance.
            models.Index(fields=["person", "-read_at"], name="reading_last"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · #{self.ticket_id} · {self.seq}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views, by who may use them."""

    def usable_by(self, person: User) -> Self:
        """Keep one's own views and those that the managers share."""
        return self.filter(Q(person=person) | Q(is_shared=True))


class SavedView(models.Model):
    """Filters of the queue under a name: one's own, or shared with the whole desk by a manager."""

    person = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000, help_text="The filters, as the address of the queue says them.")
    is_shared = models.BooleanField(_("shared with the whole desk"), default=False)
    client_name = models.CharField(max_length=160, blank=True, help_text="Said once the client is no more.")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["is_shared", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_view_a_name")]

    def __str__(self) -> str:
        return self.name

    def may_be_changed_by(self, person: User) -> bool:
        """Tell whether it is the person's own, or shared and the person a manager."""
        return self.person_id == person.pk or (self.is_shared and person.role == Role.MANAGER)


class Density(models.TextChoices):
    """How close to one another the lines of the queue are."""

    ROOMY = "roomy", _("Roomy")
    COMPACT = "compact", _("Compact")


class Column(models.TextChoices):
    """The columns that a person may hide; the ticket and its deadline always show."""

    CLIENT = "client", _("Client and solution")
    SEVERITY = "severity", _("Severity")
    STATE = "state", _("State")
    OWNER = "owner", _("Owned by")
    RECEIVED = "received", _("Received on")


class QueueDisplay(models.Model):
    """How a person has the queue shown, on whichever machine they sit."""

    person = models.OneToOneField(User, models.CASCADE, related_name="queue_display")
    hidden = models.JSONField(default=list, help_text="The columns that do not show.")
    density = models.CharField(max_length=8, choices=Density, default=Density.ROOMY)

    class Meta:
        verbose_name = _("display of the queue")
        verbose_name_plural = _("displays of the queue")

    def __str__(self) -> str:
        return f"{self.person} · {self.density}"
