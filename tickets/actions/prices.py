"""Public price lists: drafted, published, at most withdrawn before their first day, by a support manager (C-OUT-4)."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.models import PriceItem, PriceList
from tickets.permissions import may_keep_prices, support_day
from tickets.phrases import say_date
from tickets.sealing import canonical

# Years from the day of publication to the first day in force: a slip of the year would bar every other list till then.
LONGEST_AHEAD = 2
# Why an act on a draft is refused as a whole.
PUBLISHED, STALE = "published", "stale"


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What a line of a price list says: a price in euros without tax, a rate of VAT in percent.

    Its code is kept in capitals, however it is given.
    """

    code: str
    label: str
    unit: str
    unit_price: Decimal
    vat_rate: Decimal


def draft_price_list(*, by: User, at: datetime, copy_of: PriceList | None = None) -> PriceList:
    """Start a draft that says what `copy_of` says, else the list published last; empty if there is none.

    It would be in force from the first day on which it could be. `PermissionDenied` for who keeps no prices.
    """
    _check(by)
    published = PriceList.objects.published()
    with transaction.atomic():
        draft = PriceList(title=_("Public price list"), created_by=by, created_at=at)
        draft.in_force_from = first_day_free(at)
        former = copy_of or published.first()
        if former is not None:
            draft.title, draft.conditions = former.title, former.conditions
            draft.validity_days = former.validity_days
        draft.save()
        _write_lines(draft, lines_of(former) if former else [])
    return draft


def change_price_list(
    price_list: PriceList,
    *,
    by: User,
    at: datetime,
    title: str,
    in_force_from: date,
    validity_days: int,
    conditions: str,
    lines: Sequence[PriceLine],
    read: str | None = None,
) -> PriceList:
    """Make a draft say all this; its lines are replaced as a whole.

    `ValidationError`, by field, for what no list may say, a first day that could not be published at `at` among it;
    without a field for a list that is published (`PUBLISHED`), or that no longer says what was `read` (`STALE`).
    """
    _check(by)
    with transaction.atomic():
        locked = _locked_draft(price_list, read)
        locked.title, locked.in_force_from = title, in_force_from
        locked.validity_days, locked.conditions = validity_days, conditions
        locked.full_clean(exclude=("published_by", "published_at", "withdrawn_by", "withdrawn_at"))
        if refusal := _why_not_from(in_force_from, support_day(at)):
            raise ValidationError({"in_force_from": refusal})
        locked.save()
        locked.items.all().delete()
        _write_lines(locked, lines)
    return locked


def publish_price_list(
    price_list: PriceList, *, by: User, at: datetime, read: str | None = None
) -> PriceList:
    """Publish a draft: it never changes any more, and is in force from its date until the next one's (C-OUT-4).

    `ValidationError`: no line (`lines`); a date that is taken, not after the list published last, more than two years
    ahead, or not after the day of publication, which alone may be the first day of the first list (`in_force_from`);
    without a field as for a change.
    """
    _check(by)
    with transaction.atomic():
        # Every list, so that of two drafts published at once the second sees the first.
        list(PriceList.objects.select_for_update().order_by("pk").values("pk"))
        locked = _locked_draft(price_list, read)
        _check_publication(locked, support_day(at))
        locked.published_by, locked.published_at = by, at
        locked.save(update_fields=["published_by", "published_at"])
    return locked


def withdraw_price_list(price_list: PriceList, *, by: User, at: datetime) -> PriceList:
    """Withdraw a published list before its first day: it stays as it was, and its day is free again (C-OUT-4).

    No quote can name it: a quote is requested at the list in force that day. `ValidationError` for a draft, a list
    withdrawn already, and one whose first day has come.
    """
    _check(by)
    with transaction.atomic():
        locked = PriceList.objects.select_for_update().get(pk=price_list.pk)
        if refusal := _why_not_withdrawn(locked, support_day(at)):
            raise ValidationError(refusal)
        locked.withdrawn_by, locked.withdrawn_at = by, at
        locked.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return locked


def discard_price_list(price_list: PriceList, *, by: User, read: str | None = None) -> None:
    """Throw a draft away, with its lines; `ValidationError` for a list that is published, or is not the one `read`."""
    _check(by)
    with transaction.atomic():
        _locked_draft(price_list, read).delete()


