"""Addresses of the client's side."""

from django.urls import path

from tickets.portal.downloads import attachment_view, certificate_view
from tickets.portal.filing import file_view
from tickets.portal.hints import draft_view, preview_view, promise_view, similar_view
from tickets.portal.listing_views import ListingView

urlpatterns = [
    path("portal/", ListingView.as_view(), name="portal"),
    path("file/", file_view, name="file"),
    path("file/promise/", promise_view, name="promise"),
    path("file/similar/", similar_view, name="similar"),
    path("preview/", preview_view, name="preview"),
    path("drafts/<slug:form>/", draft_view, name="draft"),
    path("attachments/<int:pk>/", attachment_view, name="attachment"),
    path("certificates/<int:pk>/", certificate_view, name="certificate"),
]
