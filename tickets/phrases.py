"""Instants, durations and clocks said in words, in the reader's language and time zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from sla.clock import ClockState
from tickets.clocks import rules_of
from tickets.models import CLOCK_STATES, Ticket

MINUTE = 60_000_000  # microseconds
HOUR = 60 * MINUTE
SOON = 2 * HOUR  # of business time: when a running deadline draws the eye

_said_at: ContextVar[datetime | None] = ContextVar("said_at", default=None)


@contextmanager
def saying_at(at: datetime) -> Iterator[None]:
    """Let what is said inside be said at `at`, which decides of “this year”: when a mail leaves; a page is said now."""
    token = _said_at.set(at)
    try:
        yield
    finally:
        _said_at.reset(token)


def say_time(at: datetime) -> str:
    """Say a time of day in the active zone: « 9 h 40 », “9:40”."""
    local = timezone.localtime(at)
    if local.second:
        return pgettext("time of day", "%(hour)d:%(minute)02d:%(second)02d") % {
            "hour": local.hour, "minute": local.minute, "second": local.second,
        }  # fmt: skip
    if local.minute == 0:
        return pgettext("time on the hour", "%(hour)d:00") % {"hour": local.hour}
    return pgettext("time of day", "%(hour)d:%(minute)02d") % {"hour": local.hour, "minute": local.minute}


def say_day(day: date) -> str:
    """Say a date in words, with its year unless it is this year's: « mardi 24 novembre », « 1er mai »."""
    return _day_said(day, get_language(), this_year=day.year == this_year())


def this_year() -> int:
    """Return the year whose dates are said without it, in the active zone."""
    return timezone.localdate(_said_at.get()).year


@lru_cache(maxsize=4096)
def _day_said(day: date, _language: str | None, *, this_year: bool) -> str:
    """Say a date; a list says the same few dozens all day long, and formatting one takes longer than its query."""
    if day.day == 1:
        first, first_of_year = (
            pgettext("date, first of the month", "l j F"),
            pgettext("date, first of the month", "l j F Y"),
        )
        return date_format(day, first if this_year else first_of_year)
    return date_format(day, pgettext("date", "l j F") if this_year else pgettext("date", "l j F Y"))


def say_date(day: date) -> str:
    """Say a date as documents do, its year always and no weekday: « 24 novembre 2026 », « 1er janvier 2026 »."""
    if day.day == 1:
        return pgettext("the first day of a month", "1 %(month)s") % {"month": date_format(day, "F Y")}
    return date_format(day, pgettext("a date in a document", "j F Y"))


def say_instant(at: datetime) -> str:
    """Say an instant in the active zone: « mardi 24 novembre, 9 h 40 » (to the minute; seconds if any)."""
    # In universal time: two instants of the hour that comes twice are told apart there alone.
    whole = at.replace(microsecond=0).astimezone(UTC)
    return _instant_said(whole, timezone.get_current_timezone(), get_language(), this_year())


@lru_cache(maxsize=8192)
def _instant_said(whole: datetime, _zone: tzinfo, _language: str | None, _this_year: int) -> str:
    return _("%(day)s, %(time)s") % {
        "day": say_day(timezone.localtime(whole).date()),
        "time": say_time(whole),
    }


def say_dated_instant(at: datetime) -> str:
    """Say an instant in the active zone as documents do, its year always: « 24 novembre 2026, 9 h 40 »."""
    whole = at.replace(microsecond=0)
    return _("%(day)s, %(time)s") % {
        "day": say_date(timezone.localtime(whole).date()),
        "time": say_time(whole),
    }


def say_short(at: datetime) -> str:
    """Say a past instant for a list, to the minute: « 24/11/2026 9 h 40 »."""
    whole = at.replace(second=0, microsecond=0).astimezone(UTC)
    return _short_said(whole, timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=8192)
def _short_said(whole: datetime, _zone: tzinfo, _language: str | None) -> str:
    local = timezone.localtime(whole)
    return f"{date_format(local.date(), pgettext('short date', 'd/m/Y'))} {say_time(local)}"


