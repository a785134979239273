"""A draft's page says what it changes in the prices of the list in force (C-OUT-4)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.tickets.prices.test_pages import a_draft, a_list, signed_in
from tests.tickets.prices.test_rules import DEVELOPMENT, TRAINING
from tests.world import World
from tickets.actions.prices import PriceLine, change_price_list
from tickets.prices.differences import Difference, differences

DEARER = replace(DEVELOPMENT, unit_price=Decimal("990.00"))
SITE = PriceLine("SITE", "Sur site", "jour", Decimal("1150.00"), Decimal("20.00"))


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ([DEVELOPMENT, TRAINING], []),
        ([TRAINING, DEVELOPMENT], []),
        ([replace(DEVELOPMENT, code="dev"), TRAINING], []),
        ([DEVELOPMENT], [Difference("FOR", TRAINING, None)]),
        ([DEVELOPMENT, SITE, TRAINING], [Difference("SITE", None, SITE)]),
        ([DEARER, TRAINING], [Difference("DEV", DEVELOPMENT, DEARER)]),
        *(
            ([changed, TRAINING], [Difference("DEV", DEVELOPMENT, changed)])
            for changed in (
                replace(DEVELOPMENT, vat_rate=Decimal("10.00")),
                replace(DEVELOPMENT, unit="heure"),
                replace(DEVELOPMENT, label="Autre"),
            )
        ),
        ([], [Difference("DEV", DEVELOPMENT, None), Difference("FOR", TRAINING, None)]),
    ],
)
def test_lines_are_added_removed_and_changed(after: list[PriceLine], found: list[Difference]) -> None:
    assert differences([DEVELOPMENT, TRAINING], after) == found


def page_of(world: World, draft) -> str:
    User.objects.update(language="en")
    return signed_in(world.agnes).get(reverse("price_list", args=[draft.pk])).content.decode()


def test_a_drafts_page_shows_them(world: World) -> None:
    a_list(world, "Tarif courant")
    draft = a_draft(world, days=10)
    assert "The same lines at the same prices" in page_of(world, draft)
    change_price_list(
        draft, by=world.maud, at=timezone.now(), title="Tarif", in_force_from=draft.in_force_from,
        validity_days=30, conditions="", lines=[DEARER, SITE],
    )  # fmt: skip
    page = page_of(world, draft)
    for said in (
        "What it changes", "Tarif courant</a>, in force since", "€980.00 per jour", "€990.00 per jour",
        "added", "removed", "changed", "€1,234.50 per demi-journée",
    ):  # fmt: skip
        assert said in page, said


def test_nothing_is_compared_when_no_list_is_in_force_nor_on_a_published_one(world: World) -> None:
    assert "What it changes" not in page_of(world, a_draft(world))
    assert "What it changes" not in page_of(world, a_list(world))
