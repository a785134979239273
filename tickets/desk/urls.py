"""Addresses of the vendor's side."""

from django.urls import path

from accounts.gate import acting_one_by_one
from tickets.desk.alike_views import AlikeView
from tickets.desk.queue_views import DeleteView, DisplayView, QueueView, SaveView, TakeView, WorkloadView
from tickets.desk.registering import register_view
from tickets.desk.together_views import TogetherView

urlpatterns = [
    path("queue/", QueueView.as_view(), name="queue"),
    path("queue/together/", acting_one_by_one(TogetherView.as_view()), name="together"),
    path("queue/workload/", WorkloadView.as_view(), name="workload"),
    path("queue/display/", DisplayView.as_view(), name="queue_display"),
    path("queue/take/", TakeView.as_view(), name="take"),
    path("queue/views/", SaveView.as_view(), name="save_view"),
    path("queue/views/<int:pk>/delete/", DeleteView.as_view(), name="delete_view"),
    path("tickets/<int:pk>/alike/", AlikeView.as_view(), name="ticket_alike"),
    path("register/", register_view, name="register"),
]
