"""The rows of the work, a module for each subject; a ticket's ledger is the truth of them all."""

from tickets.models.anomalies import AnomalyDelivery, AnomalyLink, ProductAnomaly, TicketRelation
from tickets.models.api import ApiToken, KeptAnswer, Scope
from tickets.models.breaches import BreachFinding
from tickets.models.canned import CannedAnswer
from tickets.models.certificates import Certificate, certificate_path
from tickets.models.conversation import Attachment, Draft, Message, attachment_path
from tickets.models.desk import Column, Density, QueueDisplay, Reading, SavedView
from tickets.models.effects import Effect, Mail
from tickets.models.ledger import LedgerEntry, LedgerHead
from tickets.models.list_exports import (
    Every,
    ExportFormat,
    ExportRecipient,
    ExportSchedule,
    ExportSource,
    ListExport,
    ListExportState,
)
from tickets.models.monthly import MonthlyReport, MonthlyReportQuerySet, ReportState
from tickets.models.outcomes import DayFigures, DayTimes, Judged, Outcome, StaleDay
from tickets.models.privacy import (
    UNDER_WAY,
    ClientExport,
    DiscardedFile,
    Erasure,
    ExportState,
    Purge,
    PurgedTicket,
    export_path,
)
from tickets.models.quotes import PriceItem, PriceList, PriceListQuerySet, Quote, QuoteQuerySet, reference_of
from tickets.models.search import Audience, SearchDocument
from tickets.models.ticket import CLOCK_STATE_CHOICES, CLOCK_STATES, Ticket, TicketQuerySet
from tickets.models.watching import Watch

__all__ = [
    "CLOCK_STATES",
    "CLOCK_STATE_CHOICES",
    "UNDER_WAY",
    "AnomalyDelivery",
    "AnomalyLink",
    "ApiToken",
    "Attachment",
    "Audience",
    "BreachFinding",
    "CannedAnswer",
    "Certificate",
    "ClientExport",
    "Column",
    "DayFigures",
    "DayTimes",
    "Density",
    "DiscardedFile",
    "Draft",
    "Effect",
    "Erasure",
    "Every",
    "ExportFormat",
    "ExportRecipient",
    "ExportSchedule",
    "ExportSource",
    "ExportState",
    "Judged",
    "KeptAnswer",
    "LedgerEntry",
    "LedgerHead",
    "ListExport",
    "ListExportState",
    "Mail",
    "Message",
    "MonthlyReport",
    "MonthlyReportQuerySet",
    "Outcome",
    "PriceItem",
    "PriceList",
    "PriceListQuerySet",
    "ProductAnomaly",
    "Purge",
    "PurgedTicket",
    "QueueDisplay",
    "Quote",
    "QuoteQuerySet",
    "Reading",
    "ReportState",
    "SavedView",
    "Scope",
    "SearchDocument",
    "StaleDay",
    "Ticket",
    "TicketQuerySet",
    "TicketRelation",
    "Watch",
    "attachment_path",
    "certificate_path",
    "export_path",
    "reference_of",
]
