"""The rows of the work, a module for each subject; a ticket's ledger is the truth of them all."""

from tickets.models.breaches import BreachFinding
from tickets.models.conversation import Attachment, Draft, Message, attachment_path
from tickets.models.effects import Effect, Mail
from tickets.models.ledger import LedgerEntry
from tickets.models.outcomes import DayFigures, Judged, Outcome, StaleDay
from tickets.models.ticket import CLOCK_STATE_CHOICES, CLOCK_STATES, Ticket, TicketQuerySet

__all__ = [
    "CLOCK_STATES",
    "CLOCK_STATE_CHOICES",
    "Attachment",
    "BreachFinding",
    "DayFigures",
    "Draft",
    "Effect",
    "Judged",
    "LedgerEntry",
    "Mail",
    "Message",
    "Outcome",
    "StaleDay",
    "Ticket",
    "TicketQuerySet",
    "attachment_path",
]
