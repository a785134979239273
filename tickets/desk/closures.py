"""When support next stays closed for a whole day: what is due before must be done by then."""

from datetime import datetime, time, timedelta

from sla.calendar import BusinessCalendar, CalendarError

FURTHEST = 60  # days looked ahead: a calendar that is open every day has no closure to speak of


def next_closure(calendar: BusinessCalendar, at: datetime) -> datetime | None:
    """Return the last closing before a day without any opening, from `at` on, UTC; None when none is near.

    On a Friday that is the same evening's; on a Sunday, the next Friday's.
    """
    day = at.astimezone(calendar.zone).date()
    closing: datetime | None = None
    try:
        for _step in range(FURTHEST):
            if calendar.day(day).windows:
                eve = datetime.combine(day - timedelta(days=1), time(12), calendar.zone)
                closing = calendar.end_of_business_day(eve, 1)
            elif closing is not None and closing > at:
                return closing
            day += timedelta(days=1)
    except CalendarError:
        return None
    return None
