"""The rows of the work, a module for each subject; a ticket's ledger is the truth of them all."""

from tickets.models.anomalies import AnomalyDelivery, AnomalyLink, ProductAnomaly, TicketRelation
from tickets.models.api import ApiToken, KeptAnswer, Scope
from tickets.models.canned import CannedAnswer
from tickets.models.conversation import Attachment, Draft, Message, attachment_path
from tickets.models.effects import Effect, Mail
from tickets.models.ledger import LedgerEntry, LedgerHead
from tickets.models.ticket import CLOCK_STATE_CHOICES, CLOCK_STATES, Ticket, TicketQuerySet
from tickets.models.watching import Watch

__all__ = [
    "CLOCK_STATES",
    "CLOCK_STATE_CHOICES",
    "AnomalyDelivery",
    "AnomalyLink",
    "ApiToken",
    "Attachment",
    "CannedAnswer",
    "Draft",
    "Effect",
    "KeptAnswer",
    "LedgerEntry",
    "LedgerHead",
    "Mail",
    "Message",
    "ProductAnomaly",
    "Scope",
    "Ticket",
    "TicketQuerySet",
    "TicketRelation",
    "Watch",
    "attachment_path",
]
