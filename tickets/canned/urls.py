"""Addresses of the canned answers."""

from django.urls import path

from tickets.canned.views import CannedListView, ChangeCannedView, FilledCannedView, NewCannedView

urlpatterns = [
    path("canned/", CannedListView.as_view(), name="canned_answers"),
    path("canned/new/", NewCannedView.as_view(), name="canned_new"),
    path("canned/<int:pk>/", ChangeCannedView.as_view(), name="canned_change"),
    path("tickets/<int:pk>/canned/<int:answer>/", FilledCannedView.as_view(), name="canned_filled"),
]
