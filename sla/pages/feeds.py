"""Answering with a calendar's feed."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse

from sla.feeds import feed_of
from sla.models import Calendar
from sla.versions import NoVersion, calendar_version_at


def feed_for(calendar: Calendar, at: datetime) -> bytes:
    """Return the feed of the version in force at `at`; a 404 for a calendar never published."""
    try:
        version = calendar_version_at(calendar, at)
    except NoVersion as error:
        raise Http404 from error
    year = at.astimezone(settings.SUPPORT_ZONE).year
    return feed_of(version, list(version.closures.all()), year, urlsplit(settings.SITE_URL).hostname or "")


def feed_response(feed: bytes) -> HttpResponse:
    """Return a feed as calendar programs expect it; nobody but its reader keeps a copy."""
    return HttpResponse(
        feed,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="support.ics"',
            "Cache-Control": "private, max-age=3600",
        },
    )
