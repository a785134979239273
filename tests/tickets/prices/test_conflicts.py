"""Two managers on one draft: what is published is what was read, and nothing typed is lost (C-OUT-4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.tickets.prices.test_pages import ROW, a_draft, a_list, read_of, signed_in, typed
from tests.world import World
from tickets.actions.prices import (
    as_read,
    change_price_list,
    discard_price_list,
    lines_of,
    publish_price_list,
    withdraw_price_list,
)
from tickets.models import PriceList
from tickets.permissions import support_day


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def changed(world: World, draft: PriceList, **said) -> None:
    """Change a draft behind the back of whoever reads it."""
    draft = PriceList.objects.get(pk=draft.pk)
    names = ("title", "in_force_from", "validity_days", "conditions")
    kept = {**{name: getattr(draft, name) for name in names}, "lines": lines_of(draft)}
    change_price_list(draft, by=world.maud, at=timezone.now(), **{**kept, **said})


@pytest.mark.parametrize(
    "said",
    [
        {"title": "Autre"},
        {"conditions": "Autres."},
        {"validity_days": 31},
        {"in_force_from": support_day(timezone.now()) + timedelta(days=3)},
        {"lines": []},
    ],
)
def test_what_is_published_is_what_was_read(world: World, said) -> None:
    draft = a_draft(world)
    maud, url = signed_in(world.maud), reverse("price_list_publish", args=[draft.pk])
    page = maud.get(reverse("price_list", args=[draft.pk])).content.decode()
    read = read_of(draft)
    assert f'name="read" value="{read}"' in page
    changed(world, draft, **said)
    for sent in ({"read": read}, {}):
        answer = maud.post(url, sent)
        assert answer.status_code == 409
        assert "Nothing is published:" in answer.content.decode()
        assert "changed since you read it" in answer.content.decode()
        assert not PriceList.objects.get().is_published
    assert f'name="read" value="{read_of(draft)}"' in answer.content.decode()
    if "lines" not in said:
        assert maud.post(url, {"read": read_of(draft)}).status_code == 302


def test_the_digest_says_everything_that_a_quote_is_made_of(world: World) -> None:
    draft = a_draft(world)
    lines = lines_of(draft)
    assert as_read(draft, lines) != as_read(draft, lines[:1])
    with pytest.raises(ValidationError) as refused:
        publish_price_list(draft, by=world.maud, at=timezone.now(), read="")
    assert refused.value.code == "stale"


def test_a_stale_save_keeps_what_was_typed_in_the_form_and_changes_nothing(world: World) -> None:
    draft = a_draft(world)
    maud, url = signed_in(world.maud), reverse("price_list_edit", args=[draft.pk])
    read = read_of(draft)
    assert f'name="read" value="{read}"' in maud.get(url).content.decode()
    changed(world, draft, title="Tarif de l'autre")
    fields = typed({**ROW, "label": "Typed by hand"}, title="Le mien", read=read)
    answer = maud.post(url, fields)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has changed this draft" in page
    for said in ('value="Le mien"', 'value="Typed by hand"', f'name="read" value="{read_of(draft)}"'):
        assert said in page, said
    assert PriceList.objects.get().title == "Tarif de l'autre"
    assert maud.post(url, {**fields, "read": read_of(draft)}).status_code == 302
    assert PriceList.objects.get().title == "Le mien"


def test_a_form_shown_again_for_a_mistake_still_knows_what_was_read(world: World) -> None:
    draft = a_draft(world)
    maud, url = signed_in(world.maud), reverse("price_list_edit", args=[draft.pk])
    read = read_of(draft)
    changed(world, draft, title="Tarif de l'autre")
    answer = maud.post(url, typed(ROW, title="", read=read))
    assert answer.status_code == 422
    assert f'name="read" value="{read}"' in answer.content.decode()


def test_a_draft_changed_since_it_was_read_is_not_thrown_away(world: World) -> None:
    draft = a_draft(world, days=10)
    maud, url = signed_in(world.maud), reverse("price_list_discard", args=[draft.pk])
    read = read_of(draft)
    PriceList.objects.filter(pk=draft.pk).update(title="Tarif d'un collègue")
    refused = maud.post(url, {"read": read})
    assert refused.status_code == 409
    assert "Tarif d&#x27;un collègue" in refused.content.decode()
    assert maud.post(url).status_code == 409
    draft.refresh_from_db()
    assert maud.post(url, {"read": read_of(draft)}).status_code == 302
    assert not PriceList.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("became", "notice"),
    [
        ("published", "published meanwhile"),
        ("withdrawn", "published meanwhile"),
        ("gone", "thrown away meanwhile"),
    ],
)
def test_what_was_typed_for_a_draft_that_is_no_more_is_kept_as_another(
    world: World, became: str, notice: str
) -> None:
    draft, at = a_draft(world, days=10), timezone.now()
    maud, url = signed_in(world.maud), reverse("price_list_edit", args=[draft.pk])
    fields = typed({**ROW, "label": "Typed by hand"}, title="Le mien", read=read_of(draft))
    if became == "gone":
        discard_price_list(draft, by=world.maud)
    else:
        publish_price_list(draft, by=world.maud, at=at)
    if became == "withdrawn":
        withdraw_price_list(draft, by=world.maud, at=at)
    answer = maud.post(url, fields)
    page = answer.content.decode()
    assert answer.status_code == 409
    for said in (notice, 'value="Le mien"', 'value="Typed by hand"', "Keep as another draft"):
        assert said in page, said
    assert f'action="{reverse("price_list_new")}"' in page
    wrong = maud.post(reverse("price_list_new"), {**fields, "in_force_from": "2020-01-01"})
    assert wrong.status_code == 422
    assert 'id="id_in_force_from_error"' in wrong.content.decode()
    assert 'value="Typed by hand"' in wrong.content.decode()
    assert not PriceList.objects.filter(published_at=None).exists()
    assert "The draft is kept" in maud.post(reverse("price_list_new"), fields, follow=True).content.decode()
    another = PriceList.objects.get(published_at=None)
    assert (another.title, [line.label for line in lines_of(another)]) == ("Le mien", ["Typed by hand"])
    assert signed_in(world.claire).post(url, fields).status_code == (404 if became != "published" else 403)


def test_a_draft_is_started_from_the_list_that_is_named(world: World) -> None:
    former = a_list(world, "Le premier")
    a_list(world, "Le second", days=20)
    maud, new = signed_in(world.maud), reverse("price_list_new")
    page = maud.get(reverse("price_list", args=[former.pk])).content.decode()
    assert f'name="from" value="{former.pk}"' in page
    assert (
        'name="from"'
        not in signed_in(world.agnes).get(reverse("price_list", args=[former.pk])).content.decode()
    )
    assert maud.post(new, {"from": str(former.pk)}).status_code == 302
    draft = PriceList.objects.get(published_at=None)
    assert (draft.title, lines_of(draft)) == ("Le premier", lines_of(former))
    for unknown in ("999999", "x", "-1", "9" * 5000):
        assert maud.post(new, {"from": unknown}).status_code == 404, unknown[:9]
    assert PriceList.objects.count() == 3


def test_the_address_of_an_act_leads_to_the_list(world: World) -> None:
    draft = a_draft(world)
    maud = signed_in(world.maud)
    for name in ("price_list_publish", "price_list_withdraw", "price_list_discard"):
        answer = maud.get(reverse(name, args=[draft.pk]))
        assert (answer.status_code, answer["Location"]) == (302, reverse("price_list", args=[draft.pk]))
        assert signed_in(world.claire).get(reverse(name, args=[draft.pk]), follow=True).status_code == 404
    assert maud.get(reverse("price_list_new"))["Location"] == reverse("price_lists")
    assert PriceList.objects.count() == 1


def test_a_discarded_list_that_was_published_meanwhile_says_so_on_its_page(world: World) -> None:
    price_list = a_list(world)
    answer = signed_in(world.maud).post(reverse("price_list_discard", args=[price_list.pk]))
    assert answer.status_code == 409
    assert "Nothing is thrown away:" in answer.content.decode()


def test_conditions_have_a_length_that_programs_keep_too(world: World) -> None:
    draft = a_draft(world)
    with pytest.raises(ValidationError) as refused:
        changed(world, draft, conditions="x" * 20_001)
    assert list(refused.value.message_dict) == ["conditions"]
    answer = signed_in(world.maud).post(
        reverse("price_list_edit", args=[draft.pk]), typed(ROW, conditions="x" * 20_001, read=read_of(draft))
    )
    assert answer.status_code == 422
    assert 'id="id_conditions_error"' in answer.content.decode()
