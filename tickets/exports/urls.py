"""Addresses of the exports and of the certificates of purges."""

from django.urls import path

from tickets.exports.views import DownloadView, ExportsView, ExportView, PurgeView

urlpatterns = [
    path("exports/", ExportsView.as_view(), name="exports"),
    path("exports/<int:pk>/", ExportView.as_view(), name="export"),
    path("exports/<int:pk>/download/", DownloadView.as_view(), name="export_download"),
    path("purges/<int:pk>/", PurgeView.as_view(), name="purge"),
]
