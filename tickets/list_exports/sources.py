"""The lists that can be exported: the very tickets that the page of the same address shows."""

from collections.abc import Callable
from datetime import datetime

from django.http import QueryDict

from accounts.models import User
from tickets.desk.order import in_order
from tickets.desk.queue import QUEUE_TABS, QueueFilter
from tickets.lists.tabs import Tab
from tickets.models import ExportSource, Ticket, TicketQuerySet
from tickets.permissions import may_read_figures, may_read_own_list, may_read_queue, support_day
from tickets.portal.listing import LISTING_TABS, ListingFilter
from tickets.reports.behind import tickets_behind
from tickets.reports.forms import FigureForm


class NoSuchList(ValueError):
    """The address names no list; the message says why."""


def tickets_of(source: ExportSource, query: str, person: User, at: datetime) -> TicketQuerySet:
    """Return the tickets of a list as `person` may see them at `at`; raise `NoSuchList` for a figure that is none."""
    return _LISTS[source](QueryDict(query), person, at)


def may_export(source: ExportSource, person: User) -> bool:
    """Tell whether `person` has that list."""
    return _MAY[source](person)


_MAY: dict[ExportSource, Callable[[User], bool]] = {
    ExportSource.QUEUE: may_read_queue,
    ExportSource.PORTAL: may_read_own_list,
    ExportSource.FIGURES: may_read_figures,
}


def _tab(tabs: tuple[Tab, ...], name: str | None) -> Tab:
    return next((tab for tab in tabs if tab.name == name), tabs[0])


def _queue(query: QueryDict, person: User, at: datetime) -> TicketQuerySet:
    form = QueueFilter(query, person=person)
    form.is_valid()
    kept = _tab(QUEUE_TABS, form.cleaned_data.get("view")).condition(person, at)
    return in_order(form.narrow(Ticket.objects.visible_to(person, at=at)).filter(kept), at)


def _portal(query: QueryDict, person: User, at: datetime) -> TicketQuerySet:
    form = ListingFilter(query, person=person)
    form.is_valid()
    kept = _tab(LISTING_TABS, form.cleaned_data.get("view")).condition(person, at)
    return form.narrow(Ticket.objects.visible_to(person, at=at)).filter(kept).order_by("-id")


def _figures(query: QueryDict, person: User, at: datetime) -> TicketQuerySet:
    form = FigureForm(query, person=person, today=support_day(at))
    if not form.is_valid():
        raise NoSuchList(" ".join(form.mistakes))
    return tickets_behind(form, person, at).order_by("-id")


_LISTS: dict[ExportSource, Callable[[QueryDict, User, datetime], TicketQuerySet]] = {
    ExportSource.QUEUE: _queue,
    ExportSource.PORTAL: _portal,
    ExportSource.FIGURES: _figures,
}
