"""What the page of a calendar is given: a year of a version, the reader's own address of the feed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from sla.calendar import BusinessCalendar, CalendarError
from sla.models import CalendarFeed, CalendarVersion
from sla.pages.words import WEEKDAYS, say_place, say_windows
from sla.pages.year import Year, legend, year_of

YEARS_AROUND = 10  # how far from the present year the page goes


def year_context(version: CalendarVersion, wanted: str | None, at: datetime) -> dict[str, Any]:
    """Give the page a year of a version; a year that is none is said, and the present one shown."""
    closures = list(version.closures.all())
    present = at.astimezone(settings.SUPPORT_ZONE).year
    year, mistake = _read_year(wanted, present)
    context: dict[str, Any] = {
        "mistake": mistake,
        "legend": legend(),
        "weekdays": WEEKDAYS,
        "week": [
            (name, say_windows(version.weekly.get(str(day), ()))) for day, name in enumerate(WEEKDAYS, 1)
        ],
        "place": say_place(version.holiday_country, version.holiday_subdivision),
    }
    try:
        compiled = BusinessCalendar.from_document(version.as_document(closures))
        shown: Year | None = year_of(compiled, version, closures, year)
    except CalendarError as error:
        return {**context, "year": None, "mistake": str(error)}
    before, after = year - 1, year + 1
    return {
        **context,
        "year": shown,
        "before": before if before >= present - YEARS_AROUND else None,
        "after": after if after <= present + YEARS_AROUND else None,
    }


def _read_year(wanted: str | None, present: int) -> tuple[int, str]:
    """Return the year asked for, else the present one and why."""
    if not wanted:
        return present, ""
    if wanted.isascii() and wanted.isdigit() and len(wanted) == 4:
        year = int(wanted)
        if abs(year - present) <= YEARS_AROUND:
            return year, ""
    values = {"year": wanted[:20], "first": present - YEARS_AROUND, "last": present + YEARS_AROUND}
    return present, _("“%(year)s” is not a year from %(first)d to %(last)d: this year is shown.") % values


def feed_context(feed: CalendarFeed | None) -> dict[str, Any]:
    """Give the page its reader's own address of the feed, if there is one."""
    if feed is None:
        return {"feed_address": ""}
    return {"feed_address": settings.SITE_URL + reverse("calendar_feed_secret", args=[feed.token])}
