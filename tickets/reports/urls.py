"""Addresses of the figures."""

from django.urls import path

from tickets.reports.views import BoardTicketsView, BoardView

urlpatterns = [
    path("figures/", BoardView.as_view(), name="board"),
    path("figures/tickets/", BoardTicketsView.as_view(), name="board_tickets"),
]
