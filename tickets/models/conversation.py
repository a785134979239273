"""What people write and join to a ticket: messages, internal notes, attachments, drafts."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from tickets.models.files import StoredFile, storage_key
from tickets.models.ledger import LedgerEntry
from tickets.models.ticket import Ticket
from tickets.seen import Seen


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages, by who may read them."""

    def visible_to(self, user: User) -> Self:
        """Keep what `user` may read of tickets they may see: internal notes are the vendor's alone."""
        return self if user.is_vendor else self.filter(is_internal=False)

    def notes_since(self, seen: Seen) -> Self:
        """Keep the internal notes written after what was seen; none for who was shown no notes."""
        return self.none() if seen.message is None else self.filter(is_internal=True, pk__gt=seen.message)


class Message(models.Model):
    """What somebody wrote on a ticket, in Markdown; an internal note is never shown to the client."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="message")
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    body = models.TextField(_("message"))
    is_internal = models.BooleanField(default=False)
    sent_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["sent_at", "id"]
        constraints = [models.UniqueConstraint(fields=["client", "id"], name="message_of_client")]
        indexes = [models.Index(fields=["ticket", "sent_at", "id"], name="message_conversation")]

    def __str__(self) -> str:
        return f"{self.author} · {self.sent_at:%d/%m/%Y %H:%M}"


def attachment_path(_attachment: "Attachment", _name: str) -> str:
    """Return a random storage key: nothing of the client's, nothing guessable."""
    return storage_key("attachments")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Attachments, by who may download them."""

    def visible_to(self, user: User, *, at: datetime) -> Self:
        """Keep those of tickets that `user` may see, without those of internal notes for a client."""
        own = self.filter(ticket__in=Ticket.objects.visible_to(user, at=at))
        return own if user.is_vendor else own.exclude(message__is_internal=True)

    def with_twin(self, seen: "AttachmentQuerySet") -> Self:
        """Say under `twin` the ticket of the same client that had the same file first, among those `seen`."""
        same = seen.filter(client=models.OuterRef("client"), digest=models.OuterRef("digest"))
        earlier = same.filter(pk__lt=models.OuterRef("pk")).exclude(ticket=models.OuterRef("ticket"))
        return self.annotate(twin=models.Subquery(earlier.order_by("pk").values("ticket")[:1]))


class Attachment(StoredFile):
    """A file joined to a ticket or to one of its messages."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="attachments")
    file = models.FileField(upload_to=attachment_path)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        indexes = [
            # The same file on the same client is stored once.
            models.Index(fields=["client", "digest"], name="attachment_of_client_by_digest"),
            # What waits for the scanner.
            models.Index(fields=["id"], name="attachment_held", condition=models.Q(scan="held")),
        ]


class Draft(models.Model):
    """What a person was typing in a form, kept on the server until it is sent."""

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=60, help_text="Which form: “file”, or “ticket:12:ask”.")
    fields = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="one_draft_a_form")]
        # Who is writing on a ticket.
        indexes = [models.Index(fields=["form"], name="draft_of_form")]

    def __str__(self) -> str:
        return f"{self.person} · {self.form}"

    @property
    def stamp(self) -> str:
        """The instant at which it was kept, exactly: what a tab sends back to show that it knows this draft."""
        return self.updated_at.isoformat()
