"""Price lists are dated, published in the order of their days, and never edited once published (C-OUT-4)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, transaction
from django.utils import translation

from tests.world import World, paris
from tickets.actions.prices import (
    PriceLine,
    change_price_list,
    discard_price_list,
    draft_price_list,
    lines_of,
    publish_price_list,
)
from tickets.models import PriceItem, PriceList
from tickets.prices.reading import price_lists_for

AT = paris("2026-04-28 10:30")
DEVELOPMENT = PriceLine("DEV", "Développement", "jour", Decimal("980.00"), Decimal("20.00"))
TRAINING = PriceLine("FOR", "Formation", "demi-journée", Decimal("1234.50"), Decimal("5.50"))


EARLIER = paris("2026-03-20 10:00")


def drafted(world: World, day: str, *lines: PriceLine, title: str = "Tarif", at: datetime = AT) -> PriceList:
    draft = draft_price_list(by=world.maud, at=at)
    return change_price_list(
        draft, by=world.maud, at=at, title=title, in_force_from=date.fromisoformat(day), validity_days=45,
        conditions="À trente jours.", lines=lines or (DEVELOPMENT, TRAINING),
    )  # fmt: skip


def published(world: World, day: str, *, at: str = "2026-04-28 10:30", title: str = "Tarif") -> PriceList:
    return publish_price_list(drafted(world, day, title=title, at=paris(at)), by=world.maud, at=paris(at))


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refusals(price_list: PriceList, world: World, at: str = "2026-04-28 10:30") -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        publish_price_list(price_list, by=world.maud, at=paris(at))
    assert not PriceList.objects.get(pk=price_list.pk).is_published
    return refused.value.message_dict


@pytest.mark.parametrize("who", ["agnes", "paul", "claire", "marc", "rachel"])
def test_support_managers_alone_keep_price_lists(world: World, who: str) -> None:
    draft, by = drafted(world, "2026-05-01"), getattr(world, who)
    for act in (
        lambda: draft_price_list(by=by, at=AT),
        lambda: change_price_list(
            draft, by=by, at=AT, title="x", in_force_from=AT.date(), validity_days=1, conditions="", lines=[]
        ),
        lambda: publish_price_list(draft, by=by, at=AT),
        lambda: discard_price_list(draft, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()
    draft.refresh_from_db()
    assert (draft.title, draft.is_published, PriceList.objects.count()) == ("Tarif", False, 1)


def test_a_draft_begins_by_saying_what_the_list_published_last_says(world: World) -> None:
    first = draft_price_list(by=world.maud, at=AT)
    assert (first.in_force_from, lines_of(first)) == (date(2026, 4, 28), [])
    former = published(world, "2026-04-28", title="Tarif 2026")
    drafted(world, "2026-09-01", replace(DEVELOPMENT, code="AUTRE"))
    draft = draft_price_list(by=world.maud, at=AT)
    assert (draft.title, draft.conditions, draft.validity_days) == ("Tarif 2026", "À trente jours.", 45)
    assert lines_of(draft) == lines_of(former) == [DEVELOPMENT, TRAINING]
    assert (draft.in_force_from, draft.is_published, draft.created_by) == (
        date(2026, 4, 29),
        False,
        world.maud,
    )
    published(world, "2027-01-01")
    assert draft_price_list(by=world.maud, at=AT).in_force_from == date(2027, 1, 2)


def test_a_draft_copies_the_list_that_is_named(world: World) -> None:
    former = published(world, "2026-04-28", title="Le premier")
    published(world, "2027-01-01", title="Le second")
    assert draft_price_list(by=world.maud, at=AT, copy_of=former).title == "Le premier"


def test_a_list_without_a_line_is_not_published(world: World) -> None:
    draft = draft_price_list(by=world.maud, at=AT)
    assert list(refusals(draft, world)) == ["lines"]


def test_the_first_list_may_be_in_force_on_the_day_of_its_publication_and_not_before(world: World) -> None:
    assert list(refusals(drafted(world, "2026-04-27", at=EARLIER), world)) == ["in_force_from"]
    assert published(world, "2026-04-28").published_by == world.maud


def test_the_day_of_publication_is_that_of_the_contracts_time_zone(world: World) -> None:
    late = "2026-04-28 00:30"  # still the 27th in UTC
    assert list(refusals(drafted(world, "2026-04-27", at=EARLIER), world, late)) == ["in_force_from"]
    assert published(world, "2026-04-28", at=late).in_force_from == date(2026, 4, 28)


def test_a_list_is_published_before_its_first_day_once_there_is_one(world: World) -> None:
    published(world, "2026-04-01", at="2026-04-01 10:00")
    draft = drafted(world, "2026-04-28", at=paris("2026-04-02 10:00"))
    assert list(refusals(draft, world)) == ["in_force_from"]
    assert published(world, "2026-04-29").is_published


def test_while_none_is_in_force_yet_the_same_day_is_free_unless_another_comes_after(world: World) -> None:
    draft = drafted(world, "2026-04-28")
    published(world, "2026-06-01")
    assert "1 June 2026" in refusals(draft, world)["in_force_from"][0]


def test_two_lists_never_begin_on_the_same_day_and_each_comes_after_the_last(world: World) -> None:
    drafts = [drafted(world, day) for day in ("2026-05-01", "2027-01-01", "2026-12-31")]
    published(world, "2026-05-01")
    published(world, "2027-01-01")
    for draft in drafts:
        assert list(refusals(draft, world)) == ["in_force_from"], draft.in_force_from
    assert published(world, "2027-01-02").is_published


@pytest.mark.parametrize(
    ("at", "last"),
    [
        ("2026-04-28 10:30", "2028-04-28"),
        ("2028-02-29 10:30", "2030-02-28"),
        ("2026-12-31 23:30", "2028-12-31"),
    ],
)
def test_a_list_begins_within_two_years_of_its_publication(world: World, at: str, last: str) -> None:
    beyond = date.fromisoformat(last) + timedelta(days=1)
    draft = drafted(world, str(beyond), at=paris(at) + timedelta(days=1, minutes=1))
    assert "within two years" in refusals(draft, world, at)["in_force_from"][0]
    assert published(world, last, at=at).is_published


@pytest.mark.parametrize(
    "day", ["2026-04-27", "2026-04-28", "2026-06-01", "2026-06-30", "2028-04-29", "9999-12-31"]
)
def test_a_draft_is_not_saved_with_a_day_on_which_it_could_not_begin(world: World, day: str) -> None:
    published(world, "2026-04-01", at="2026-04-01 10:00")
    draft = drafted(world, "2026-08-01")
    published(world, "2026-06-01") if day == "2026-06-01" else published(world, "2026-07-01")
    with pytest.raises(ValidationError) as refused:
        change_price_list(
            draft, by=world.maud, at=AT, title="Autre", in_force_from=date.fromisoformat(day), validity_days=30,
            conditions="", lines=[DEVELOPMENT],
        )  # fmt: skip
    assert list(refused.value.message_dict) == ["in_force_from"]
    draft.refresh_from_db()
    assert (draft.title, draft.in_force_from) == ("Tarif", date(2026, 8, 1))


def test_a_published_list_is_not_published_changed_or_discarded(world: World) -> None:
    price_list = published(world, "2026-05-01")
    for act in (
        lambda: publish_price_list(price_list, by=world.maud, at=AT),
        lambda: change_price_list(
            price_list,
            by=world.maud,
            at=AT,
            title="x",
            in_force_from=AT.date(),
            validity_days=1,
            conditions="",
            lines=[],
        ),
        lambda: discard_price_list(price_list, by=world.maud),
    ):
        with pytest.raises(ValidationError, match="never changes"):
            act()
    assert lines_of(PriceList.objects.get()) == [DEVELOPMENT, TRAINING]


def test_a_draft_is_discarded_with_its_lines(world: World) -> None:
    discard_price_list(drafted(world, "2026-05-01"), by=world.maud)
    assert (PriceList.objects.count(), PriceItem.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("lines", DEVELOPMENT),
        ("lines", replace(TRAINING, code="dEv")),
        ("unit_price", replace(TRAINING, unit_price=Decimal(0))),
        ("vat_rate", replace(TRAINING, vat_rate=Decimal("50.01"))),
        ("vat_rate", replace(TRAINING, vat_rate=Decimal(-1))),
        ("code", replace(TRAINING, code="deux mots")),
        ("label", replace(TRAINING, label="")),
    ],
)
def test_what_no_line_may_say_is_refused_and_nothing_is_changed(
    world: World, field: str, line: PriceLine
) -> None:
    draft = drafted(world, "2026-05-01")
    with pytest.raises(ValidationError) as refused:
        change_price_list(
            draft, by=world.maud, at=AT, title="Autre", in_force_from=AT.date(), validity_days=30, conditions="",
            lines=[DEVELOPMENT, line],
        )  # fmt: skip
    assert list(refused.value.message_dict) == [field]
    draft.refresh_from_db()
    assert (draft.title, lines_of(draft)) == ("Tarif", [DEVELOPMENT, TRAINING])


def test_codes_are_kept_in_capitals(world: World) -> None:
    draft = drafted(world, "2026-05-01", replace(DEVELOPMENT, code="dev"), replace(TRAINING, code="For"))
    assert [line.code for line in lines_of(draft)] == ["DEV", "FOR"]


def test_the_database_has_no_two_codes_that_differ_by_case_alone(world: World) -> None:
    draft = drafted(world, "2026-05-01")
    with pytest.raises(Error, match="code_once_a_price_list"), transaction.atomic():
        draft.items.create(code="dev", label="x", unit="x", unit_price=1)
    assert draft.items.create(code="autre", label="x", unit="x", unit_price=1).pk


def test_the_database_refuses_any_change_of_a_published_list_and_of_its_lines(world: World) -> None:
    price_list, draft = published(world, "2026-05-01"), drafted(world, "2026-06-01")
    lists, lines = PriceList.objects.filter(pk=price_list.pk), price_list.items.all()
    for act in (
        lambda: lists.update(conditions="Autres."),
        lambda: lists.update(published_at=None, published_by=None),
        lists.delete,
        lambda: lines.update(unit_price=1),
        lambda: lines.update(price_list=draft),
        lines.delete,
        lambda: draft.items.update(price_list=price_list, code="X"),
        lambda: PriceItem.objects.create(
            price_list=price_list, code="X", label="x", unit="x", unit_price=1, vat_rate=20
        ),
    ):
        with pytest.raises(Error, match=r"never changes|Cannot (update|delete)"), transaction.atomic():
            act()
    assert draft.items.update(unit_price=1) == 2


def test_the_list_in_force_is_that_of_the_day(world: World) -> None:
    drafted(world, "2026-06-01")
    first, second = published(world, "2026-05-01"), published(world, "2027-01-01")
    for day, found in (
        ("2026-04-30", None), ("2026-05-01", first), ("2026-12-31", first), ("2027-01-01", second),
    ):  # fmt: skip
        assert PriceList.objects.in_force_on(date.fromisoformat(day)) == found, day


def test_each_list_says_how_it_stands_and_until_when(world: World) -> None:
    drafted(world, "2026-06-01")
    for day in ("2026-05-01", "2027-01-01"):
        published(world, day)

    def standings(at: str) -> list[tuple[str, str, str]]:
        lists = price_lists_for(world.maud, paris(at))
        return [(str(each.in_force_from), each.standing, str(each.in_force_until)) for each in lists]

    draft = ("2026-06-01", "draft", "None")
    assert standings("2026-04-30 23:59") == [
        ("2027-01-01", "future", "None"), draft, ("2026-05-01", "future", "2026-12-31"),
    ]  # fmt: skip
    assert standings("2026-12-31 23:59") == [
        ("2027-01-01", "future", "None"), draft, ("2026-05-01", "in_force", "2026-12-31"),
    ]  # fmt: skip
    assert standings("2027-01-01 00:00") == [
        ("2027-01-01", "in_force", "None"), draft, ("2026-05-01", "past", "2026-12-31"),
    ]  # fmt: skip


def test_drafts_are_the_vendors_alone(world: World) -> None:
    drafted(world, "2026-06-01")
    public = published(world, "2026-05-01")
    for who in ("claire", "marc", "rachel", "olivia"):
        assert list(price_lists_for(getattr(world, who), AT)) == [public]
    for who in ("agnes", "maud", "paul"):
        assert price_lists_for(getattr(world, who), AT).count() == 2
    world.agnes.is_active = False
    assert not price_lists_for(world.agnes, AT).exists()
