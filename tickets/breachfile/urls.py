"""Addresses of the breach file."""

from django.urls import path

from tickets.breachfile.views import BreachesView, BreachView

urlpatterns = [
    path("figures/breaches/", BreachesView.as_view(), name="breaches"),
    path("figures/breaches/<int:pk>/<slug:promise>/", BreachView.as_view(), name="breach"),
]
