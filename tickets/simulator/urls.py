"""Addresses of the simulator: the page, and the same as JSON."""

from django.urls import path

from tickets.simulator.views import SimulatorJsonView, SimulatorView

urlpatterns = [
    path("simulator/", SimulatorView.as_view(), name="simulator"),
    path("simulator.json", SimulatorJsonView.as_view(), name="simulator_json"),
]
