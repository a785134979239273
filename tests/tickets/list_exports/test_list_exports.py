"""Exports: the very tickets of the list, typed, neutral, streamed or made in the background, sent by mail when due."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.tickets.monthly.reading import formulas_in, sheets_of
from tests.world import World, paris
from tickets.cells import neutral_cell
from tickets.list_exports.jobs import ask_export, make_exports, next_due
from tickets.models import (
    Every,
    ExportFormat,
    ExportSchedule,
    ExportSource,
    ListExport,
    ListExportState,
    Mail,
)
from tickets.notifications.sending import send_waiting
from tickets.reports.days import Days
from tickets.reports.forms import PeriodForm

NOW = "2026-06-03 12:00"


@pytest.fixture(autouse=True)
def in_june() -> Iterator[None]:
    with time_machine.travel(paris(NOW), tick=False):
        yield


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def rows(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(answer).decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+33", "'+33"),
        ("-2", "'-2"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    assert neutral_cell(text) == cell


def test_the_queue_as_csv_is_for_a_french_excel(client: Browser, world: World, may) -> None:
    world.file("2026-06-01 10:00", title="=SOMME(A1:A9)")
    client.force_login(world.agnes)
    answer = client.get(reverse("list_file", args=["queue", "csv"]), {"state": "all"})
    assert answer["Content-Disposition"] == 'attachment; filename="tickets-queue.csv"'
    found = rows(answer)
    assert len(found) == 1 + 17
    assert found[0][:4] == ["Numéro", "Client", "Solution", "Titre"]
    assert "'=SOMME(A1:A9)" in [row[3] for row in found]
    assert "01/06/2026 10:00" in [row[7] for row in found]


def test_a_file_holds_what_the_filtered_list_shows(client: Browser, world: World, may) -> None:
    client.force_login(world.agnes)
    for query in (
        {},
        {"state": "closed"},
        {"severity": "bloquante"},
        {"view": "breached"},
        {"q": f"#{may['late'].pk}"},
    ):
        page = client.get(reverse("queue"), {**query, "size": "100"})
        listed = [row.ticket.pk for row in page.context["rows"]]
        found = json.loads(content(client.get(reverse("list_file", args=["queue", "json"]), query)))
        assert [row["number"] for row in found] == listed, query


def test_the_tickets_behind_a_figure_are_exported(client: Browser, world: World, may) -> None:
    client.force_login(world.marc)
    query = {"month": "2026-05", "figure": "resolve_missed"}
    found = json.loads(content(client.get(reverse("list_file", args=["figures", "json"]), query)))
    assert {row["number"] for row in found} == {may[name].pk for name in ("late", "breached", "refused")}
    assert "owner" not in found[0], "an agent is named to the vendor alone"
    refused = client.get(reverse("list_file", args=["figures", "json"]), {"month": "2026-05"})
    assert refused.status_code == 400


def test_a_workbook_has_types_and_no_formula(client: Browser, world: World, may) -> None:
    world.file("2026-06-01 10:00", title="=SOMME(A1:A9)")
    client.force_login(world.claire)
    book = content(client.get(reverse("list_file", args=["portal", "xlsx"]), {"view": "all"}))
    [(_name, found)] = sheets_of(book).items()
    assert formulas_in(book) == 0
    assert len(found) == 1 + 17
    kept = next(row for row in found if row[0] == may["kept"].pk)
    assert 9.0 in kept  # resolved in nine hours
    assert "=SOMME(A1:A9)" in [cell for row in found for cell in row]


@pytest.mark.parametrize(
    ("who", "source", "query"),
    [
        ("agnes", "queue", {"severity": "mild"}), ("agnes", "queue", {"client": "999999"}),
        ("agnes", "queue", {"colour": "red"}), ("marc", "portal", {"severity": "mild"}),
        ("marc", "portal", {"solution": "999999"}), ("marc", "portal", {"q": "date:hier"}),
    ],
)  # fmt: skip
def test_a_filter_that_is_not_understood_is_refused_in_words_and_makes_no_file(
    client: Browser, world: World, may, who: str, source: str, query: dict[str, str]
) -> None:
    client.force_login(getattr(world, who))
    for suffix in ExportFormat.values:
        answer = client.get(reverse("list_file", args=[source, suffix]), query)
        assert answer.status_code == 400
        assert answer.context["mistake"]


@pytest.mark.parametrize(
    ("who", "source", "status"),
    [
        ("claire", "queue", 403), ("marc", "queue", 403), ("agnes", "portal", 403), ("agnes", "figures", 403),
        ("agnes", "nothing", 404), ("lucas", "portal", 200),
    ],
)  # fmt: skip
def test_each_list_is_exported_by_those_who_have_it(
    client: Browser, world: World, who: str, source: str, status: int
) -> None:
    client.force_login(getattr(world, who))
    answer = client.get(reverse("list_file", args=[source, "json"]))
    assert answer.status_code == status
    if status == 200:
        assert json.loads(content(answer)) == []


def test_a_long_list_is_made_in_the_background_and_told_by_mail(
    client: Browser, world: World, may, settings
) -> None:
    settings.EXPORT_DIRECT_ROWS = 3
    client.force_login(world.agnes)
    offered = client.get(reverse("list_file", args=["queue", "xlsx"]), {"state": "all"})
    assert offered.status_code == 200
    assert offered.context["number"] == 16
    form = {name: offered.context["form"][name].value() for name in ("source", "query", "suffix")}
    assert client.post(reverse("list_exports"), form)["Location"] == reverse("list_exports")
    export = ListExport.objects.get()
    assert client.get(reverse("list_export_file", args=[export.pk])).status_code == 404, "not yet"
    assert make_exports(timezone.now()) == 1
    assert make_exports(timezone.now()) == 0
    export.refresh_from_db()
    assert (export.state, export.written, export.total) == (ListExportState.DONE, 16, 16)
    [(_name, found)] = sheets_of(content(client.get(reverse("list_export_file", args=[export.pk])))).items()
    assert len(found) == 17
    assert Mail.objects.get(template="list_ready").recipient == world.agnes
    assert send_waiting(timezone.now())["failed"] == 0
    client.force_login(world.maud)
    assert client.get(reverse("list_export_file", args=[export.pk])).status_code == 404, (
        "it is its person's alone"
    )


def test_what_broke_is_said_with_its_reason_and_keeps_nobody_waiting(
    client: Browser, world: World, may
) -> None:
    at = timezone.now()
    ask_export(world.maud, ExportSource.FIGURES, "month=2026-05&figure=received", ExportFormat.CSV, at=at)
    ListExport.objects.update(query="figure=none")  # the product no longer has that figure
    ask_export(world.agnes, ExportSource.QUEUE, "", ExportFormat.CSV, at=at)
    assert make_exports(at) == 1
    assert list(ListExport.objects.order_by("pk").values_list("state", flat=True)) == [
        ListExportState.FAILED,
        ListExportState.DONE,
    ]
    assert Mail.objects.filter(template="list_ready").count() == 2
    mail.outbox.clear()
    assert send_waiting(at)["failed"] == 0
    client.force_login(world.maud)
    reason = "Sélectionnez un choix valide. none"
    assert reason in client.get(reverse("list_exports")).text
    told = [letter.body for letter in mail.outbox if "n’a pas pu être" in letter.subject]
    assert [reason in " ".join(body.split()) for body in told] == [True], [x.subject for x in mail.outbox]


def test_what_broke_in_the_product_is_told_without_its_inner_words(world: World) -> None:
    at = timezone.now()
    ask_export(world.maud, ExportSource.QUEUE, "", ExportFormat.CSV, at=at)
    ListExport.objects.update(source="nothing")
    assert make_exports(at) == 0
    assert ListExport.objects.get().error.startswith("Une panne chez le fournisseur")


def test_a_list_that_cannot_be_made_is_not_asked_for(client: Browser, world: World) -> None:
    client.force_login(world.maud)
    for source, query in (
        ("figures", "figure=none"),
        ("queue", "severity=mild"),
        ("breaches", "from=2026-05-01"),
    ):
        answer = client.post(reverse("list_exports"), {"source": source, "query": query, "suffix": "csv"})
        assert answer.status_code == 422
        assert answer.context["mistake"]
    assert not ListExport.objects.exists()


def test_a_worker_that_died_gives_its_file_up_in_time(world: World) -> None:
    at = timezone.now()
    export = ask_export(world.agnes, ExportSource.QUEUE, "", ExportFormat.JSON, at=at)
    ListExport.objects.filter(pk=export.pk).update(state=ListExportState.RUNNING, begun_at=at)
    assert make_exports(at + timedelta(minutes=5)) == 0
    assert make_exports(at + timedelta(minutes=25)) == 1


def test_a_file_is_given_up_from_its_own_beginning_and_not_from_that_of_the_run(world: World) -> None:
    at = timezone.now()
    ask_export(world.agnes, ExportSource.QUEUE, "", ExportFormat.JSON, at=at - timedelta(minutes=30))
    make_exports(at - timedelta(minutes=25))
    begun_at = ListExport.objects.get().begun_at
    assert begun_at is not None and begun_at >= at


def test_a_file_is_removed_after_a_week(world: World) -> None:
    at = timezone.now()
    export = ask_export(world.agnes, ExportSource.QUEUE, "", ExportFormat.JSON, at=at)
    make_exports(at)
    export.refresh_from_db()
    name = export.file.name
    assert default_storage.exists(name)
    make_exports(at + timedelta(days=8))
    export.refresh_from_db()
    assert export.state == ListExportState.GONE
    assert not default_storage.exists(name)


def test_a_file_stays_where_it_is_once_the_client_has_left(client: Browser, world: World) -> None:
    at = timezone.now()
    export = ask_export(world.marc, ExportSource.PORTAL, "", ExportFormat.CSV, at=at)
    make_exports(at)
    client.force_login(world.marc)
    address = reverse("list_export_file", args=[export.pk])
    assert b"".join(client.get(address).streaming_content)
    world.client.is_active = False
    world.client.save()
    assert client.get(address).status_code == 404


def test_a_schedule_sends_each_person_the_list_as_they_see_it_once(
    client: Browser, world: World, may
) -> None:
    client.force_login(world.marc)
    form = {
        "source": "portal", "query": "view=all", "suffix": "csv", "name": "Tous nos tickets", "every": "week",
        "recipients": [world.marc.pk, world.claire.pk, world.lucas.pk],
    }  # fmt: skip
    assert client.post(reverse("list_schedule"), form).status_code == 302
    schedule = ExportSchedule.objects.get()
    assert schedule.next_due_at == paris("2026-06-08 06:00")  # the next Monday
    assert make_exports(paris("2026-06-08 05:59")) == 0
    assert make_exports(paris("2026-06-08 06:00")) == 3
    assert make_exports(paris("2026-06-08 06:01")) == 0
    found = {export.person: export.written for export in ListExport.objects.all()}
    assert found == {world.marc: 16, world.claire: 16, world.lucas: 0}
    schedule.refresh_from_db()
    assert schedule.next_due_at == paris("2026-06-15 06:00")
    assert client.post(reverse("list_schedule_remove", args=[schedule.pk])).status_code == 302
    assert not ExportSchedule.objects.exists()


def test_a_schedule_reaches_ones_own_side_alone(client: Browser, world: World) -> None:
    client.force_login(world.marc)
    form = {"source": "portal", "query": "", "suffix": "csv", "name": "x", "every": "month"}
    for stranger in (world.olivia, world.agnes):
        assert client.post(reverse("list_schedule"), {**form, "recipients": [stranger.pk]}).status_code == 422
    client.force_login(world.claire)  # no manager: for herself alone
    assert client.post(reverse("list_schedule"), {**form, "recipients": [world.marc.pk]}).status_code == 422
    assert client.post(reverse("list_schedule"), {**form, "recipients": [world.claire.pk]}).status_code == 302
    assert client.post(reverse("list_schedule"), {**form, "source": "queue"}).status_code == 422
    client.force_login(world.maud)
    assert (
        client.post(reverse("list_schedule_remove", args=[ExportSchedule.objects.get().pk])).status_code
        == 404
    )


def test_a_list_of_a_period_leaves_by_mail_over_the_period_before_each_sending(
    client: Browser, world: World, may
) -> None:
    client.force_login(world.maud)
    asked = client.get(
        reverse("list_schedule"), {"source": "breaches", "from": "2026-04-01", "to": "2026-04-30"}
    )
    form = {field.name: field.value() for field in asked.context["form"]}
    assert form["period"] == "previous_month"
    assert (
        client.post(reverse("list_schedule"), {**form, "name": "Manquements", "every": "month"}).status_code
        == 302
    )
    schedule = ExportSchedule.objects.get()
    assert schedule.query == "period=previous_month"
    assert schedule.next_due_at == paris("2026-07-01 06:00")
    ExportSchedule.objects.update(next_due_at=paris("2026-06-01 06:00"))
    with time_machine.travel(paris("2026-06-01 06:00"), tick=False):
        assert make_exports(paris("2026-06-01 06:00")) == 1
    assert ListExport.objects.get().written == 4, "the four of May"


def test_a_list_without_a_period_is_asked_none(client: Browser, world: World) -> None:
    client.force_login(world.maud)
    assert "period" not in client.get(reverse("list_schedule"), {"source": "queue"}).context["form"].fields


def test_a_schedule_that_would_fail_at_each_run_is_refused_in_words(client: Browser, world: World) -> None:
    client.force_login(world.maud)
    form = {
        "suffix": "csv", "name": "x", "every": "month", "recipients": [world.maud.pk], "period": "previous_month",
    }  # fmt: skip
    for source, query, changed in (
        ("figures", "figure=none", {}), ("queue", "severity=mild", {}), ("breaches", "", {"period": ""}),
        ("figures", f"figure=received&owner={world.agnes.pk}", {"recipients": [world.maud.pk, world.agnes.pk]}),
    ):  # fmt: skip
        asked = {**form, "source": source, "query": query, **changed}
        refused = client.post(reverse("list_schedule"), asked)
        assert refused.status_code == 422, (source, query)
        assert refused.context["form"].errors
        assert refused.context["form"]["name"].value() == "x"
    assert not ExportSchedule.objects.exists()


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("previous_week", "2026-05-25", "2026-05-31"),
        ("previous_month", "2026-05-01", "2026-05-31"),
        ("last_12_months", "2025-06-01", "2026-05-31"),
    ],
)
def test_a_period_in_words_is_over_on_the_day_it_is_asked_for(
    world: World, period: str, first: str, last: str
) -> None:
    for day in (date(2026, 6, 1), date(2026, 6, 7)):
        form = PeriodForm({"period": period}, person=world.maud, today=day)
        assert form.is_valid()
        assert form.days == Days(date.fromisoformat(first), date.fromisoformat(last))
    assert not PeriodForm({"period": period, "month": "2026-05"}, person=world.maud, today=day).is_valid()
    assert not PeriodForm({"period": "tomorrow"}, person=world.maud, today=day).is_valid()


def test_the_next_time_is_a_monday_or_a_first_at_six() -> None:
    assert next_due(Every.WEEK, paris("2026-06-08 06:00")) == paris("2026-06-15 06:00")
    assert next_due(Every.MONTH, paris("2026-12-31 23:00")) == paris("2027-01-01 06:00")


@pytest.mark.parametrize("many", [1, 3])
def test_the_price_of_the_page(client: Browser, world: World, django_assert_num_queries, many: int) -> None:
    for _each in range(many):
        ask_export(world.agnes, ExportSource.QUEUE, "", ExportFormat.CSV, at=timezone.now())
    client.force_login(world.agnes)
    client.get(reverse("list_exports"))
    with django_assert_num_queries(4):  # session, person, files, schedules
        client.get(reverse("list_exports"))
