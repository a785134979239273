"""The rows of the work, a module for each subject; a ticket's ledger is the truth of them all."""

from tickets.models.breaches import BreachFinding
from tickets.models.conversation import Attachment, Draft, Message, attachment_path
from tickets.models.effects import Effect, Mail
from tickets.models.exports import Every, Export, ExportFormat, ExportSchedule, ExportSource, ExportState
from tickets.models.ledger import LedgerEntry
from tickets.models.monthly import MonthlyReport, MonthlyReportQuerySet, ReportState
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
    "Every",
    "Export",
    "ExportFormat",
    "ExportSchedule",
    "ExportSource",
    "ExportState",
    "Judged",
    "LedgerEntry",
    "Mail",
    "Message",
    "MonthlyReport",
    "MonthlyReportQuerySet",
    "Outcome",
    "ReportState",
    "StaleDay",
    "Ticket",
    "TicketQuerySet",
    "attachment_path",
]
