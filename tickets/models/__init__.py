"""The rows of the work, a module for each subject; a ticket's ledger is the truth of them all."""

from tickets.models.conversation import Attachment, Draft, Message, attachment_path
from tickets.models.desk import Column, Density, QueueDisplay, Reading, SavedView
from tickets.models.effects import Effect, Mail
from tickets.models.ledger import LedgerEntry
from tickets.models.search import Audience, SearchDocument
from tickets.models.ticket import CLOCK_STATE_CHOICES, CLOCK_STATES, Ticket, TicketQuerySet

__all__ = [
    "CLOCK_STATES",
    "CLOCK_STATE_CHOICES",
    "Attachment",
    "Audience",
    "Column",
    "Density",
    "Draft",
    "Effect",
    "LedgerEntry",
    "Mail",
    "Message",
    "QueueDisplay",
    "Reading",
    "SavedView",
    "SearchDocument",
    "Ticket",
    "TicketQuerySet",
    "attachment_path",
]
