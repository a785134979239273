"""Addresses of recomputes."""

from django.urls import path

from accounts.gate import acting_one_by_one
from tickets.recomputing.views import ApplyView, RecomputeView, TrialView

urlpatterns = [
    path("recompute/", RecomputeView.as_view(), name="recompute"),
    path("recompute/apply/", acting_one_by_one(ApplyView.as_view()), name="recompute_apply"),
    path("recompute/drafts/<uuid:key>/", TrialView.as_view(), name="recompute_trial"),
]
