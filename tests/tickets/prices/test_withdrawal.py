"""A published list that nobody could use yet is withdrawn before its first day; one in force stays (C-OUT-4)."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from tests.tickets.api.asking import Asker, problem
from tests.tickets.prices.test_pages import a_draft, a_list, signed_in
from tests.tickets.prices.test_rules import AT, DEVELOPMENT, TRAINING, drafted, published
from tests.world import World, paris
from tickets.actions.prices import (
    change_price_list,
    discard_price_list,
    lines_of,
    publish_price_list,
    withdraw_price_list,
)
from tickets.models import PriceList
from tickets.permissions import support_day
from tickets.prices.reading import price_lists_for


@pytest.fixture(autouse=True)
def in_english(world: World) -> Iterator[None]:
    User.objects.update(language="en")
    with translation.override("en"):
        yield


def refusal(price_list: PriceList, world: World, at: str) -> str:
    with pytest.raises(ValidationError) as refused:
        withdraw_price_list(price_list, by=world.maud, at=paris(at))
    [said] = refused.value.messages
    return said


def test_a_list_is_withdrawn_until_the_eve_of_its_first_day(world: World) -> None:
    first, second = published(world, "2026-05-01"), published(world, "2027-01-01")
    assert "first day" in refusal(first, world, "2026-05-01 00:00")
    assert withdraw_price_list(second, by=world.maud, at=paris("2026-12-31 23:59")).withdrawn_by == world.maud
    assert PriceList.objects.in_force_on(date(2027, 6, 1)) == first
    assert lines_of(second) == [DEVELOPMENT, TRAINING]


def test_the_eve_is_that_of_the_contracts_time_zone(world: World) -> None:
    price_list = published(world, "2026-05-01")
    midnight = paris("2026-05-01 00:00")  # still the 30th of April in UTC
    with pytest.raises(ValidationError):
        withdraw_price_list(price_list, by=world.maud, at=midnight)
    with pytest.raises(Error, match="never changes"), transaction.atomic():
        PriceList.objects.update(withdrawn_by=world.maud, withdrawn_at=midnight)
    assert PriceList.objects.get().withdrawn_at is None


def test_its_day_is_free_again_and_the_list_before_it_goes_on(world: World) -> None:
    published(world, "2026-05-01", title="Le premier")
    withdraw_price_list(published(world, "2027-01-01", title="Le second"), by=world.maud, at=AT)
    standings = [(each.title, each.standing, each.in_force_until) for each in price_lists_for(world.maud, AT)]
    assert standings == [("Le second", "withdrawn", None), ("Le premier", "future", None)]
    again = published(world, "2027-01-01", title="Le troisième")
    assert PriceList.objects.in_force_on(date(2027, 1, 1)) == again


def test_neither_a_draft_nor_a_list_withdrawn_already_is_withdrawn(world: World) -> None:
    price_list = published(world, "2027-01-01")
    withdraw_price_list(price_list, by=world.maud, at=AT)
    assert "already" in refusal(price_list, world, "2026-04-28 11:00")
    assert "draft" in refusal(drafted(world, "2027-01-01"), world, "2026-04-28 11:00")


@pytest.mark.parametrize("who", ["agnes", "paul", "claire", "marc", "rachel"])
def test_a_support_manager_alone_withdraws(world: World, who: str) -> None:
    price_list = published(world, "2027-01-01")
    with pytest.raises(PermissionDenied):
        withdraw_price_list(price_list, by=getattr(world, who), at=AT)
    assert not PriceList.objects.get().is_withdrawn


def test_a_withdrawn_list_is_neither_changed_published_nor_thrown_away(world: World) -> None:
    price_list = published(world, "2027-01-01")
    withdraw_price_list(price_list, by=world.maud, at=AT)
    said = {
        "title": "x",
        "in_force_from": date(2027, 1, 1),
        "validity_days": 1,
        "conditions": "",
        "lines": [],
    }
    for act in (
        lambda: publish_price_list(price_list, by=world.maud, at=AT),
        lambda: change_price_list(price_list, by=world.maud, at=AT, **said),
        lambda: discard_price_list(price_list, by=world.maud),
    ):
        with pytest.raises(ValidationError, match="was withdrawn"):
            act()


def test_the_database_lets_a_list_be_withdrawn_once_and_nothing_else(world: World) -> None:
    lists = PriceList.objects.filter(pk=published(world, "2026-06-01").pk)
    withdrawal = {"withdrawn_by": world.maud, "withdrawn_at": paris("2026-05-01 10:00")}
    for said in (
        {**withdrawal, "title": "Autre"},
        {**withdrawal, "in_force_from": date(2027, 1, 1)},
        {**withdrawal, "published_at": None, "published_by": None},
        {"withdrawn_by": world.maud},
        {"withdrawn_at": paris("2026-05-01 10:00")},
        {**withdrawal, "withdrawn_at": paris("2026-04-01 10:00")},  # before it was published
        {**withdrawal, "withdrawn_at": paris("2026-06-01 10:00")},
    ):
        with pytest.raises(Error, match=r"never changes|says_by_whom"), transaction.atomic():
            lists.update(**said)
    assert lists.update(**withdrawal) == 1
    for said in ({"withdrawn_by": None, "withdrawn_at": None}, withdrawal):
        with pytest.raises(Error, match="never changes"), transaction.atomic():
            lists.update(**said)
    draft = PriceList.objects.filter(pk=drafted(world, "2026-07-01").pk)
    with pytest.raises(Error, match="says_by_whom"), transaction.atomic():
        draft.update(**withdrawal)


def test_a_manager_withdraws_it_on_its_page_and_clients_read_it_no_more(world: World) -> None:
    a_list(world, "Tarif courant")
    price_list = a_list(world, "Tarif suivant", days=40)
    url = reverse("price_list", args=[price_list.pk])
    maud, act = signed_in(world.maud), reverse("price_list_withdraw", args=[price_list.pk])
    assert act in maud.get(url).content.decode()
    for who in ("agnes", "claire"):
        assert act not in signed_in(getattr(world, who)).get(url).content.decode()
        assert signed_in(getattr(world, who)).post(act).status_code == 403
    page = maud.post(act, follow=True).content.decode()
    assert "Tarif suivant” is withdrawn" in page
    assert "It would have been in force from" in page
    assert f"by {world.maud}, before its first day" in page
    assert act not in page
    claire = signed_in(world.claire)
    assert claire.get(url).status_code == 404
    page = claire.get(reverse("price_lists")).content.decode()
    assert "Tarif courant" in page
    assert "Tarif suivant" not in page
    assert "withdrawn" in signed_in(world.agnes).get(reverse("price_lists")).content.decode()
    assert a_list(world, "Tarif corrigé", days=40).in_force_from == price_list.in_force_from


def test_its_page_says_why_a_list_in_force_stays(world: World) -> None:
    price_list = a_list(world)
    maud, act = signed_in(world.maud), reverse("price_list_withdraw", args=[price_list.pk])
    assert act not in maud.get(reverse("price_list", args=[price_list.pk])).content.decode()
    answer = maud.post(act)
    assert answer.status_code == 409
    assert "Nothing is withdrawn:" in answer.content.decode()
    assert "another list replaces it" in answer.content.decode()
    assert PriceList.objects.in_force_on(support_day(timezone.now())) == price_list
    assert maud.post(reverse("price_list_withdraw", args=[a_draft(world, days=9).pk])).status_code == 409


def test_programs_of_the_vendor_read_that_it_is_withdrawn(world: World) -> None:
    price_list = a_list(world, days=40)
    claire = Asker(world.claire)
    assert claire.get(f"price-lists/{price_list.pk}").json()["withdrawn_at"] is None
    withdraw_price_list(price_list, by=world.maud, at=timezone.now())
    said = Asker(world.agnes).get(f"price-lists/{price_list.pk}").json()
    assert (said["standing"], said["in_force_until"]) == ("withdrawn", None)
    assert said["withdrawn_at"] is not None
    problem(claire.get(f"price-lists/{price_list.pk}"), 404, "not-found")
    assert claire.get("price-lists").json()["results"] == []
