"""Product anomalies by the API: the vendor's alone, recorded, changed and delivered as on the pages."""

import pytest

from tests.tickets.anomalies.test_linking import AT, defect, delivery_of, theirs
from tests.tickets.api.asking import Asker, problem
from tests.world import World
from tickets.actions import client, linking, vendor
from tickets.models import AnomalyDelivery, ProductAnomaly, Scope

FIX = {"what": "fix", "version": "4.3", "content": "Corrigé.", "how_to_test": "Relancer."}


def test_one_is_recorded_changed_and_found_again(world: World) -> None:
    agnes = Asker(world.agnes)
    body = {"solution": world.solution.pk, "title": "Export tronqué", "summary": "Des lignes manquent."}
    answer = agnes.post("anomalies", body, Idempotency_Key="k")
    assert answer.status_code == 201, answer.content.decode()
    said = answer.json()
    assert answer["Location"] == f"/api/v1/anomalies/{said['id']}"
    assert agnes.post("anomalies", body, Idempotency_Key="k").json() == said
    changed = {"title": "Export coupé", "summary": "Ligne 1000.", "planned_version": "4.3"}
    answer = agnes.post(f"anomalies/{said['id']}/change", changed)
    assert answer.json() == {**said, **changed}
    assert agnes.get(f"anomalies/{said['id']}").json() == answer.json()
    assert ProductAnomaly.objects.get().history.count() == 2
    for words, found in (("coupe", 1), (said["reference"], 1), ("tronqué", 0)):
        assert len(agnes.get("anomalies", {"q": words}).json()["results"]) == found
    missing = problem(agnes.post("anomalies", {**body, "title": " "}), 422, "not-accepted")
    assert [error["field"] for error in missing["errors"]] == ["title"]
    for query, name in (
        ({"solution": "999999"}, "solution"),
        ({"page": "2"}, "page"),
        ({"q": "x" * 121}, "q"),
    ):
        errors = problem(agnes.get("anomalies", query), 400, "not-understood")["errors"]
        assert [error["field"] for error in errors] == [name]


def test_c_cli_2_one_delivery_reaches_each_linked_ticket_and_says_which_refused(world: World) -> None:
    ours, foreign, scoped, anomaly = world.file(), theirs(world), world.file(title="Hors"), defect(world)
    agnes, path = Asker(world.agnes), f"anomalies/{anomaly.pk}/deliveries"
    problem(agnes.post(path, FIX), 409, "not-possible-now")
    assert not AnomalyDelivery.objects.exists()
    for ticket in (ours, foreign, scoped):
        linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=anomaly)
    vendor.class_out_of_scope(scoped, by=world.agnes, at=AT, ground="misuse", explanation="Hors notice.")
    answer = agnes.post(path, FIX, Idempotency_Key="k")
    assert answer.status_code == 201, answer.content.decode()
    said = answer.json()
    assert (said["served"], said["awaiting"]) == ([ours.pk, foreign.pk], [scoped.pk])
    assert [each["ticket"] for each in said["refused"]] == [scoped.pk]
    assert agnes.post(path, FIX, Idempotency_Key="k").content == answer.content
    assert agnes.get(answer["Location"].removeprefix("/api/v1/")).json() == {**said, "refused": []}
    assert [each["id"] for each in agnes.get(path).json()["results"]] == [said["id"]]
    linked = agnes.get(f"anomalies/{anomaly.pk}/tickets").json()["results"]
    assert [each["number"] for each in linked] == [scoped.pk, foreign.pk, ours.pk]
    vendor.put_in_scope(scoped, by=world.agnes, at=AT, message="Nous reprenons.")
    again = agnes.post(f"anomaly-deliveries/{said['id']}")
    assert again.json()["served"] == [ours.pk, foreign.pk, scoped.pk]
    assert (
        "attend" in problem(agnes.post(f"anomaly-deliveries/{said['id']}"), 409, "not-possible-now")["detail"]
    )
    ours.refresh_from_db()
    assert ours.state == "under_test"
    problem(agnes.post(path, {**FIX, "last": 0}), 409, "not-possible-now")
    assert AnomalyDelivery.objects.count() == 1


@pytest.mark.parametrize("name", ["claire", "marc", "paul"])
def test_nobody_but_the_support_team_keeps_them(world: World, name: str) -> None:
    anomaly, asker = defect(world), Asker(getattr(world, name))
    delivery = delivery_of(world, anomaly)
    for path in ("anomalies", f"anomalies/{anomaly.pk}/change", f"anomalies/{anomaly.pk}/deliveries",
                 f"anomaly-deliveries/{delivery.pk}"):  # fmt: skip
        problem(asker.post(path), 403, "not-permitted")
    reader = Asker(world.agnes, Scope.READ)
    problem(reader.post("anomalies"), 403, "read-only-token")


