"""Instants, dates and lengths as a document says them: to the second, with their year, for years to come."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tickets.phrases import say_time

SECOND = 1_000_000  # microseconds


def say_moment(at: datetime) -> str:
    """Say an instant in the active zone, in full: « mardi 28 avril 2026, 10 h 30 »."""
    local = timezone.localtime(at)
    return _("%(day)s, %(time)s") % {
        "day": date_format(local, pgettext("date", "l j F Y")),
        "time": say_time(at),
    }


def say_in_table(at: datetime) -> str:
    """Say an instant in a table: « mar. 28/04/2026 10 h 30 »."""
    return f"{date_format(timezone.localtime(at), pgettext('date in a table', 'D d/m/Y'))} {say_time(at)}"


def say_date(day: date) -> str:
    """Say a date without its year, for where the year stands beside it: « 1er mai »."""
    month = date_format(day, "F")
    if day.day == 1:
        return pgettext("the first day of a month", "1 %(month)s") % {"month": month}
    return pgettext("a day of a month", "%(day)d %(month)s") % {"day": day.day, "month": month}


def say_days(first: date, last: date) -> str:
    """Say one date, or the first and the last of several."""
    if first == last:
        return say_date(first)
    return _("%(first)s to %(last)s") % {"first": say_date(first), "last": say_date(last)}


def say_length(microseconds: int) -> str:
    """Say a length of time to the second, rounded down: « 3 h 20 », « 0 h 05 min 12 s »."""
    minutes, seconds = divmod(microseconds // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    values = {"hours": hours, "minutes": minutes, "seconds": seconds}
    if seconds:
        return pgettext("length of time", "%(hours)d h %(minutes)02d min %(seconds)02d s") % values
    return pgettext("length of time", "%(hours)d h %(minutes)02d") % values


def say_list(items: Sequence[str]) -> str:
    """Join what is enumerated: « 1er mai, 8 mai et 14 mai »."""
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s and %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}
