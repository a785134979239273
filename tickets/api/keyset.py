"""Pages of a list by keyset: the next page begins after the last row read, whatever was written meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tickets.api.problems import not_understood
from tickets.api.requests import ApiRequest

PAGING = frozenset({"limit", "cursor", "order"})
USUAL, MOST = 25, 100  # rows of a page
SALT = "tickets.api.cursor"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an order; nulls come last."""

    name: str
    descending: bool = False
    nullable: bool = False

    def ordering(self) -> Any:
        """Return what `order_by` takes."""
        column = F(self.name)
        nulls = {"nulls_last": True} if self.nullable else {}
        return column.desc(**nulls) if self.descending else column.asc(**nulls)

    def at(self, value: object) -> Q:
        """Keep the rows that have this value."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def after(self, value: object) -> Q | None:
        """Keep the rows that come later than this value; None when none does."""
        if value is None:
            return None
        later = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return later | Q(**{f"{self.name}__isnull": True}) if self.nullable else later


Order = Sequence[Column]  # the last column is unique


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the address of the following ones, if there are any."""

    rows: list[Any]
    next: str | None


def page_of(request: ApiRequest, rows: QuerySet[Row], orders: dict[str, Order], usual: str) -> Page:
    """Return the page that the address asks for; a cursor tampered with or of another question is refused (400)."""
    asked = request.query_params
    name = asked.get("order", usual)
    if name not in orders:
        known = ", ".join(orders)
        raise not_understood([
            {"field": "order", "reason": _("unknown order; the orders are: %(known)s") % {"known": known}}
        ])  # fmt: skip
    limit, order = _limit(asked.get("limit", str(USUAL))), orders[name]
    question = _fingerprint(request, name)
    if "cursor" in asked:
        rows = rows.filter(_later(order, _values(asked["cursor"], question, len(order))))
    found = list(rows.order_by(*(column.ordering() for column in order))[: limit + 1])
    return Page(found[:limit], _next(request, order, found[limit - 1], question) if found[limit:] else None)


def page_by_marks(request: ApiRequest, name: str, read: Callable[[str, int], tuple[list[Any], str]]) -> Page:
    """Return the page of a list that has marks of its own: `read` takes one ("": the first page) and how many rows.

    It returns the rows and the mark of the following page, or ""; the mark travels in a cursor, as any other place.
    """
    asked = request.query_params
    limit, question = _limit(asked.get("limit", str(USUAL))), _fingerprint(request, name)
    mark = str(_values(asked["cursor"], question, 1)[0]) if "cursor" in asked else ""
    rows, following = read(mark, limit)
    return Page(rows, _address(request, question, [following]) if following else None)


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        reason = _("a whole number from 1 to %(most)d") % {"most": MOST}
        raise not_understood([{"field": "limit", "reason": reason}])
    return int(text)


def _fingerprint(request: ApiRequest, order: str) -> str:
    """Return what ties a cursor to its question: the person, the address, its filters, its order."""
    filters = sorted((k, v) for k, v in request.query_params.lists() if k not in PAGING)
    return salted_hmac(SALT, repr((request.user.pk, request.path, filters, order))).hexdigest()[:16]


def _values(cursor: str, question: str, count: int) -> list[Any]:
    refused = not_understood([
        {"field": "cursor", "reason": _("This cursor is not one that this list gave for this question.")}
    ])  # fmt: skip
    try:
        asked, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise refused from error
    if asked != question or len(values) != count:
        raise refused
    return list(values)


def _later(order: Order, values: Sequence[Any]) -> Q:
    later, same = Q(pk__in=[]), Q()
    for column, value in zip(order, values, strict=True):
        after = column.after(value)
        if after is not None:
            later |= same & after
        same &= column.at(value)
    first, value = order[0], values[0]
    if first.nullable or value is None:
        return later
    # Says to the planner what the alternatives hide: where in the index the page begins.
    return Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": value}) & later


def _next(request: ApiRequest, order: Order, last: Model, question: str) -> str:
    values = [getattr(last, column.name) for column in order]
    # A column's own lookups read days and instants so written, and words as they are.
    return _address(
        request, question, [each.isoformat() if isinstance(each, date) else each for each in values]
    )


def _address(request: ApiRequest, question: str, told: list[Any]) -> str:
    query = request.query_params.copy()
    query["cursor"] = signing.dumps([question, told], salt=SALT, compress=True)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
