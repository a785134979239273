"""The lists that can be exported: the very lines that the page of the same address shows."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import QueryDict

from accounts.models import User
from tickets.desk.order import in_order
from tickets.desk.queue import QUEUE_TABS, QueueFilter
from tickets.list_exports import registers
from tickets.list_exports.columns import Row, listing_of
from tickets.list_exports.listing import Listing, NoSuchList
from tickets.lists.filters import TicketFilter
from tickets.lists.tabs import Tab
from tickets.models import ExportSource, Ticket
from tickets.permissions import (
    may_keep_breach_file,
    may_read_figures,
    may_read_own_list,
    may_read_paid_work,
    may_read_queue,
    may_read_trainings,
    support_day,
)
from tickets.portal.listing import LISTING_TABS, ListingFilter
from tickets.reports.behind import tickets_behind
from tickets.reports.forms import FigureForm


def list_of(source: ExportSource, query: str, person: User, at: datetime) -> Listing[Any]:
    """Return a list as `person` may see it at `at`, in the active language; `NoSuchList` for what names none."""
    return _LISTS[source](QueryDict(query), person, at)


def may_export(source: ExportSource, person: User) -> bool:
    """Tell whether `person` has that list."""
    return _MAY[source](person)


_MAY: dict[ExportSource, Callable[[User], bool]] = {
    ExportSource.QUEUE: may_read_queue,
    ExportSource.PORTAL: may_read_own_list,
    ExportSource.FIGURES: may_read_figures,
    ExportSource.BREACHES: may_keep_breach_file,
    ExportSource.REPORTS: may_read_figures,
    ExportSource.TRAININGS: may_read_trainings,
    ExportSource.ANOMALIES: may_read_queue,
    ExportSource.QUOTES: may_read_paid_work,
}


def _tab(tabs: tuple[Tab, ...], name: str | None) -> Tab:
    return next((tab for tab in tabs if tab.name == name), tabs[0])


def _refuse_mistakes(form: TicketFilter) -> None:
    """Raise `NoSuchList` for a filter that is not understood: a file shows no list beside which to say it."""
    if form.mistakes:
        raise NoSuchList(" ".join(form.mistakes))


def _queue(query: QueryDict, person: User, at: datetime) -> Listing[Row]:
    form = QueueFilter(query, person=person)
    _refuse_mistakes(form)
    kept = _tab(QUEUE_TABS, form.cleaned_data.get("view")).condition(person, at)
    kept_tickets = form.narrow(Ticket.objects.visible_to(person, at=at)).filter(kept)
    return listing_of(in_order(kept_tickets, at), person, at)


def _portal(query: QueryDict, person: User, at: datetime) -> Listing[Row]:
    form = ListingFilter(query, person=person)
    _refuse_mistakes(form)
    kept = _tab(LISTING_TABS, form.cleaned_data.get("view")).condition(person, at)
    kept_tickets = form.narrow(Ticket.objects.visible_to(person, at=at)).filter(kept)
    return listing_of(kept_tickets.order_by("-id"), person, at)


def _figures(query: QueryDict, person: User, at: datetime) -> Listing[Row]:
    form = FigureForm(query, person=person, today=support_day(at))
    if not form.is_valid():
        raise NoSuchList(" ".join(form.mistakes))
    return listing_of(tickets_behind(form, person, at).order_by("-id"), person, at)


_LISTS: dict[ExportSource, Callable[[QueryDict, User, datetime], Listing[Any]]] = {
    ExportSource.QUEUE: _queue,
    ExportSource.PORTAL: _portal,
    ExportSource.FIGURES: _figures,
    ExportSource.BREACHES: registers.breaches,
    ExportSource.REPORTS: registers.reports,
    ExportSource.TRAININGS: registers.trainings,
    ExportSource.ANOMALIES: registers.anomalies,
    ExportSource.QUOTES: registers.quotes,
}
