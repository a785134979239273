"""Who follows a ticket beside those whom it concerns anyway."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from tickets.models.ticket import Ticket


class Watch(models.Model):
    """A person asked, or was named in a note, to be told of what happens on a ticket."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="watches")
    person = models.ForeignKey(User, models.CASCADE, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="watched_once")]

    def __str__(self) -> str:
        return f"{self.person} · #{self.ticket_id}"
