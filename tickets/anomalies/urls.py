"""Addresses of the product anomalies."""

from django.urls import path

from tickets.anomalies.views import (
    AnomaliesView,
    AnomalyDeliveryView,
    AnomalyView,
    ChangeAnomalyView,
    DeliverAnomalyView,
    NewAnomalyView,
)

urlpatterns = [
    path("anomalies/", AnomaliesView.as_view(), name="anomalies"),
    path("anomalies/new/", NewAnomalyView.as_view(), name="anomaly_new"),
    path("anomalies/<int:pk>/", AnomalyView.as_view(), name="anomaly"),
    path("anomalies/<int:pk>/change/", ChangeAnomalyView.as_view(), name="anomaly_change"),
    path("anomalies/<int:pk>/deliver/", DeliverAnomalyView.as_view(), name="anomaly_deliver"),
    path(
        "anomalies/<int:pk>/deliveries/<int:delivery>/",
        AnomalyDeliveryView.as_view(),
        name="anomaly_delivery",
    ),
]