def say_business_time(microseconds: int) -> str:
    """Say a length of business time, rounded down to the minute: « 3 h 20 ouvrées »."""
    return _minutes_said(abs(microseconds) // MINUTE, get_language())


@lru_cache(maxsize=8192)
def _minutes_said(all_minutes: int, _language: str | None) -> str:
    hours, minutes = divmod(all_minutes, HOUR // MINUTE)
    if not hours and not minutes:
        return _("less than a minute of business time")
    if not hours:
        return ngettext(
            "%(minutes)d minute of business time", "%(minutes)d minutes of business time", minutes
        ) % {"minutes": minutes}
    if not minutes:
        return ngettext("%(hours)d hour of business time", "%(hours)d hours of business time", hours) % {
            "hours": hours
        }
    return _("%(hours)d h %(minutes)02d of business time") % {"hours": hours, "minutes": minutes}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock, ready to be shown: a state, the words that say it, an icon, a tone (never colour alone)."""

    key: str  # "acknowledge" or "resolve"
    name: str
    state: ClockState
    state_label: str
    tone: str  # danger, warning, success, info, neutral
    icon: str
    due: datetime | None
    done: datetime | None
    left: int | None  # microseconds of business time, negative once late

    @property
    def text(self) -> str:
        """Say what there is to know of the clock beside its state; nothing without a commitment."""
        return _clock_text(self.state, self.due, self.done, self.left)


ICONS = {
    ClockState.MISSED: ("danger", "alert-triangle"),
    ClockState.NONE: ("neutral", "minus"),
    ClockState.MET: ("success", "circle-check"),
    ClockState.STOPPED: ("neutral", "player-stop"),
    ClockState.PAUSED: ("info", "player-pause"),
    ClockState.RUNNING: ("neutral", "clock"),
}


def clock_lines(ticket: Ticket, at: datetime) -> list[ClockLine]:
    """Say both clocks at `at` from the ticket's index alone: no query beyond it."""
    return [acknowledge_line(ticket, at), resolve_line(ticket, at)]


def acknowledge_line(ticket: Ticket, at: datetime) -> ClockLine:
    """Say the acknowledgement clock at `at` from the ticket's index alone."""
    return clock_line(
        ticket, at, "acknowledge", _("Acknowledgement"), ticket.acknowledge_state,
        ticket.acknowledge_due_at, ticket.acknowledged_at, None,
    )  # fmt: skip


def resolve_line(ticket: Ticket, at: datetime) -> ClockLine:
    """Say the resolution clock at `at` from the ticket's index alone."""
    return clock_line(
        ticket, at, "resolve", _("Resolution"), ticket.resolve_state,
        ticket.resolve_due_at, ticket.resolved_at, ticket.resolve_left,
    )  # fmt: skip


def state_at(state: str, due: datetime | None, at: datetime) -> ClockState:
    """Say how a clock stands at `at`, given how it stood at the last fact: exactly at its deadline it runs (K-14)."""
    if state == ClockState.RUNNING and due is not None and at > due:
        return ClockState.MISSED
    return ClockState(state)


def clock_line(
    ticket: Ticket,
    at: datetime,
    key: str,
    name: str,
    state: str,
    due: datetime | None,
    done: datetime | None,
    left: int | None,
) -> ClockLine:
    """Say one clock at `at`, given how it stood at the ticket's last fact; a running one may be late since."""
    now = state_at(state, due, at)
    if due is not None and (state == ClockState.RUNNING or (now == ClockState.MISSED and done is None)):
        left = rules_of(ticket).calendar.between(at, due)
    tone, icon = ICONS[now]
    if now == ClockState.RUNNING and left is not None and left <= SOON:
        tone, icon = "warning", "clock-exclamation"
    return ClockLine(key, name, now, str(CLOCK_STATES[now]), tone, icon, due, done, left)


def _clock_text(state: ClockState, due: datetime | None, done: datetime | None, left: int | None) -> str:
    if state == ClockState.NONE:
        return ""  # no commitment: the state says it all
    values = {
        "due": say_instant(due) if due else "",
        "done": say_instant(done) if done else "",
        "left": say_business_time(left) if left is not None else "",
    }
    if state == ClockState.RUNNING:
        return _("due %(due)s, %(left)s left") % values
    if state == ClockState.PAUSED:
        return _("paused, %(left)s left") % values
    if state == ClockState.MET:
        return _("kept on %(done)s (due %(due)s)") % values
    if state == ClockState.MISSED and done:
        return _("done on %(done)s, after the deadline of %(due)s") % values
    if state == ClockState.MISSED:
        return _("deadline of %(due)s passed, %(left)s ago") % values
    return _("neither kept nor missed")
