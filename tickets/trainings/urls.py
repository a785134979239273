"""Addresses of the register of trained people."""

from django.urls import path

from tickets.trainings.attendance_views import AttendanceView
from tickets.trainings.views import (
    CertificateView,
    CorrectView,
    EndView,
    RecordView,
    RegisterTableView,
    RegisterView,
    TrainingView,
)

urlpatterns = [
    path("trainings/", RegisterView.as_view(), name="trainings"),
    path("trainings/register.csv", RegisterTableView.as_view(), name="trainings_table"),
    path("trainings/new/", RecordView.as_view(), name="training_record"),
    path("trainings/attendance/", AttendanceView.as_view(), name="training_attendance"),
    path("trainings/<int:pk>/", TrainingView.as_view(), name="training"),
    path("trainings/<int:pk>/correction/", CorrectView.as_view(), name="training_correct"),
    path("trainings/<int:pk>/end/", EndView.as_view(), name="training_end"),
    path("trainings/<int:pk>/certificates/", CertificateView.as_view(), name="training_certificate"),
]
