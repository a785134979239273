"""Addresses of the quotes."""

from django.urls import path, re_path

from tickets.quotes.views import QuoteFileView, QuoteRegisterView, QuoteView

urlpatterns = [
    path("quotes/", QuoteRegisterView.as_view(), name="quotes"),
    path("quotes/<int:pk>/", QuoteView.as_view(), name="quote"),
    re_path(r"^quotes/(?P<pk>[0-9]+)\.(?P<suffix>pdf|json)$", QuoteFileView.as_view(), name="quote_file"),
]
