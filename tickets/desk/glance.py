"""The open queue as every agent sees it first: counted and read once for all of them, until something happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.core.cache import cache
from django.db.models import Count, Min, Q

from accounts.models import User
from tickets.desk.order import Slice, slice_of
from tickets.desk.pulse import Pulse
from tickets.desk.queue import CLOSED_SOON, QUEUE_TABS
from tickets.desk.workload import Near, what_is_near
from tickets.lists.filters import PAGE_SIZES
from tickets.lists.tabs import Tab
from tickets.models import Ticket

SHAPE = 1  # raised when the fields below change: two releases may share a cache for a moment
KEPT = 60  # seconds: the longest that anything done behind the ledger's back may stay unseen


@dataclass(frozen=True, slots=True)
class Glance:
    """What is the same for the whole vendor: the counters, each owner's tickets, what is near, the first page.

    Kept until an act or a minute of business time changes the stamp, or a deadline passes. The counters are exact;
    what is near and the order across calendars are those of an instant of the same minute.
    """

    until: datetime | None
    counts: Mapping[str, int]
    owners: Mapping[int | None, int]
    near: Sequence[Near]
    first: Slice

    @classmethod
    def of(cls, person: User, at: datetime, beat: Pulse) -> Self:
        """Return the glance at `at`, read anew where what is kept is of another moment."""
        key = f"queue-glance-{SHAPE}-{beat.shared}"
        kept = cache.get(key)
        if isinstance(kept, cls) and (kept.until is None or at < kept.until):
            return kept
        read = cls.read(person, at, beat)
        cache.set(key, read, KEPT)
        return read

    @classmethod
    def read(cls, person: User, at: datetime, beat: Pulse) -> Self:
        """Count and read; the person only says that it is somebody of the vendor who asks."""
        tickets = Ticket.objects.visible_to(person, at=at).open()
        counts = tickets.order_by().aggregate(
            due=Min("next_due_at", filter=Q(next_due_at__gte=at)),
            closing=Min("closes_at", filter=Q(closes_at__gt=at + CLOSED_SOON)),
            **{
                tab.name: Count("pk", filter=tab.condition(person, at)) for tab in QUEUE_TABS if not tab.owned
            },
        )
        due, closing = counts.pop("due"), counts.pop("closing")
        return cls(
            until=min(filter(None, [due, closing and closing - CLOSED_SOON]), default=None),
            counts=counts,
            owners=dict(tickets.order_by().values_list("owner").annotate(Count("pk"))),
            near=what_is_near(person, at, beat.versions),
            first=slice_of(tickets, None, PAGE_SIZES[0], at, beat.versions),
        )

    def count(self, tab: Tab, person: User) -> int:
        """Return how many open tickets a tab shows to `person`."""
        return self.owners.get(person.pk, 0) if tab.owned else self.counts[tab.name]
