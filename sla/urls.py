"""Addresses about commitments: calendars, policies, the client's own organisation."""

from django.urls import include, path

from sla.organisation import end_deputy_view, name_deputy_view, open_to_readers, organisation

urlpatterns = [
    path("", include("sla.pages.urls")),
    path("organisation/", organisation, name="organisation"),
    path("organisation/readers/", open_to_readers, name="open_to_readers"),
    path("organisation/deputies/", name_deputy_view, name="name_deputy"),
    path("organisation/deputies/<int:pk>/end/", end_deputy_view, name="end_deputy"),
]
