"""Addresses of the vendor's side."""

from django.urls import path

from accounts.gate import acting_one_by_one
from tickets.desk.queue_views import QueueView
from tickets.desk.registering import register_view
from tickets.desk.together_views import TogetherView

urlpatterns = [
    path("queue/", QueueView.as_view(), name="queue"),
    path("queue/together/", acting_one_by_one(TogetherView.as_view()), name="together"),
    path("register/", register_view, name="register"),
]
