"""Tabs of a list: views of the same tickets, all counted in one query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.functional import Promise

from accounts.models import User
from tickets.models import TicketQuerySet


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of a list: its name in the address, its words, what it keeps (always, or for a person at an instant)."""

    name: str
    label: str | Promise
    icon: str
    keeps: Q | Callable[[User, datetime], Q]
    owned: bool = False  # by the person: another one's tab holds other tickets

    def condition(self, user: User, at: datetime) -> Q:
        """Return what the tab keeps for `user` at `at`."""
        return self.keeps if isinstance(self.keeps, Q) else self.keeps(user, at)


@dataclass(frozen=True, slots=True)
class CountedTab:
    """A tab and the number of tickets that a click on it shows; None where counting them would cost too much."""

    name: str
    label: str | Promise
    icon: str
    count: int | None
    is_current: bool


def uncounted_tabs(tabs: Sequence[Tab], current: Tab) -> list[CountedTab]:
    """Return the tabs alone: the closed tickets of every client are not counted at each look."""
    return [CountedTab(tab.name, tab.label, tab.icon, None, tab is current) for tab in tabs]


def counted_tabs(tabs: Sequence[Tab], current: Tab, count: Callable[[Tab], int]) -> list[CountedTab]:
    """Return the tabs with counts that are known already."""
    return [CountedTab(tab.name, tab.label, tab.icon, count(tab), tab is current) for tab in tabs]


def count_tabs(
    tabs: Sequence[Tab], current: Tab, tickets: TicketQuerySet, user: User, at: datetime
) -> list[CountedTab]:
    """Count what each tab keeps of the same tickets, in one query."""
    counts = tickets.aggregate(**{tab.name: Count("pk", filter=tab.condition(user, at)) for tab in tabs})
    return counted_tabs(tabs, current, lambda tab: counts[tab.name])
