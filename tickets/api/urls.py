"""Addresses of the API, and of the tokens that open it."""

from django.urls import path, re_path

from tickets.api.action_views import ACTION_VIEWS, ActionsView
from tickets.api.anomaly_views import (
    AnomaliesView,
    AnomalyDeliveriesView,
    AnomalyDeliveryView,
    AnomalyTicketsView,
    AnomalyView,
    ChangeAnomalyView,
)
from tickets.api.base import NothingView
from tickets.api.description_views import DescriptionView, DocumentationView
from tickets.api.desk_views import (
    CannedAnswersView,
    QueueView,
    SavedViewsView,
    SimilarView,
    UnwatchView,
    WatchView,
    WorkloadView,
)
from tickets.api.figures_views import FiguresView, FigureTicketsView
from tickets.api.file_views import (
    AttachmentContentView,
    AttachmentView,
    StatementPdfView,
    StatementView,
    TicketAttachmentsView,
)
from tickets.api.filing_views import FilingView, RegistrationView
from tickets.api.person_views import MeView
from tickets.api.price_views import PriceListsView, PriceListView
from tickets.api.quote_views import QuotesView, QuoteView
from tickets.api.report_views import REPORT_VIEWS, MonthlyReportsView
from tickets.api.terms_views import (
    CalendarsView,
    CalendarVersionsView,
    ContractsView,
    ContractView,
    FilersView,
    PoliciesView,
    PolicyVersionsView,
    SimulationView,
)
from tickets.api.ticket_views import TicketClocksView, TicketConversationView, TicketLedgerView, TicketView
from tickets.api.token_views import RevokeTokenView, TokensView

V1 = "api/v1/"
TICKET = f"{V1}tickets/<int:number>"
ANOMALY = f"{V1}anomalies/<int:number>"

urlpatterns = [
    path("account/tokens/", TokensView.as_view(), name="api_tokens"),
    path("account/tokens/<uuid:key>/revoke/", RevokeTokenView.as_view(), name="api_token_revoke"),
    path(f"{V1}docs", DocumentationView.as_view(), name="api_documentation"),
    path(f"{V1}schema", DescriptionView.as_view(), name="api_schema"),
    path(f"{V1}me", MeView.as_view(), name="api_me"),
    path(f"{V1}tickets", FilingView.as_view(), name="api_tickets"),
    path(f"{V1}registrations", RegistrationView.as_view(), name="api_registrations"),
    path(TICKET, TicketView.as_view(), name="api_ticket"),
    path(f"{TICKET}/clocks", TicketClocksView.as_view(), name="api_ticket_clocks"),
    path(f"{TICKET}/conversation", TicketConversationView.as_view(), name="api_ticket_conversation"),
    path(f"{TICKET}/ledger", TicketLedgerView.as_view(), name="api_ticket_ledger"),
    path(f"{TICKET}/attachments", TicketAttachmentsView.as_view(), name="api_ticket_attachments"),
    path(f"{TICKET}/statement", StatementView.as_view(), name="api_ticket_statement"),
    path(f"{TICKET}/statement.pdf", StatementPdfView.as_view(), name="api_ticket_statement_pdf"),
    path(f"{TICKET}/similar", SimilarView.as_view(), name="api_ticket_similar"),
    path(f"{TICKET}/watch", WatchView.as_view(), name="api_ticket_watch"),
    path(f"{TICKET}/unwatch", UnwatchView.as_view(), name="api_ticket_unwatch"),
    path(f"{TICKET}/actions", ActionsView.as_view(), name="api_ticket_actions"),
    *(
        path(f"{TICKET}/actions/{action}", view.as_view(), name=f"api_action_{action}")
        for action, view in ACTION_VIEWS.items()
    ),
    path(f"{V1}attachments/<int:number>", AttachmentView.as_view(), name="api_attachment"),
    path(
        f"{V1}attachments/<int:number>/content",
        AttachmentContentView.as_view(),
        name="api_attachment_content",
    ),
    path(f"{V1}contracts", ContractsView.as_view(), name="api_contracts"),
    path(f"{V1}contracts/<int:number>", ContractView.as_view(), name="api_contract"),
    path(f"{V1}calendars", CalendarsView.as_view(), name="api_calendars"),
    path(
        f"{V1}calendars/<int:number>/versions", CalendarVersionsView.as_view(), name="api_calendar_versions"
    ),
    path(f"{V1}policies", PoliciesView.as_view(), name="api_policies"),
    path(f"{V1}policies/<int:number>/versions", PolicyVersionsView.as_view(), name="api_policy_versions"),
    path(f"{V1}price-lists", PriceListsView.as_view(), name="api_price_lists"),
    path(f"{V1}price-lists/<int:number>", PriceListView.as_view(), name="api_price_list"),
    path(f"{V1}quotes", QuotesView.as_view(), name="api_quotes"),
    path(f"{V1}quotes/<int:number>", QuoteView.as_view(), name="api_quote"),
    path(f"{V1}queue", QueueView.as_view(), name="api_queue"),
    path(f"{V1}workload", WorkloadView.as_view(), name="api_workload"),
    path(f"{V1}saved-views", SavedViewsView.as_view(), name="api_saved_views"),
    path(f"{V1}canned-answers", CannedAnswersView.as_view(), name="api_canned_answers"),
    path(f"{V1}anomalies", AnomaliesView.as_view(), name="api_anomalies"),
    path(f"{ANOMALY}", AnomalyView.as_view(), name="api_anomaly"),
    path(f"{ANOMALY}/tickets", AnomalyTicketsView.as_view(), name="api_anomaly_tickets"),
    path(f"{ANOMALY}/change", ChangeAnomalyView.as_view(), name="api_anomaly_change"),
    path(f"{ANOMALY}/deliveries", AnomalyDeliveriesView.as_view(), name="api_anomaly_deliveries"),
    path(f"{V1}anomaly-deliveries/<int:number>", AnomalyDeliveryView.as_view(), name="api_anomaly_delivery"),
    path(f"{V1}monthly-reports", MonthlyReportsView.as_view(), name="api_monthly_reports"),
    *(
        path(
            f"{V1}monthly-reports/<int:number>/report.{suffix}",
            view.as_view(),
            name=f"api_monthly_report_{suffix}",
        )
        for suffix, view in REPORT_VIEWS.items()
    ),
    path(f"{V1}filers", FilersView.as_view(), name="api_filers"),
    path(f"{V1}simulation", SimulationView.as_view(), name="api_simulation"),
    path(f"{V1}figures", FiguresView.as_view(), name="api_figures"),
    path(f"{V1}figures/tickets", FigureTicketsView.as_view(), name="api_figures_tickets"),
    re_path(r"^api/v1(?:/.*)?$", NothingView.as_view(), name="api_nothing"),
]
