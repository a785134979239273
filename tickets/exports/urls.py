"""Addresses of exports."""

from django.urls import path, re_path

from tickets.exports.views import ExportFileView, ExportsView, ListFileView, ScheduleRemovalView, ScheduleView

urlpatterns = [
    path("exports/", ExportsView.as_view(), name="exports"),
    path("exports/schedule/", ScheduleView.as_view(), name="export_schedule"),
    path("exports/schedule/<int:pk>/remove/", ScheduleRemovalView.as_view(), name="export_schedule_remove"),
    path("exports/<int:pk>/file/", ExportFileView.as_view(), name="export_file"),
    re_path(
        r"^exports/(?P<source>[a-z]+)\.(?P<suffix>csv|xlsx|json)$", ListFileView.as_view(), name="list_file"
    ),
]
