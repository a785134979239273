"""Addresses of the monthly reports."""

from django.urls import path, re_path

from tickets.monthly.views import ReportActionView, ReportFileView, ReportListView, ReportView

urlpatterns = [
    path("reports/", ReportListView.as_view(), name="report_list"),
    path("reports/<int:pk>/", ReportView.as_view(), name="report"),
    re_path(
        r"^reports/(?P<pk>[0-9]+)\.(?P<suffix>pdf|xlsx|csv|json)$",
        ReportFileView.as_view(),
        name="report_file",
    ),
    path("reports/<int:pk>/<slug:act>/", ReportActionView.as_view(), name="report_act"),
]