@pytest.mark.parametrize(
    ("path", "price"),
    [
        ("anomalies", 2),
        ("anomalies/{anomaly}/tickets", 3),
        ("anomalies/{anomaly}/deliveries", 3),
        ("anomaly-deliveries/{delivery}", 4),
    ],
)
def test_a_list_has_the_same_price_for_one_row_and_for_three(
    world: World, django_assert_num_queries, path: str, price: int
) -> None:
    asker, anomaly = Asker(world.maud), defect(world)
    delivery = delivery_of(world, anomaly)
    asker.get("me")
    for more in (1, 2):
        for each in range(more):
            defect(world)
            linking.link_anomaly(world.file(), by=world.agnes, at=AT, anomaly=anomaly)
            delivery_of(world, anomaly, f"Corrigé {more}.{each}.")
        with django_assert_num_queries(price + 2):  # and the request's own transaction
            assert asker.get(path.format(anomaly=anomaly.pk, delivery=delivery.pk)).status_code == 200


def test_a_ticket_says_what_it_has_beside_it(world: World) -> None:
    ticket, other, anomaly = world.file(), world.file(title="Le même"), defect(world, planned_version="4.3")
    claire, agnes, path = Asker(world.claire), Asker(world.agnes), f"tickets/{ticket.pk}"
    bare = claire.get(path)
    assert [bare.json()[name] for name in ("related", "split_from", "anomaly", "watchers")] == [
        [],
        None,
        None,
        [],
    ]
    linking.relate(ticket, by=world.agnes, at=AT, other=other)
    linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=anomaly)
    assert claire.post(f"{path}/watch").json() == {"following": True}
    assert agnes.post(f"{path}/watch").json() == {"following": True}
    answer = claire.get(path)
    assert answer["ETag"] != bare["ETag"]
    said = answer.json()
    assert said["related"] == [other.pk]
    assert said["anomaly"] == {
        "id": anomaly.pk, "reference": anomaly.reference, "summary": anomaly.summary, "planned_version": "4.3",
    }  # fmt: skip
    assert [each["name"] for each in said["watchers"]] == [
        str(world.claire)
    ]  # the other side's is its own affair
    assert claire.post(f"{path}/unwatch").json() == {"following": False}
    assert claire.get(path).json()["watchers"] == []
    assert Asker(world.olivia).post(f"{path}/watch").status_code == 404
    assert problem(claire.post(f"{path}/watch", {"follow": True}), 400, "not-understood")["errors"]


def test_c_who_3_a_ticket_split_off_says_from_which(world: World) -> None:
    ticket, agnes = world.file(), Asker(world.agnes)
    vendor.ask(ticket, by=world.agnes, at=AT, message="Quelle version ?")
    client.answer(ticket, by=world.claire, at=AT, message="Et l'impression échoue.")
    source = ticket.messages.get(author=world.claire)
    body = {"source": source.pk, "title": "Impression", "severity": "mineure"}
    answer = agnes.post(f"tickets/{ticket.pk}/actions/split", body)
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()["ticket"]
    assert (made["split_from"], made["related"]) == (ticket.pk, [ticket.pk])
    assert agnes.get(f"tickets/{ticket.pk}").json()["split_from"] is None


def test_k_19_what_was_said_on_a_duplicate_is_read_on_the_original(world: World) -> None:
    original, duplicate = world.file(), world.file(title="Le même")
    vendor.ask(duplicate, by=world.agnes, at=AT, message="Le même ?")
    vendor.note(duplicate, by=world.agnes, at=AT, message="Entre nous.")
    agnes = Asker(world.agnes)
    body = {"ground": "duplicate", "duplicate_of": original.pk, "message": "Voir le premier."}
    answer = agnes.post(f"tickets/{duplicate.pk}/actions/close", body)
    assert answer.status_code == 200, answer.content.decode()
    for who, words in ((world.agnes, ["Le même ?", "Entre nous."]), (world.claire, ["Le même ?"])):
        said = Asker(who, name="fil").get(f"tickets/{original.pk}/conversation").json()["results"]
        assert [(each["ticket"], each["body"]) for each in said][: len(words)] == [
            (duplicate.pk, text) for text in words
        ]
