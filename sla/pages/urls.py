"""Addresses of calendars and policies."""

from django.urls import path

from sla.pages.calendar_draft_views import (
    CalendarDraftView,
    DiscardCalendarDraftView,
    NextCalendarDraftView,
    PublishCalendarView,
)
from sla.pages.calendar_views import (
    CalendarChangesView,
    CalendarFeedView,
    CalendarsView,
    CalendarView,
    SecretFeedView,
)
from sla.pages.policy_views import (
    DiscardPolicyDraftView,
    NextPolicyDraftView,
    PoliciesView,
    PolicyChangesView,
    PolicyDraftView,
    PolicyView,
    PublishPolicyView,
)

urlpatterns = [
    path("calendars/", CalendarsView.as_view(), name="calendars"),
    path("calendars/<int:pk>/", CalendarView.as_view(), name="calendar"),
    path("calendars/<int:pk>/changes/", CalendarChangesView.as_view(), name="calendar_changes"),
    path("calendars/<int:pk>/support.ics", CalendarFeedView.as_view(), name="calendar_feed"),
    path("calendars/feeds/<slug:token>/support.ics", SecretFeedView.as_view(), name="calendar_feed_secret"),
    path("calendars/versions/<uuid:key>/next/", NextCalendarDraftView.as_view(), name="calendar_next"),
    path("calendars/drafts/<uuid:key>/", CalendarDraftView.as_view(), name="calendar_draft"),
    path("calendars/drafts/<uuid:key>/publish/", PublishCalendarView.as_view(), name="calendar_publish"),
    path("calendars/drafts/<uuid:key>/discard/", DiscardCalendarDraftView.as_view(), name="calendar_discard"),
    path("policies/", PoliciesView.as_view(), name="policies"),
    path("policies/<int:pk>/", PolicyView.as_view(), name="policy"),
    path("policies/<int:pk>/changes/", PolicyChangesView.as_view(), name="policy_changes"),
    path("policies/versions/<uuid:key>/next/", NextPolicyDraftView.as_view(), name="policy_next"),
    path("policies/drafts/<uuid:key>/", PolicyDraftView.as_view(), name="policy_draft"),
    path("policies/drafts/<uuid:key>/publish/", PublishPolicyView.as_view(), name="policy_publish"),
    path("policies/drafts/<uuid:key>/discard/", DiscardPolicyDraftView.as_view(), name="policy_discard"),
]
