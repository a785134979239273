"""The pages of product anomalies: recorded, changed, delivered to all; what they refuse, what they cost."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.tickets.anomalies.test_linking import AT, defect, delivery_of, theirs
from tests.world import World
from tickets.actions import linking, vendor
from tickets.models import AnomalyDelivery, ProductAnomaly


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def test_one_is_recorded_changed_and_found_again(world: World) -> None:
    agnes = signed_in(world.agnes)
    said = {"solution": world.solution.pk, "title": "Export tronqué", "summary": "Des lignes manquent."}
    answer = agnes.post(reverse("anomaly_new"), said, follow=True)
    anomaly = ProductAnomaly.objects.get()
    assert f"{anomaly.reference} is recorded" in answer.content.decode()
    agnes.post(
        reverse("anomaly_change", args=[anomaly.pk]), {"title": "Export coupé", "summary": "Ligne 1000."}
    )
    anomaly.refresh_from_db()
    assert (anomaly.title, anomaly.created_by, anomaly.history.count()) == ("Export coupé", world.agnes, 2)
    for words, found in (("coupe", True), (anomaly.reference, True), ("tronqué", False), ("AP-999", False)):
        page = agnes.get(reverse("anomalies"), {"q": words}).content.decode()
        assert ("Export coupé" in page) is found, words
    assert "not understood" in agnes.get(reverse("anomalies"), {"solution": "x"}).content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("foo=1", "“foo” is not a filter of this list."),
        ("solution=999999", "Solution: "),
        ("page=abc", "Page: "),
        ("page=0", "Page: "),
    ],
)
def test_a_filter_that_is_none_is_said_and_the_others_hold(world: World, query: str, said: str) -> None:
    kept, other = defect(world), defect(world)
    answer = signed_in(world.agnes).get(f"{reverse('anomalies')}?q={kept.reference}&{query}")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert reverse("anomaly", args=[kept.pk]) in page
    assert reverse("anomaly", args=[other.pk]) not in page


def test_what_is_missing_is_said_and_nothing_is_written(world: World) -> None:
    agnes = signed_in(world.agnes)
    answer = agnes.post(reverse("anomaly_new"), {"solution": world.solution.pk, "title": "Sans résumé"})
    assert (answer.status_code, ProductAnomaly.objects.count()) == (422, 0)
    assert 'value="Sans résumé"' in answer.content.decode()
    anomaly = defect(world)
    answer = agnes.post(reverse("anomaly_change", args=[anomaly.pk]), {"title": "", "summary": "x"})
    assert answer.status_code == 422
    answer = agnes.post(reverse("anomaly_deliver", args=[anomaly.pk]), {"what": "fix"})
    assert answer.status_code == 422
    whole = {"what": "fix", "content": "Fait.", "how_to_test": "Voir.", "last": 0}
    assert agnes.post(reverse("anomaly_deliver", args=[anomaly.pk]), whole).status_code == 409
    assert not AnomalyDelivery.objects.exists()


def test_a_delivery_to_all_says_what_became_of_each_ticket(world: World) -> None:
    ours, foreign, anomaly = world.file(), theirs(world), defect(world)
    for ticket in (ours, foreign):
        linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=anomaly)
    vendor.class_out_of_scope(foreign, by=world.agnes, at=AT, ground="misuse", explanation="Hors notice.")
    agnes = signed_in(world.agnes)
    whole = {"what": "fix", "content": "Fait.", "how_to_test": "Voir.", "version": "4.3", "last": 0}
    page = agnes.post(reverse("anomaly_deliver", args=[anomaly.pk]), whole, follow=True).content.decode()
    assert "1 ticket has the delivery." in page
    assert "refused the delivery" in page
    delivery = AnomalyDelivery.objects.get()
    vendor.put_in_scope(foreign, by=world.agnes, at=AT, message="Finalement.")
    address = reverse("anomaly_delivery", args=[anomaly.pk, delivery.pk])
    assert "await it still" in agnes.get(address).content.decode()
    assert "await it still" not in agnes.post(address, follow=True).content.decode()
    assert "No open ticket awaits" in agnes.post(address, follow=True).content.decode()


def test_two_who_change_what_is_said_of_a_defect_see_each_others_words(world: World) -> None:
    anomaly = defect(world)
    agnes, address = signed_in(world.agnes), reverse("anomaly_change", args=[anomaly.pk])
    read = re.search(r'name="read" value="(\w+)"', agnes.get(address).content.decode())[1]
    said = {"title": anomaly.title, "analysis": anomaly.analysis, "planned_version": ""}
    first = {**said, "summary": "Vu par Agnes.", "read": read}
    second = {**said, "summary": "Vu par Bruno.", "read": read}
    assert agnes.post(address, first).status_code == 302
    answer = signed_in(world.bruno).post(address, second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Vu par Agnes." in page
    assert "Vu par Bruno.</textarea>" in page
    anomaly.refresh_from_db()
    assert anomaly.summary == "Vu par Agnes."
    again = re.search(r'name="read" value="(\w+)"', page)[1]
    assert signed_in(world.bruno).post(address, second | {"read": again}).status_code == 302


def test_c_cli_2_a_form_sent_twice_delivers_once(world: World) -> None:
    ticket, anomaly = world.file(), defect(world)
    linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=anomaly)
    agnes, address = signed_in(world.agnes), reverse("anomaly_deliver", args=[anomaly.pk])
    assert 'name="last" value="0"' in agnes.get(address).content.decode()
    whole = {"what": "fix", "content": "Fait une fois.", "how_to_test": "Voir.", "last": 0}
    assert agnes.post(address, whole).status_code == 302
    again = agnes.post(address, whole | {"content": "Tout autre chose."})
    page = again.content.decode()
    delivery = AnomalyDelivery.objects.get()
    assert again.status_code == 409
    assert "Tout autre chose." in page
    assert "Fait une fois." in page
    assert f'name="last" value="{delivery.pk}"' in page
    assert ticket.entries.filter(kind="delivered").count() == 1
    assert agnes.post(address, whole | {"last": delivery.pk, "content": "Refait."}).status_code == 302
    assert AnomalyDelivery.objects.count() == 2


@pytest.mark.parametrize("name", ["anomalies", "anomaly", "anomaly_delivery"])
def test_a_page_costs_the_same_for_one_ticket_and_for_three(
    world: World, django_assert_num_queries, name: str
) -> None:
    prices = {"anomalies": 5, "anomaly": 6, "anomaly_delivery": 8}
    anomaly = defect(world)
    delivery = delivery_of(world, anomaly)
    numbers = {"anomalies": [], "anomaly": [anomaly.pk], "anomaly_delivery": [anomaly.pk, delivery.pk]}
    agnes = signed_in(world.agnes)
    for more in (1, 2):
        for _ in range(more):
            linking.link_anomaly(world.file(), by=world.agnes, at=AT, anomaly=anomaly)
            defect(world)
        with django_assert_num_queries(prices[name]):
            assert agnes.get(reverse(name, args=numbers[name])).status_code == 200
