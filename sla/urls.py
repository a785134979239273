"""Addresses about commitments: calendars, policies, the client's own organisation."""

from django.urls import include, path

from sla.organisation import open_to_readers, organisation

urlpatterns = [
    path("", include("sla.pages.urls")),
    path("organisation/", organisation, name="organisation"),
    path("organisation/readers/", open_to_readers, name="open_to_readers"),
]
