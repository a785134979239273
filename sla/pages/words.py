"""Days, opening hours, closures and delays promised, said in words, in the reader's language."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from sla.policy import Target
from sla.public_holidays import subdivisions_of

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)

Windows = Iterable[Sequence[str]]


def say_date(day: date) -> str:
    """Say a date with its weekday and year: « jeudi 24 décembre 2026 », « vendredi 1er janvier 2027 »."""
    if day.day == 1:
        return date_format(day, pgettext("date, first of the month", "l j F Y"))
    return date_format(day, pgettext("date", "l j F Y"))


def say_days(first: date, last: date) -> str:
    """Say a day, or a range of days, both included."""
    if first == last:
        return say_date(first)
    return _("from %(first)s to %(last)s") % {"first": say_date(first), "last": say_date(last)}


def say_hour(time: str) -> str:
    """Say a wall-clock time of an opening, written “09:00”: « 9 h », « 17 h 30 »; finer ones stay as written."""
    hour, minute, *rest = time.split(":")
    if rest:
        return time
    if minute == "00":
        return pgettext("hour of an opening", "%(hour)02d:00") % {"hour": int(hour)}
    return pgettext("hour of an opening", "%(hour)02d:%(minute)02d") % {
        "hour": int(hour),
        "minute": int(minute),
    }


def say_hours(windows: Windows) -> str:
    """Say openings one after the other: « 9 h à 12 h, 14 h à 18 h »; nothing for none."""
    return ", ".join(
        pgettext("an opening", "%(start)s–%(end)s") % {"start": say_hour(start), "end": say_hour(end)}
        for start, end in windows
    )


def say_windows(windows: Windows) -> str:
    """Say the openings of a day; none is closed."""
    return say_hours(windows) or _("closed")


def say_replacement(windows: Windows) -> str:
    """Say what a closure makes of a day: closed, or open at these hours only."""
    said = say_hours(windows)
    return _("open %(hours)s only") % {"hours": said} if said else _("closed")


def say_place(country: str, subdivision: str | None) -> str:
    """Say whose public holidays are observed."""
    if country == "FR" and not subdivision:
        return _("France")
    name = subdivisions_of(country).get(subdivision or "", subdivision)
    return f"{name} ({country})" if name else country


def say_target(target: Target | None) -> str:
    """Say what is promised: « 7 jours ouvrés », « 24 heures ouvrées », « aucun engagement »."""
    if target is None:
        return _("no commitment")
    if target.days is not None:
        return ngettext("%(days)d business day", "%(days)d business days", target.days) % {
            "days": target.days
        }
    hours = Decimal(str(target.hours))
    said = number_format(hours.normalize() if hours % 1 else hours.to_integral_value())
    return ngettext("%(hours)s business hour", "%(hours)s business hours", int(hours)) % {"hours": said}
