"""Price lists as they are read: which stands now, until when each is in force (C-OUT-4)."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Case, CharField, DateField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404

from accounts.models import User
from tickets.models import PriceList
from tickets.permissions import support_day


class Standing(StrEnum):
    """How a price list stands on a day."""

    DRAFT = "draft"
    FUTURE = "future"
    IN_FORCE = "in_force"
    PAST = "past"
    WITHDRAWN = "withdrawn"


def price_lists_for(user: User, at: datetime) -> QuerySet[PriceList]:
    """Return the lists that `user` may read, the last first, with `standing` and `in_force_until` (included) at `at`.

    Days are those of the contract's time zone; the list that no other follows has no end.
    """
    return _standing_on(support_day(at), PriceList.objects.visible_to(user))


def find_price_list(user: User, key: int, at: datetime) -> PriceList:
    """Return one list with how it stands; 404 for an unknown one, and for a draft that `user` may not read."""
    return get_object_or_404(price_lists_for(user, at), pk=key)


def _standing_on(today: date, lists: QuerySet[PriceList]) -> QuerySet[PriceList]:
    later = PriceList.objects.published().filter(in_force_from__gt=OuterRef("in_force_from"))
    followed_on = Subquery(later.order_by("in_force_from").values("in_force_from")[:1])
    public = When(published_at__isnull=False, withdrawn_at__isnull=True, then=followed_on)
    return lists.annotate(followed_on=Case(public, output_field=DateField())).annotate(
        in_force_until=Cast(F("followed_on") - timedelta(days=1), DateField()),
        standing=Case(
            When(published_at__isnull=True, then=Value(Standing.DRAFT.value)),
            When(withdrawn_at__isnull=False, then=Value(Standing.WITHDRAWN.value)),
            When(in_force_from__gt=today, then=Value(Standing.FUTURE.value)),
            When(followed_on__lte=today, then=Value(Standing.PAST.value)),
            default=Value(Standing.IN_FORCE.value),
            output_field=CharField(),
        ),
    )
