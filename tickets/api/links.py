"""What a ticket has beside it, as its reader may know it: related tickets, a known defect, who follows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from tickets.models import LedgerEntry, ProductAnomaly, Ticket
from tickets.record.beside import beside
from tickets.record.page import anomaly_of, relations_of, watchers_of
from tickets.words import EntryKind


@dataclass(frozen=True, slots=True)
class Links:
    """Tickets that the reader may see, the defect reported, who follows on the reader's side, the last note."""

    seen: frozenset[int]
    related: Sequence[int]
    split_from: int | None
    anomaly: ProductAnomaly | None
    watchers: Sequence[User]
    last_note: int | None

    def said(self) -> tuple[Any, ...]:
        """Return what of it a ticket's answer says, for its tag."""
        anomaly = self.anomaly and (self.anomaly.pk, self.anomaly.summary, self.anomaly.planned_version)
        watchers = [(each.pk, str(each)) for each in self.watchers]
        return (sorted(self.seen), self.split_from, anomaly, watchers, self.last_note)


def links_of(user: User, ticket: Ticket, at: datetime) -> Links:
    """Read what `ticket` has beside it as `user` may know it at `at`: one statement where it has nothing."""
    has = beside(ticket, user)
    relations = relations_of(ticket) if has.has_relations else ()
    beside_it = {each.first_id for each in relations} | {each.second_id for each in relations}
    beside_it -= {ticket.pk}
    named = beside_it | {each for each in (ticket.follow_up_of_id, ticket.duplicate_of_id) if each}
    seen = _seen(user, named, at) if named else frozenset()
    related = sorted(beside_it & seen)
    made = LedgerEntry.objects.filter(ticket__in=related, kind=EntryKind.SPLIT, data__ticket=ticket.pk)
    return Links(
        seen=seen,
        related=related,
        split_from=made.values_list("ticket", flat=True).first() if related else None,
        anomaly=anomaly_of(ticket) if has.has_anomaly else None,
        watchers=watchers_of(user, ticket) if has.has_watchers else (),
        last_note=has.last_note,
    )


def _seen(user: User, numbers: Collection[int], at: datetime) -> frozenset[int]:
    visible = Ticket.objects.visible_to(user, at=at).filter(pk__in=numbers)
    return frozenset(visible.values_list("pk", flat=True))
