"""Addresses of the product anomalies."""

from django.urls import path

from accounts.gate import acting_one_by_one
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
    path(
        "anomalies/<int:pk>/deliver/", acting_one_by_one(DeliverAnomalyView.as_view()), name="anomaly_deliver"
    ),
    path(
        "anomalies/<int:pk>/deliveries/<int:delivery>/",
        acting_one_by_one(AnomalyDeliveryView.as_view()),
        name="anomaly_delivery",
    ),
]
