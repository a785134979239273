"""Who carries what, and what falls due next: the desk's load, in one grouped query and one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from sla.policy import Severity
from sla.versions import compiled_calendar
from tickets.desk.closures import next_closure
from tickets.desk.order import Positions, positions_at, versions_due
from tickets.models import Ticket
from tickets.phrases import HOUR, say_instant, say_time
from tickets.place import Rank
from tickets.words import SEVERITIES

NEAR = 4 * HOUR  # of business time: what the sentence speaks of
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Load:
    """What one agent owns (or nobody): open tickets, those late, due today, due before the next closure."""

    name: str
    owner: str  # as the filter of the queue says it
    open: int
    late: int
    today: int
    before_closure: int


@dataclass(frozen=True, slots=True)
class Workload:
    """The load of each, the heaviest first, and the next closure that it is counted to."""

    loads: Sequence[Load]
    closure: datetime | None


@dataclass(frozen=True, slots=True)
class Near:
    """How many tickets of a severity fall due soon, the first of them and the last."""

    severity: Severity
    count: int
    first: datetime
    last: datetime


def workload(person: User, at: datetime) -> Workload:
    """Count the open tickets by owner; the deadlines are those of each ticket's own calendar."""
    closures = {
        version: closing
        for version in versions_due()
        if (closing := next_closure(compiled_calendar(version), at)) is not None
    }
    before = [Q(calendar_version=version, next_due_at__lte=closing) for version, closing in closures.items()]
    tomorrow = at.astimezone(settings.SUPPORT_ZONE).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), settings.SUPPORT_ZONE)
    ahead = Q(next_due_at__gte=at)
    rows = (
        Ticket.objects.visible_to(person, at=at)
        .open()
        .order_by()
        .values_list("owner")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=Q(next_due_at__lt=at)),
            today=Count("pk", filter=ahead & Q(next_due_at__lt=midnight)),
            before_closure=Count("pk", filter=ahead & reduce(or_, before, Q(pk=None))),
        )
    )
    counted = {owner: counts for owner, *counts in rows}
    people = User.objects.filter(pk__in=[owner for owner in counted if owner])
    names = {worker.pk: (worker.get_full_name(), str(worker.pk)) for worker in people}
    loads = [Load(*names.get(owner, (_("Nobody"), "nobody")), *counts) for owner, counts in counted.items()]
    loads.sort(key=lambda load: (-load.before_closure, -load.late, -load.open, load.name))
    return Workload(loads, min(closures.values(), default=None))


def what_is_near(person: User, at: datetime, versions: Sequence[UUID]) -> list[Near]:
    """Count by severity what falls due within four business hours of `at`, the most severe first."""
    near = _near(positions_at(at, versions))
    if near is None:
        return []
    rows = (
        Ticket.objects.visible_to(person, at=at)
        .filter(near, next_due_at__gte=at)
        .order_by()
        .values_list("severity")
        .annotate(count=Count("pk"), first=Min("next_due_at"), last=Max("next_due_at"))
    )
    found = [Near(Severity(severity), *row) for severity, *row in rows]
    return sorted(found, key=lambda each: list(SEVERITIES).index(each.severity))


def say_what_is_near(near: Sequence[Near], at: datetime) -> str:
    """Say it: « vendredi 16 h : 3 Bloquantes échoient lundi 9 h 30 »; nothing for nothing."""
    said = [_say_due(each, at=at) for each in near]
    if not said:
        return ""
    return _("%(now)s: %(what)s.") % {"now": _say_near(at, at), "what": ", ".join(said)}


def _near(positions: Positions) -> Q | None:
    conditions = [
        Q(queue_rank=Rank.DUE, calendar_version=version, queue_place__gte=now, queue_place__lte=now + NEAR)
        for version, now in positions.items()
    ]
    return reduce(or_, conditions) if conditions else None


def count_severity(severity: Severity, count: int) -> str:
    """Say a number of tickets of one severity: « 3 Bloquantes »."""
    said = {
        Severity.BLOQUANTE: ngettext("%(count)d Blocking", "%(count)d Blocking", count),
        Severity.MAJEURE: ngettext("%(count)d Major", "%(count)d Major", count),
        Severity.MINEURE: ngettext("%(count)d Minor", "%(count)d Minor", count),
    }
    return said[severity] % {"count": count}


def _say_due(near: Near, *, at: datetime) -> str:
    values = {"what": count_severity(near.severity, near.count), "due": _say_near(near.last, at)}
    if near.first == near.last:
        return ngettext("%(what)s is due on %(due)s", "%(what)s are due on %(due)s", near.count) % values
    return _("%(what)s are due by %(due)s") % values


def _say_near(instant: datetime, at: datetime) -> str:
    """Say an instant of these days by its weekday: « lundi 9 h 30 »."""
    whole = instant.replace(second=0, microsecond=0)
    if abs(instant - at) > WEEK:
        return say_instant(whole)
    return f"{date_format(timezone.localtime(whole), 'l')} {say_time(whole)}"
