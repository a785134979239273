"""Addresses of lists as files."""

from django.urls import path, re_path

from tickets.list_exports.views import (
    ExportFileView,
    ListExportsView,
    ListFileView,
    ScheduleRemovalView,
    ScheduleView,
)

urlpatterns = [
    path("list-exports/", ListExportsView.as_view(), name="list_exports"),
    path("list-exports/schedule/", ScheduleView.as_view(), name="list_schedule"),
    path(
        "list-exports/schedule/<int:pk>/remove/", ScheduleRemovalView.as_view(), name="list_schedule_remove"
    ),
    path("list-exports/<int:pk>/file/", ExportFileView.as_view(), name="list_export_file"),
    re_path(
        r"^list-exports/(?P<source>[a-z]+)\.(?P<suffix>csv|xlsx|json)$",
        ListFileView.as_view(),
        name="list_file",
    ),
]
