"""Addresses of a ticket's page and actions."""

from django.urls import path

from tickets.record.views import ActionView, ClocksView, DraftView, ReplyView, TicketView, WatchView

urlpatterns = [
    path("tickets/<int:pk>/", TicketView.as_view(), name="ticket"),
    path("tickets/<int:pk>/clocks/", ClocksView.as_view(), name="ticket_clocks"),
    path("tickets/<int:pk>/reply/", ReplyView.as_view(), name="ticket_reply"),
    path("tickets/<int:pk>/draft/", DraftView.as_view(), name="ticket_draft"),
    path("tickets/<int:pk>/watch/", WatchView.as_view(), name="ticket_watch"),
    path("tickets/<int:pk>/<slug:action>/", ActionView.as_view(), name="ticket_action"),
]
