"""What full-text search reads: a ticket's words as vectors, those that the client may read apart from the others."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from tickets.models.ticket import Ticket


class Audience(models.TextChoices):
    """Who may find a ticket by these words."""

    EVERYONE = "everyone", _("Both parties")
    VENDOR = "vendor", _("The vendor alone")


class SearchDocument(models.Model):
    """The words of one ticket for one audience.

    The row for everyone holds what the client may read. The vendor's row exists only for a ticket with
    internal notes, and holds their words beside all the others: nothing internal is ever in a row that a
    client's search looks at.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="search_documents")
    audience = models.CharField(max_length=8, choices=Audience)
    vector = SearchVectorField()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "audience"], name="one_document_an_audience")
        ]
        indexes = [
            # Every search.
            GinIndex(fields=["vector"], name="search_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} · {self.audience}"
