"""What changes from one version to another, in words: hours, holidays, closures; or delays and conventions."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.models import CalendarVersion, Closure, PolicyVersion
from sla.pages.words import WEEKDAYS, say_days, say_place, say_replacement, say_target, say_windows
from sla.policy import SEVERITIES, Severity
from sla.policy import Policy as PolicyTerms

SEVERITY_NAMES = {
    Severity.BLOQUANTE: gettext_lazy("Blocking"),
    Severity.MAJEURE: gettext_lazy("Major"),
    Severity.MINEURE: gettext_lazy("Minor"),
}


def calendar_changes(former: CalendarVersion, latter: CalendarVersion) -> list[str]:
    """Say what `latter` changes, a sentence each; nothing when both say the same."""
    return [
        *_place_changes(former, latter),
        *_week_changes(former, latter),
        *_closure_changes(former.closures.all(), latter.closures.all()),
    ]


def policy_changes(former: PolicyVersion, latter: PolicyVersion) -> list[str]:
    """Say what `latter` changes, a sentence each; nothing when both say the same."""
    before, after = (PolicyTerms.from_document(version.as_document()) for version in (former, latter))
    said = []
    for severity in reversed(SEVERITIES):
        for name, old, new in (
            (_("acknowledgement"), before.acknowledge(severity), after.acknowledge(severity)),
            (_("resolution"), before.resolve(severity), after.resolve(severity)),
        ):
            if old != new:
                values = {"old": say_target(old), "new": say_target(new), "delay": name}
                said.append(
                    _("%(severity)s, %(delay)s: %(new)s instead of %(old)s.")
                    % {**values, "severity": SEVERITY_NAMES[severity]}
                )
    return said + [
        _("%(name)s: %(new)s instead of %(old)s.") % {"name": name, "new": _listed(new), "old": _listed(old)}
        for name, old, new in (
            (_("Business days before tacit closing"), before.closing_days, after.closing_days),
            (_("Reminders on the business days"), before.reminder_days, after.reminder_days),
            (_("Escalation at (%)"), before.escalation_percents, after.escalation_percents),
        )
        if old != new
    ]


def _listed(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or _("none")
    return str(value)


def _place_changes(former: CalendarVersion, latter: CalendarVersion) -> Iterator[str]:
    if former.timezone != latter.timezone:
        yield _("Time zone: %(new)s instead of %(old)s.") % {"new": latter.timezone, "old": former.timezone}
    places = [say_place(version.holiday_country, version.holiday_subdivision) for version in (former, latter)]
    if places[0] != places[1]:
        yield _("Public holidays of %(new)s instead of %(old)s.") % {"new": places[1], "old": places[0]}
    before, after = set(former.holidays_worked), set(latter.holidays_worked)
    for name in sorted(after - before):
        yield _("Public holiday not observed any more: %(name)s.") % {"name": name}
    for name in sorted(before - after):
        yield _("Public holiday observed again: %(name)s.") % {"name": name}


def _week_changes(former: CalendarVersion, latter: CalendarVersion) -> Iterator[str]:
    for weekday, name in enumerate(WEEKDAYS, start=1):
        old, new = (_windows(version.weekly, weekday) for version in (former, latter))
        if old != new:
            yield _("%(day)s: %(new)s instead of %(old)s.") % {
                "day": capfirst(str(name)),
                "new": new,
                "old": old,
            }


def _windows(weekly: Mapping[str, Any], weekday: int) -> str:
    return say_windows(weekly.get(str(weekday), ()))


def _closure_changes(former: Iterable[Closure], latter: Iterable[Closure]) -> Iterator[str]:
    before, after = ({_key(each): each for each in closures} for closures in (former, latter))
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        days = say_days(*key)
        if old is None and new is not None:
            yield _("Added: %(days)s, %(what)s (%(motive)s).") % _said(new, days)
        elif new is None and old is not None:
            yield _("Removed: %(days)s, %(what)s (%(motive)s).") % _said(old, days)
        elif old is not None and new is not None:
            if old.windows != new.windows:
                yield _("Changed: %(days)s, %(what)s instead of %(former)s (%(motive)s).") % {
                    **_said(new, days),
                    "former": say_replacement(old.windows),
                }
            elif old.motive != new.motive:
                yield _("Motive changed: %(days)s, “%(motive)s” instead of “%(former)s”.") % {
                    **_said(new, days),
                    "former": old.motive,
                }


def _key(closure: Closure) -> tuple[date, date]:
    return closure.first_day, closure.last_day


def _said(closure: Closure, days: str) -> dict[str, str]:
    return {"days": days, "what": say_replacement(closure.windows), "motive": closure.motive}
