"""The desk by the API: the queue in its order and counted, who carries what, saved views, canned answers, reports."""

import json

import pytest
from django.test import Client

from tests.tickets.api.asking import Asker, problem
from tests.tickets.record.lives import Lives
from tests.world import World
from tickets.actions.canned import keep_canned
from tickets.actions.desk import save_view
from tickets.models import MonthlyReport
from tickets.monthly.issuing import build_report
from tickets.reports.months import Month


def numbers(answer) -> list[int]:
    assert answer.status_code == 200, answer.content.decode()
    return [row["number"] for row in answer.json()["results"]]


def test_the_queues_order_is_read_page_after_page(world: World, client: Client) -> None:
    lives = Lives(world)
    for life in ("new", "waiting_client", "under_test", "closed"):
        getattr(lives, life)()
    client.force_login(world.agnes)
    shown = [row.line.number for row in client.get("/queue/?state=all").context["rows"]]
    agnes, read = Asker(world.agnes), []
    answer = agnes.get("tickets", {"order": "queue", "limit": 1})
    while answer.json()["next"]:
        read += numbers(answer)
        answer = agnes.get("tickets?" + answer.json()["next"].partition("?")[2])
    assert read + numbers(answer) == shown
    first = agnes.get("tickets", {"order": "queue", "limit": 1}).json()["next"].partition("?")[2]
    problem(Asker(world.maud).get(f"tickets?{first}"), 400, "not-understood")
    problem(agnes.get("tickets", {"order": "queue", "cursor": "x"}), 400, "not-understood")
    assert problem(Asker(world.claire).get("tickets?order=queue"), 400, "not-understood")["errors"]


def test_the_queue_is_counted_as_its_tabs_are(world: World, client: Client) -> None:
    Lives(world).in_progress()
    world.file()
    client.force_login(world.agnes)
    shown = {tab.name: tab.count for tab in client.get("/queue/").context["tabs"]}
    said = Asker(world.agnes).get("queue").json()
    assert {tab["name"]: tab["count"] for tab in said["tabs"]} == shown
    load = Asker(world.maud).get("workload").json()
    assert {each["owner"]: each["open"] for each in load["loads"]} == {str(world.agnes.pk): 1, "nobody": 1}


def test_one_reads_ones_own_views_and_answers_and_the_teams(world: World) -> None:
    for who, name, is_shared in (
        ("agnes", "À moi", False),
        ("bruno", "À lui", False),
        ("maud", "À tous", True),
    ):
        by = getattr(world, who)
        save_view(by=by, name=name, query="state=all", is_shared=is_shared, client_name="")
        keep_canned(None, by=by, title=name, body="Bonjour", is_shared=is_shared)
    agnes = Asker(world.agnes)
    for path, word in (("saved-views", "name"), ("canned-answers", "title")):
        said = agnes.get(path).json()["results"]
        assert [each[word] for each in said] == ["À moi", "À tous"], path
        problem(Asker(world.claire, name=path).get(path), 403, "not-permitted")


def test_what_resembles_a_ticket_is_the_vendors_to_read(world: World) -> None:
    ticket, alike = world.file(title="Export comptable vide"), world.file(title="Export comptable vide")
    assert numbers(Asker(world.agnes).get(f"tickets/{ticket.pk}/similar")) == [alike.pk]
    problem(Asker(world.claire).get(f"tickets/{ticket.pk}/similar"), 403, "not-permitted")


def test_a_monthly_report_is_read_as_its_file_says_it(world: World, client: Client) -> None:
    ticket = world.file("2026-04-28 10:30")
    report = build_report(world.contract, Month(2026, 4), by=world.maud, at=ticket.received_at)
    maud = Asker(world.maud)
    (said,) = maud.get("monthly-reports").json()["results"]
    assert (said["id"], said["month"], said["state"], said["number"]) == (
        report.pk,
        "2026-04-01",
        "draft",
        None,
    )
    client.force_login(world.maud)
    for suffix in ("json", "csv", "xlsx"):
        answer = maud.get(f"monthly-reports/{report.pk}/report.{suffix}")
        assert answer.status_code == 200
        assert f".{suffix}" in answer["Content-Disposition"]
    document = json.loads(maud.get(f"monthly-reports/{report.pk}/report.json").content)
    assert document == client.get(f"/reports/{report.pk}.json").json()
    marc = Asker(world.marc)  # a draft does not exist for a client
    assert marc.get("monthly-reports").json()["results"] == []
    problem(marc.get(f"monthly-reports/{report.pk}/report.json"), 404, "not-found")
    problem(Asker(world.claire).get("monthly-reports"), 403, "not-permitted")
    assert MonthlyReport.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "price"),
    [
        ("tickets?order=queue", 5),
        ("workload", 4),
        ("saved-views", 2),
        ("canned-answers", 2),
        ("tickets/{ticket}/similar", 5),
        ("monthly-reports", 2),
    ],
)
def test_a_list_has_the_same_price_for_one_row_and_for_three(
    world: World, django_assert_num_queries, path: str, price: int
) -> None:
    asker, ticket, at = Asker(world.maud), world.file(title="Export comptable"), None
    asker.get("me")
    months = iter((Month(2026, 1), Month(2026, 2), Month(2026, 3)))
    for more in (1, 2):
        for _ in range(more):
            at = world.file(title="Export comptable").received_at
            Lives(world).in_progress(title="Export comptable")
            name = f"Vue {at.timestamp()}"
            build_report(world.contract, next(months), by=world.maud, at=at)
            count = MonthlyReport.objects.count()
            save_view(
                by=world.maud, name=f"{name} {count}", query="state=all", is_shared=True, client_name=""
            )
            keep_canned(None, by=world.maud, title=name, body="Bonjour", is_shared=True)
        with django_assert_num_queries(price + 2):  # and the request's own transaction
            assert asker.get(path.format(ticket=ticket.pk)).status_code == 200
