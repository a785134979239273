"""The public price lists by the API: those published for everybody, the drafts for the vendor."""

from tests.tickets.api.asking import Asker, problem
from tests.tickets.prices.test_pages import a_draft, a_list
from tests.world import World


def titles(answer) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [row["title"] for row in answer.json()["results"]]


def test_the_published_lists_are_read_with_their_lines(world: World) -> None:
    current, following = a_list(world, "Courant"), a_list(world, "Suivant", days=40)
    rachel = Asker(world.rachel)
    assert titles(rachel.get("price-lists")) == ["Suivant", "Courant"]
    assert titles(rachel.get("price-lists", {"order": "in_force_from"})) == ["Courant", "Suivant"]
    said = rachel.get(f"price-lists/{current.pk}").json()
    assert said["standing"] == "in_force"
    assert said["in_force_until"] < str(following.in_force_from)
    assert said["items"][1] == {
        "code": "FOR", "label": "Formation", "unit": "demi-journée", "unit_price": "1234.50", "vat_rate": "5.50",
    }  # fmt: skip
    said = rachel.get(f"price-lists/{following.pk}").json()
    assert (said["standing"], said["in_force_until"]) == ("future", None)


def test_a_draft_is_the_vendors_alone(world: World) -> None:
    draft = a_draft(world, "Brouillon")
    for who in ("rachel", "claire", "marc"):
        asker = Asker(getattr(world, who))
        assert titles(asker.get("price-lists")) == []
        theirs, none = asker.get(f"price-lists/{draft.pk}"), asker.get("price-lists/999999")
        problem(theirs, 404, "not-found")
        assert theirs.content == none.content
    for who in ("agnes", "maud", "paul"):
        asker = Asker(getattr(world, who))
        assert titles(asker.get("price-lists")) == ["Brouillon"]
        assert asker.get(f"price-lists/{draft.pk}").json()["published_at"] is None


def test_pages_follow_each_other_by_day(world: World) -> None:
    for days in (0, 10, 20):
        a_list(world, f"{days}", days=days)
    asker = Asker(world.claire)
    for order in ("in_force_from", "-in_force_from"):
        read, answer = [], asker.get("price-lists", {"limit": 1, "order": order})
        while answer.json()["next"]:
            read += titles(answer)
            answer = asker.get("price-lists?" + answer.json()["next"].partition("?")[2])
        read += titles(answer)
        assert sorted(read, key=int, reverse=order.startswith("-")) == read
        assert len(read) == 3


def test_a_list_has_the_same_price_for_one_row_and_for_two(world: World, django_assert_num_queries) -> None:
    asker = Asker(world.claire)
    asker.get("me")
    for count, days in enumerate((0, 10), start=1):
        a_list(world, days=days)
        with django_assert_num_queries(5):
            assert len(titles(asker.get("price-lists"))) == count
