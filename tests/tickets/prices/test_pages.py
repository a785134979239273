"""The pages of price lists: read by everybody, drafted and published by managers; what they refuse and cost."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from tests.tickets.prices.test_rules import DEVELOPMENT, TRAINING
from tests.world import World
from tickets.actions.prices import (
    as_read,
    change_price_list,
    draft_price_list,
    lines_of,
    publish_price_list,
)
from tickets.models import PriceList
from tickets.permissions import support_day
from tickets.phrases import say_date
from tickets.templatetags.figures import euros, tax_rate


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def a_draft(world: World, title: str = "Tarif", days: int = 0) -> PriceList:
    """Return a draft in force in so many days."""
    at = timezone.now()
    return change_price_list(
        draft_price_list(by=world.maud, at=at), by=world.maud, at=at, title=title, validity_days=30, conditions="Net.",
        in_force_from=support_day(at) + timedelta(days=days), lines=[DEVELOPMENT, TRAINING],
    )  # fmt: skip


def a_list(world: World, title: str = "Tarif", days: int = 0) -> PriceList:
    return publish_price_list(a_draft(world, title, days), by=world.maud, at=timezone.now())


def read_of(draft: PriceList) -> str:
    """Return what the page of a draft sends back: the digest of what it says now."""
    draft = PriceList.objects.get(pk=draft.pk)
    return as_read(draft, lines_of(draft))


def typed(*rows: dict[str, Any], initial: int = 0, **said: Any) -> dict[str, Any]:
    """Return a form as a browser sends it, an empty row at the end."""
    fields = {
        "title": "Tarif 2027",
        "in_force_from": str(support_day(timezone.now()) + timedelta(days=30)),
        "validity_days": "30",
        "conditions": "",
        **said,
    }
    fields |= {"lines-TOTAL_FORMS": len(rows) + 1, "lines-INITIAL_FORMS": initial}
    for number, row in enumerate([*rows, {"vat_rate": "20.00"}]):
        fields |= {f"lines-{number}-{name}": value for name, value in row.items()}
    return fields


ROW = {"code": "DEV", "label": "Development", "unit": "day", "unit_price": "980", "vat_rate": "20"}


def test_everybody_reads_the_published_lists_and_the_vendor_alone_the_drafts(world: World) -> None:
    a_list(world, "Tarif courant")
    a_list(world, "Tarif suivant", days=40)
    draft = a_draft(world, "Tarif caché", days=90)
    for who in ("rachel", "lucas", "claire", "marc", "olivia"):
        browser = signed_in(getattr(world, who))
        page = browser.get(reverse("price_lists")).content.decode()
        assert "Tarif courant" in page
        assert "in force" in page
        assert "to come" in page
        assert "Tarif caché" not in page
        assert "Start a price list" not in page
        for name in ("price_list", "price_list_edit"):
            assert browser.get(reverse(name, args=[draft.pk])).status_code == 404
        for name in ("price_list_edit", "price_list_publish", "price_list_discard"):
            assert browser.post(reverse(name, args=[draft.pk])).status_code == 404
    page = signed_in(world.agnes).get(reverse("price_lists")).content.decode()
    assert "Tarif caché" in page
    assert "Start a price list" not in page
    assert "Start a price list" in signed_in(world.maud).get(reverse("price_lists")).content.decode()


def test_who_keeps_no_prices_is_refused_before_anything_is_done(world: World) -> None:
    draft = a_draft(world)
    for who in ("agnes", "paul"):
        browser = signed_in(getattr(world, who))
        page = browser.get(reverse("price_list", args=[draft.pk])).content.decode()
        assert reverse("price_list_publish", args=[draft.pk]) not in page
        for name in ("price_list_edit", "price_list_publish", "price_list_discard"):
            assert browser.post(reverse(name, args=[draft.pk]), typed(ROW)).status_code == 403
        assert browser.post(reverse("price_list_new")).status_code == 403
    assert signed_in(world.claire).post(reverse("price_list_new")).status_code == 403
    assert PriceList.objects.get().title == "Tarif"


def test_an_empty_list_of_lists_says_so_to_each(world: World) -> None:
    assert "No price list is published yet" in signed_in(world.claire).get("/price-lists/").content.decode()
    assert "No price list yet" in signed_in(world.maud).get("/price-lists/").content.decode()


def test_a_list_is_read_in_the_readers_language(world: World) -> None:
    price_list = a_list(world)
    claire = signed_in(world.claire)
    page = claire.get(reverse("price_list", args=[price_list.pk])).content.decode()
    for said in (
        "DEV",
        "Développement",
        "€1,234.50",
        "€980.00",
        "5.5%",
        "20%",
        "Price excl. VAT",
        "30 days",
        "Net.",
    ):
        assert said in page, said
    assert "until another one follows" in page
    assert f"Published on {say_date(support_day(timezone.now()))}" in page
    User.objects.update(language="fr")
    page = claire.get(reverse("price_list", args=[price_list.pk])).content.decode()
    for said in ("1\u202f234,50\u00a0€", "980,00\u00a0€", "5,5\u202f%", "20\u202f%"):
        assert said in page, said
    a_list(world, days=40)
    last = support_day(timezone.now()) + timedelta(days=39)
    assert f"{last.year}." in claire.get(reverse("price_list", args=[price_list.pk])).content.decode()


@pytest.mark.parametrize(
    ("language", "amount", "said"),
    [
        ("fr", "1234567.5", "1\u202f234\u202f567,50\u00a0€"),
        ("fr", "0.05", "0,05\u00a0€"),
        ("en", "1234567.5", "€1,234,567.50"),
        ("en", "12", "€12.00"),
        ("en", None, "—"),
    ],
)
def test_amounts_are_written_as_each_language_does(language: str, amount: str | None, said: str) -> None:
    with translation.override(language):
        assert euros(None if amount is None else Decimal(amount)) == said


def test_a_rate_has_the_decimals_that_it_needs() -> None:
    with translation.override("en"):
        assert [tax_rate(Decimal(rate)) for rate in ("20.00", "5.50")] == ["20%", "5.5%"]
    with translation.override("fr"):
        said = [tax_rate(Decimal(rate)) for rate in ("20.00", "5.50", "2.10", "8.25", "0.00")]
    assert said == ["20\u202f%", "5,5\u202f%", "2,1\u202f%", "8,25\u202f%", "0\u202f%"]


def test_a_list_is_started_written_and_published(world: World) -> None:
    maud = signed_in(world.maud)
    answer = maud.post(reverse("price_list_new"), follow=True)
    draft = PriceList.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("price_list_edit", args=[draft.pk])
    assert len(answer.context["rows"].forms) == 5, "spare rows"
    today = support_day(timezone.now())
    row = {**ROW, "code": "TRA", "unit_price": "1234.50"}
    fields = typed(ROW, row, in_force_from=str(today), read=read_of(draft))
    page = maud.post(reverse("price_list_edit", args=[draft.pk]), fields, follow=True).content.decode()
    assert "The draft is kept" in page
    assert "€1,234.50" in page
    sent = {"read": read_of(draft)}
    page = maud.post(reverse("price_list_publish", args=[draft.pk]), sent, follow=True).content.decode()
    assert "Tarif 2027” is published" in page
    draft.refresh_from_db()
    assert (draft.published_by, [line.code for line in lines_of(draft)]) == (world.maud, ["DEV", "TRA"])
    for method in (maud.get, maud.post):
        answer = method(reverse("price_list_edit", args=[draft.pk]), fields if method == maud.post else {})
        assert answer.status_code == 409
    assert maud.post(reverse("price_list_discard", args=[draft.pk])).status_code == 409
    assert maud.post(reverse("price_list_publish", args=[draft.pk])).status_code == 409


def test_a_refused_publication_says_every_reason_on_the_drafts_page(world: World) -> None:
    at = timezone.now()
    draft = change_price_list(
        draft_price_list(by=world.maud, at=at), by=world.maud, at=at, title="Vide", validity_days=30,
        in_force_from=support_day(at), conditions="", lines=[],
    )  # fmt: skip
    a_list(world)
    sent = {"read": read_of(draft)}
    answer = signed_in(world.maud).post(reverse("price_list_publish", args=[draft.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "without a line is not published" in page
    assert "Another published price list is in force from that day" in page


def test_nothing_typed_is_lost_when_a_field_is_wrong(world: World) -> None:
    draft = a_draft(world)
    before = lines_of(draft)
    maud, url = signed_in(world.maud), reverse("price_list_edit", args=[draft.pk])
    wrong = [
        (typed({**ROW, "unit_price": "0"}, {**ROW, "code": "AUT"}), "lines-0-unit_price"),
        (typed({**ROW, "unit_price": "beaucoup"}, {**ROW, "code": "AUT"}), "lines-0-unit_price"),
        (typed(ROW, {**ROW, "label": "Again"}), "lines-1-code"),
        (typed({**ROW, "code": "two words"}, ROW), "lines-0-code"),
        (typed(ROW, {**ROW, "code": "dev"}), "lines-1-code"),
        (typed({**ROW, "vat_rate": "51"}, ROW), "lines-0-vat_rate"),
        (typed(ROW, title=""), "title"),
        (typed(ROW, validity_days="0"), "validity_days"),
        (typed(ROW, in_force_from="hier"), "in_force_from"),
        (typed(ROW, in_force_from="2020-01-01"), "in_force_from"),
        (typed(ROW, in_force_from="9999-12-31"), "in_force_from"),
    ]
    for fields, field in wrong:
        fields["read"] = read_of(draft)
        answer = maud.post(url, fields)
        page = answer.content.decode()
        assert answer.status_code == 422, field
        assert f'id="id_{field}_error"' in page
        assert "nothing was lost" in page
        for name, value in fields.items():
            if name.startswith("lines-") and value and name[6].isdigit():
                assert f'name="{name}" value="{value}"' in page, (field, name)
    draft.refresh_from_db()
    assert (draft.title, lines_of(draft)) == ("Tarif", before)


def test_a_code_typed_in_small_letters_is_shown_in_capitals(world: World) -> None:
    draft = a_draft(world)
    fields = typed({**ROW, "code": "abc-1"}, read=read_of(draft))
    url = reverse("price_list_edit", args=[draft.pk])
    page = signed_in(world.maud).post(url, fields, follow=True).content.decode()
    assert "ABC-1" in page
    assert "abc-1" not in page


def test_a_form_without_its_rows_is_refused(world: World) -> None:
    draft = a_draft(world)
    answer = signed_in(world.maud).post(reverse("price_list_edit", args=[draft.pk]), {"title": "x"})
    assert answer.status_code == 422
    assert len(lines_of(draft)) == 2


def test_lines_are_removed_by_their_box_or_by_being_emptied(world: World) -> None:
    draft = a_draft(world)
    maud, url = signed_in(world.maud), reverse("price_list_edit", args=[draft.pk])
    emptied = {"code": "", "label": "", "unit": "", "unit_price": "", "vat_rate": "20"}
    rows = ({**ROW, "DELETE": "on"}, emptied, {**ROW, "code": "NEW"})
    assert maud.post(url, typed(*rows, initial=2, read=read_of(draft))).status_code == 302
    assert [line.code for line in lines_of(draft)] == ["NEW"]


def test_amounts_are_typed_as_french_writes_them(world: World) -> None:
    User.objects.update(language="fr")
    draft = a_draft(world)
    maud, url = signed_in(world.maud), reverse("price_list_edit", args=[draft.pk])
    page = maud.get(url).content.decode()
    assert 'value="1234,50"' in page
    for price in ("1 234,50", "1\u202f234,50", "1234.50"):
        fields = typed({**ROW, "unit_price": price, "vat_rate": "5,5"}, read=read_of(draft))
        assert maud.post(url, fields).status_code == 302, price
        [line] = lines_of(draft)
        assert (line.unit_price, line.vat_rate) == (Decimal("1234.50"), Decimal("5.50"))


def test_a_price_of_nothing_is_refused_in_words_without_a_decimal_point(world: World) -> None:
    User.objects.update(language="fr")
    draft = a_draft(world)
    fields = typed(
        {**ROW, "unit_price": "0,001"}, {**ROW, "code": "B", "unit_price": "0"}, read=read_of(draft)
    )
    page = signed_in(world.maud).post(reverse("price_list_edit", args=[draft.pk]), fields).content.decode()
    assert "Un prix est d’au moins un centime" in page
    assert "0.01" not in page


def test_a_draft_is_thrown_away(world: World) -> None:
    draft = a_draft(world, "Tarif jeté")
    page = signed_in(world.maud).post(
        reverse("price_list_discard", args=[draft.pk]), {"read": read_of(draft)}, follow=True
    )
    assert "Tarif jeté” is thrown away" in page.content.decode()
    assert not PriceList.objects.exists()


@pytest.mark.parametrize(("name", "price"), [("price_lists", 5), ("price_list", 5)])
def test_a_page_costs_the_same_for_one_list_and_for_three(
    world: World, django_assert_num_queries, name: str, price: int
) -> None:
    price_list = a_list(world)
    claire = signed_in(world.claire)
    for days in (10, 20):
        with django_assert_num_queries(price):
            address = reverse(name, args=[price_list.pk] if name == "price_list" else [])
            assert claire.get(address).status_code == 200
        a_list(world, days=days)
