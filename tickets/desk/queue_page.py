"""The page of the queue for one person at one instant: what it lists, counts and offers."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import get_language

from accounts.models import User
from tickets.desk.glance import Glance
from tickets.desk.order import Slice, slice_of
from tickets.desk.parties import parties_at
from tickets.desk.pulse import Pulse
from tickets.desk.queue import QUEUE_TABS, QueueFilter
from tickets.desk.rows import drawn, labels, queue_rows
from tickets.desk.saving import SavedViewForm, display_choices, display_of
from tickets.desk.together import TOGETHER
from tickets.desk.workload import say_what_is_near
from tickets.lists.filters import PAGE_SIZES
from tickets.lists.rows import one_after_the_other, with_lines
from tickets.lists.tabs import CountedTab, Tab, count_tabs, counted_tabs, uncounted_tabs
from tickets.models import SavedView, Ticket, TicketQuerySet
from tickets.permissions import may_register


@dataclass(frozen=True)
class QueuePage:
    """What is asked of the queue: the filters understood, the tab, the tickets that answer both."""

    person: User
    at: datetime
    beat: Pulse
    form: QueueFilter
    current: Tab
    seen: TicketQuerySet
    narrowed: TicketQuerySet

    @classmethod
    def of(cls, person: User, asked: QueryDict, at: datetime, beat: Pulse) -> Self:
        """Understand an address."""
        form = QueueFilter(asked, person=person)
        form.is_valid()
        chosen = form.cleaned_data.get("view")
        current = next((tab for tab in QUEUE_TABS if tab.name == chosen), QUEUE_TABS[0])
        seen = Ticket.objects.visible_to(person, at=at)
        return cls(person, at, beat, form, current, seen, form.narrow(seen))

    def listing(self) -> dict[str, Any]:
        """Return what the list shows: the tabs with their counts, and one page in the order of the queue."""
        form, person, at = self.form, self.person, self.at
        tabs, part = self._tabs(), self._part()
        by_number = with_lines(self.seen, person=person).in_bulk(part.numbers)
        tickets = [by_number[number] for number in part.numbers if number in by_number]
        rows = queue_rows(tickets, form.search, person, at, may_take=may_register(person))
        display = display_of(person)
        hidden, language = tuple(display.hidden), get_language()
        count = next(tab.count for tab in tabs if tab.is_current)
        return {
            "form": form,
            "tabs": tabs,
            "current": self.current,
            "part": part,
            "count": count,
            "found": len(tickets) if count is None else count,
            "rows": rows,
            "drawn": one_after_the_other(drawn(row.line, hidden, language) for row in rows),
            "labels": labels(),
            "closed_found": form.count_closed(self.seen),
            "display": display,
            "sizes": PAGE_SIZES,
        }

    @cached_property
    def glance(self) -> Glance:
        """What every agent sees first of the open tickets."""
        return Glance.of(self.person, self.at, self.beat)

    @property
    def near(self) -> str:
        """What falls due soon, in a sentence; nothing when nothing does."""
        return say_what_is_near(self.glance.near, self.at)

    def _tabs(self) -> list[CountedTab]:
        if self.form.brings_closed_in:
            return uncounted_tabs(QUEUE_TABS, self.current)
        if self.form.is_narrowing:
            return count_tabs(QUEUE_TABS, self.current, self.narrowed, self.person, self.at)
        return counted_tabs(QUEUE_TABS, self.current, lambda tab: self.glance.count(tab, self.person))

    def _part(self) -> Slice:
        form = self.form
        cursor, size = form.cleaned_data.get("page"), form.page_size
        if not (form.is_narrowing or cursor or size != PAGE_SIZES[0] or self.current.name != "all"):
            return self.glance.first
        kept = self.narrowed.filter(self.current.condition(self.person, self.at))
        return slice_of(kept, cursor, size, self.at, self.beat.versions, few=form.search.finds_few)

    def surroundings(self, display: Any, query: str) -> dict[str, Any]:
        """Return what the page has around its list: saved views, the display."""
        views = list(SavedView.objects.usable_by(self.person))
        self.form.offer(parties_at(self.at))
        return {
            "views": views,
            "kept": {view.pk for view in views if view.may_be_changed_by(self.person)},
            "view_form": SavedViewForm(person=self.person, initial={"query": query}, auto_id="view_%s"),
            "choices": display_choices(display),
            "may_register": may_register(self.person),
            "together": [(action.value, action.label) for action in TOGETHER],
        }
