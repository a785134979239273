"""Addresses about personal data."""

from django.urls import path

from tickets.privacy.views import PersonDataView, PersonView, PrivacyView, own_data_view

urlpatterns = [
    path("account/data.json", own_data_view, name="own_data"),
    path("privacy/", PrivacyView.as_view(), name="privacy"),
    path("privacy/people/<int:pk>/", PersonView.as_view(), name="privacy_person"),
    path("privacy/people/<int:pk>/data.json", PersonDataView.as_view(), name="privacy_data"),
]
