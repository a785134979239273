"""The order of the queue, by business time left whatever the calendars, and one page of it read from its indexes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.db.models.expressions import ExpressionWrapper

from sla.versions import compiled_calendar
from tickets.desk.cursor import Cursor, Key
from tickets.models import TicketQuerySet
from tickets.place import Rank, business_position

# The calendar versions under which something is due: one step of the index each, however many tickets.
VERSIONS_DUE = f"""
WITH RECURSIVE walk AS (
    (SELECT calendar_version_id AS version FROM tickets_ticket
        WHERE queue_rank = {Rank.DUE.value} ORDER BY calendar_version_id LIMIT 1)
    UNION ALL
    SELECT (SELECT calendar_version_id FROM tickets_ticket
        WHERE queue_rank = {Rank.DUE.value} AND calendar_version_id > walk.version
        ORDER BY calendar_version_id LIMIT 1)
    FROM walk WHERE walk.version IS NOT NULL
)
SELECT version FROM walk WHERE version IS NOT NULL
"""  # noqa: S608  (our own constant)

Positions = dict[UUID, int]
"""Where an instant lies on the business time of each calendar version, in microseconds."""


def versions_due() -> list[UUID]:
    """Return the calendar versions under which something is due."""
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS_DUE)
        return [row[0] for row in cursor.fetchall()]


def positions_at(at: datetime, versions: Iterable[UUID]) -> Positions:
    """Return the position of `at` on each of these calendars."""
    return {version: business_position(compiled_calendar(version), at) for version in versions}


@dataclass(frozen=True, slots=True)
class Slice:
    """The numbers of a page's tickets, in order, and the marks of the pages beside it."""

    numbers: Sequence[int]
    previous: str
    following: str


def slice_of(
    tickets: TicketQuerySet,
    cursor: Cursor | None,
    size: int,
    at: datetime,
    versions: Sequence[UUID],
    *,
    few: bool = False,
) -> Slice:
    """Return the page of `tickets` that `cursor` marks; without one, the first as the order stands at `at`.

    `versions` are the calendars under which something is due. `few` says that the tickets are few enough to be
    read and sorted all, rather than walked in the order of the indexes.
    """
    frozen_at = cursor.at if cursor else at
    backwards = cursor is not None and cursor.is_backwards
    wanted = size + 1  # one more says whether there is another page
    keys: list[Key] = []
    positions = positions_at(frozen_at, versions)
    parts: Sequence[Callable[..., Iterable[Key]]] = (_sorted,) if few else (_due, _rest)
    for part in reversed(parts) if backwards else parts:
        if len(keys) < wanted:
            keys += part(tickets, cursor, wanted - len(keys), positions)
    has_more, keys = len(keys) > size, keys[:size]
    if backwards:
        keys.reverse()
    has_previous, has_following = (has_more, True) if backwards else (cursor is not None, has_more)
    return Slice(
        [key.number for key in keys],
        Cursor(frozen_at, keys[0], is_backwards=True).sign() if keys and has_previous else "",
        Cursor(frozen_at, keys[-1]).sign() if keys and has_following else "",
    )


def in_order(tickets: TicketQuerySet, at: datetime) -> TicketQuerySet:
    """Return all of `tickets` in the order of the queue at `at`: what an export of the whole list reads."""
    positions = positions_at(at, versions_due())
    ordered: TicketQuerySet = _with_left(tickets, positions).order_by("queue_rank", "left", "pk")
    return ordered


def _with_left(tickets: TicketQuerySet, positions: Positions) -> Any:
    """Say under `left` each ticket's place in its rank: what is due, by the business time left at these positions."""
    now = Case(
        *(When(queue_rank=Rank.DUE, calendar_version=each, then=Value(now)) for each, now in positions.items()),
        default=Value(0),
        output_field=BigIntegerField(),
    )  # fmt: skip
    # Left to itself, a difference is a small integer, which no microsecond could be greater than.
    return tickets.annotate(left=ExpressionWrapper(F("queue_place") - now, output_field=BigIntegerField()))


def _sorted(
    tickets: TicketQuerySet, cursor: Cursor | None, limit: int, positions: Positions
) -> Iterable[Key]:
    """Read few tickets whole, and sort them."""
    backwards = cursor is not None and cursor.is_backwards
    kept = _with_left(tickets, positions)
    if cursor:
        kept = kept.filter(_beyond(cursor.key, "lt" if backwards else "gt", "left"))
    sign = "-" if backwards else ""
    found = kept.order_by(f"{sign}queue_rank", f"{sign}left", f"{sign}pk")
    return [Key(*row) for row in found.values_list("queue_rank", "left", "pk")[:limit]]


def _due(tickets: TicketQuerySet, cursor: Cursor | None, limit: int, positions: Positions) -> Iterable[Key]:
    """Read what has a deadline: each calendar's nearest from its own index, then the nearest of them all."""
    backwards = cursor is not None and cursor.is_backwards
    if cursor and cursor.key.rank > Rank.DUE and not backwards:
        return []
    order = ("-left", "-pk") if backwards else ("left", "pk")
    branches = [
        _from(tickets.filter(queue_rank=Rank.DUE, calendar_version=version), cursor, now)
        .annotate(left=ExpressionWrapper(F("queue_place") - Value(now), output_field=BigIntegerField()))
        .order_by(*(name.replace("left", "queue_place") for name in order))
        .values_list("left", "pk")[:limit]
        for version, now in positions.items()
    ]
    if not branches:
        return []
    found: Any = branches[0]
    if len(branches) > 1:
        found = branches[0].union(*branches[1:], all=True).order_by(*order)[:limit]
    return [Key(Rank.DUE, left, number) for left, number in found]


def _from(tickets: TicketQuerySet, cursor: Cursor | None, now: int) -> TicketQuerySet:
    if cursor is None or cursor.key.rank > Rank.DUE:
        return tickets
    place, number = cursor.key.place + now, cursor.key.number
    if cursor.is_backwards:
        return tickets.filter(Q(queue_place__lt=place) | Q(pk__lt=number), queue_place__lte=place)
    return tickets.filter(Q(queue_place__gt=place) | Q(pk__gt=number), queue_place__gte=place)


def _rest(tickets: TicketQuerySet, cursor: Cursor | None, limit: int, _positions: Positions) -> Iterable[Key]:
    """Read what has no deadline known: paused, then free, then closed."""
    backwards = cursor is not None and cursor.is_backwards
    rest = tickets.filter(queue_rank__gt=Rank.DUE)
    if cursor and cursor.key.rank == Rank.DUE:
        if backwards:
            return []
    elif cursor:
        rest = rest.filter(_beyond(cursor.key, "lt" if backwards else "gt"))
    sign = "-" if backwards else ""
    found = rest.order_by(f"{sign}queue_rank", f"{sign}queue_place", f"{sign}pk")
    return [Key(*row) for row in found.values_list("queue_rank", "queue_place", "pk")[:limit]]


def _beyond(key: Key, side: str, place: str = "queue_place") -> Q:
    """Say “after this key” (or before) so that an index starts there."""
    steps = (
        Q(**{f"queue_rank__{side}": key.rank}),
        Q(**{"queue_rank": key.rank, f"{place}__{side}": key.place}),
        Q(**{"queue_rank": key.rank, place: key.place, f"pk__{side}": key.number}),
    )
    return Q(**{f"queue_rank__{side}e": key.rank}) & reduce(or_, steps)
