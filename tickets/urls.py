"""Addresses of the work, by subject."""

from django.urls import include, path

from tickets.views import HomeView, live, ready

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("livez", live, name="live"),
    path("readyz", ready, name="ready"),
    path("", include("tickets.api.urls")),
    path("", include("tickets.portal.urls")),
    path("", include("tickets.desk.urls")),
    path("", include("tickets.statements.urls")),
    path("", include("tickets.record.urls")),
    path("", include("tickets.recomputing.urls")),
    path("", include("tickets.reports.urls")),
    path("", include("tickets.anomalies.urls")),
    path("", include("tickets.prices.urls")),
    path("", include("tickets.canned.urls")),
    path("", include("tickets.quotes.urls")),
    path("", include("tickets.breachfile.urls")),
    path("", include("tickets.monthly.urls")),
    path("", include("tickets.list_exports.urls")),
    path("", include("tickets.simulator.urls")),
    path("", include("tickets.trainings.urls")),
    path("", include("tickets.privacy.urls")),
    path("", include("tickets.exports.urls")),
]
