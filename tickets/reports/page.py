"""What the dashboard's template is given: its lines with their names, its tables, its periods one click away."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Client, Role, Solution, User
from sla.policy import SEVERITIES as BY_RANK
from tickets.reports.counting import AGES, MONTH_RULE
from tickets.reports.dashboard import Dashboard
from tickets.reports.days import Days
from tickets.reports.lines import Line
from tickets.reports.months import Month
from tickets.tallies.measures import Grain, Scope

WEEKDAYS = {
    1: gettext_lazy("Monday"),
    2: gettext_lazy("Tuesday"),
    3: gettext_lazy("Wednesday"),
    4: gettext_lazy("Thursday"),
    5: gettext_lazy("Friday"),
    6: gettext_lazy("Saturday"),
    7: gettext_lazy("Sunday"),
}
LEVELS = 5  # of the heat map's shades


def parties_shown(scope: Scope, person: User) -> list[Grain]:
    """Return the parties that have lines: agents are named to managers of the support alone, and so are clients."""
    if person.role != Role.MANAGER:
        return []
    return [Grain.OWNER] if scope.client is not None else [Grain.OWNER, Grain.CLIENT]


def dashboard_context(board: Dashboard, person: User) -> dict[str, Any]:
    """Give everything that the template shows."""
    shown = parties_shown(board.scope, person)
    return {
        "board": board,
        "severities": [(str(BY_RANK[line.key]), line) for line in board.severities],
        "solutions": named(board.solutions, Solution),
        "clients": named(board.clients, Client) if Grain.CLIENT in shown else [],
        "owners": named(board.owners, User) if Grain.OWNER in shown else [],
        "ages": [say_age(*age) for age in AGES],
        "backlog": [(str(BY_RANK[rank]), counts) for rank, counts in board.backlog],
        "arrivals": heat(board),
        "hours": range(24),
        "shortcuts": shortcuts(board),
        "month_rule": MONTH_RULE,
        "zone": settings.SUPPORT_ZONE.key,
        "is_running": board.at < board.days.ends_at,
    }


def named(lines: Iterable[Line], model: type[Model]) -> list[tuple[str, Line]]:
    """Name lines by the row that each stands for, in the order of the names; nobody's tickets last."""
    known = list(lines)
    names = {
        each.pk: str(each)
        for each in model._default_manager.filter(pk__in=[line.key for line in known])  # noqa: SLF001
    }
    ordered = sorted(known, key=lambda line: (line.key == 0, names.get(line.key, "").casefold(), line.key))
    return [(names.get(line.key) or _("Nobody"), line) for line in ordered]


def say_age(youngest: int, oldest: int | None) -> str:
    """Say an age of the backlog."""
    if oldest is None:
        return _("more than %(days)d days") % {"days": youngest - 1}
    if not youngest:
        return _("%(days)d days at most") % {"days": oldest}
    return _("%(first)d to %(last)d days") % {"first": youngest, "last": oldest}


def heat(board: Dashboard) -> list[tuple[str, list[tuple[Any, int, str]]]]:
    """Return the arrivals by weekday: each hour's count, its shade from 0 to 5, and its name for who hears it."""
    most = max((count.number for counts in board.arrivals.values() for count in counts), default=0)
    hour_said = _("%(weekday)s, from %(from)d:00 to %(to)d:00")
    found = []
    for number, counts in board.arrivals.items():
        weekday = str(WEEKDAYS[number])
        cells = [
            (
                count,
                -(-LEVELS * count.number // most) if most else 0,
                hour_said % {"weekday": weekday, "from": hour, "to": hour + 1},
            )
            for hour, count in enumerate(counts)
        ]
        found.append((weekday, cells))
    return found


def shortcuts(board: Dashboard) -> list[tuple[str, str, bool]]:
    """Return the periods that are one click away: their name, address, and whether it is the one shown."""
    present = Month.of(board.at)
    year = Days(Days.of_month(present).trend[0].first_day, Days.of_month(present).last)
    around = board.days.month or present
    wanted = [
        (_("Previous month"), Days.of_month(around.previous)),
        (_("This month"), Days.of_month(present)),
        (_("Last 12 months"), year),
    ]
    narrowing = {name: value for name, value in board.link.items() if value}
    return [(name, f"?{urlencode({**days.query, **narrowing})}", days == board.days) for name, days in wanted]
