"""Addresses of the delay statement."""

from django.urls import path

from tickets.statements.views import StatementJsonView, StatementPdfView, StatementView

urlpatterns = [
    path("tickets/<int:pk>/statement/", StatementView.as_view(), name="statement"),
    path("tickets/<int:pk>/statement.pdf", StatementPdfView.as_view(), name="statement_pdf"),
    path("tickets/<int:pk>/statement.json", StatementJsonView.as_view(), name="statement_json"),
]