def first_day_free(at: datetime) -> date:
    """Return the first day, in the contract's time zone, from which a list published at `at` could be in force."""
    today, published = support_day(at), PriceList.objects.published()
    first = today if published.in_force_on(today) is None else today + timedelta(days=1)
    last = published.first()
    return max(first, last.in_force_from + timedelta(days=1)) if last else first


def lines_of(price_list: PriceList) -> list[PriceLine]:
    """Return what the lines of a list say, by code."""
    names = ("code", "label", "unit", "unit_price", "vat_rate")
    return [
        PriceLine(**{name: getattr(item, name) for name in names})
        for item in price_list.items.order_by("code")
    ]


def as_read(price_list: PriceList, lines: Sequence[PriceLine]) -> str:
    """Return the digest of what a list says: who acts on a draft sends back that of what they had before their eyes."""
    said = [
        price_list.title,
        price_list.in_force_from.isoformat(),
        price_list.validity_days,
        price_list.conditions,
        [[str(value) for value in astuple(line)] for line in lines],
    ]
    return hashlib.sha256(canonical(said)).hexdigest()


def _check(by: User) -> None:
    if not may_keep_prices(by):
        raise PermissionDenied(_("Only a support manager keeps the price lists."))


def _locked_draft(price_list: PriceList, read: str | None = None) -> PriceList:
    locked = PriceList.objects.select_for_update().get(pk=price_list.pk)
    if locked.is_withdrawn:
        raise ValidationError(_("This price list was withdrawn: it never changes any more."), code=PUBLISHED)
    if locked.is_published:
        raise ValidationError(_("This price list is published: it never changes any more."), code=PUBLISHED)
    if read is not None and read != as_read(locked, lines_of(locked)):
        raise ValidationError(
            _("This draft has changed since you read it: read it again as it stands now."), code=STALE
        )
    return locked


def _write_lines(draft: PriceList, lines: Sequence[PriceLine]) -> None:
    lines = [replace(line, code=line.code.upper()) for line in lines]
    codes = [line.code for line in lines]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValidationError({"lines": _("The code %(code)s is given twice.") % {"code": twice[0]}})
    items = [PriceItem(price_list=draft, **asdict(line)) for line in lines]
    for item in items:
        item.full_clean()
    PriceItem.objects.bulk_create(items)


def _check_publication(draft: PriceList, today: date) -> None:
    refusals: dict[str, str] = {}
    if not draft.items.exists():
        refusals["lines"] = _("A price list without a line is not published: give at least one price.")
    if refusal := _why_not_from(draft.in_force_from, today):
        refusals["in_force_from"] = refusal
    if refusals:
        raise ValidationError(refusals)


def _why_not_withdrawn(price_list: PriceList, today: date) -> str:
    """Say why a list cannot be withdrawn on a day; nothing when it can."""
    if price_list.is_withdrawn:
        return _("This price list is withdrawn already.")
    if not price_list.is_published:
        return _("This price list is a draft: it is thrown away, not withdrawn.")
    if price_list.in_force_from <= today:
        return _("The first day of this price list has come: another list replaces it, nothing withdraws it.")
    return ""


def _why_not_from(day: date, today: date) -> str:
    """Say why a list cannot be in force from a day when it is published on another; nothing when it can."""
    published = PriceList.objects.published()
    if published.filter(in_force_from=day).exists():
        return _("Another published price list is in force from that day.")
    last = published.first()
    if last is not None and day < last.in_force_from:
        return _("The price list published last is in force from %(day)s: this one must come after it.") % {
            "day": say_date(last.in_force_from)
        }
    if published.in_force_on(today) is not None and day <= today:
        return _("A price list is published before its first day: from tomorrow at the earliest.")
    if day < today:
        return _("A price list cannot be in force from a day that is past.")
    if day > (latest := _latest_first_day(today)):
        return _("A price list begins within two years of its publication: %(day)s at the latest.") % {
            "day": say_date(latest)
        }
    return ""


def _latest_first_day(today: date) -> date:
    """Return the same day two years later; the 28th of February after a 29th."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year + LONGEST_AHEAD, day=day)
