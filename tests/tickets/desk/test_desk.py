"""What the desk keeps and tells: business time across calendars, unread, refreshes, load, saved views, display."""

import re

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Client, Role
from sla.models import Calendar, CalendarVersion
from sla.policy import Severity
from sla.versions import compiled_calendar
from tests.tickets.desk.test_queue import acknowledged, numbers, read
from tests.world import BEGINNING, World, paris, person
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.actions.desk import MOST_VIEWS
from tickets.actions.filing import Filing, file_ticket
from tickets.desk.closures import next_closure
from tickets.desk.order import versions_due
from tickets.desk.workload import what_is_near, workload
from tickets.models import QueueDisplay, Reading, SavedView, Ticket

NOW = "2026-04-30 11:00"  # a Thursday; 1 May, a holiday, makes a long week-end
ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}


@pytest.fixture
def at_noon():
    with time_machine.travel(paris(NOW), tick=False):
        yield


@pytest.fixture
def night_client(world: World) -> World:
    """The other client's calendar never closes."""
    calendar = Calendar.objects.create(name="Permanence")
    CalendarVersion.objects.create(calendar=calendar, number=1, published_at=BEGINNING, weekly=ALWAYS)
    world.other_contract.calendar = calendar
    world.other_contract.save()
    return world


def theirs(world: World, at: str, severity: Severity = Severity.MAJEURE) -> Ticket:
    filing = Filing("Écran figé", "Rien ne répond.", severity)
    return file_ticket(world.other_contract, filing, by=world.olivia, at=paris(at))


def test_the_order_is_that_of_business_time_left_across_calendars(
    client: Browser, night_client: World
) -> None:
    world = night_client
    # Thursday 17:00: two hours and four hours of acknowledgement. For the day client, 17:30 + 2 h is Monday 10:30.
    day = world.file("2026-04-30 17:30", "bloquante")
    night = theirs(world, "2026-04-30 17:30")
    with time_machine.travel(paris("2026-04-30 17:31"), tick=False):
        # 1 h 59 against 3 h 59 left.
        assert numbers(read(client, world.agnes)) == [day.pk, night.pk]
    with time_machine.travel(paris("2026-04-30 20:00"), tick=False):
        # The day client is closed with 1 h 30 left; the night client has 1 h 30… at 20:00.
        assert night.acknowledge_due_at < day.acknowledge_due_at
        assert numbers(read(client, world.agnes)) == [day.pk, night.pk]
    with time_machine.travel(paris("2026-04-30 20:01"), tick=False):
        assert numbers(read(client, world.agnes)) == [night.pk, day.pk]


def test_a_page_is_in_the_order_of_the_first_even_as_calendars_advance_apart(
    client: Browser, night_client: World
) -> None:
    world = night_client
    filed = [world.file(f"2026-04-30 17:{minute}", "bloquante").pk for minute in range(10, 36)]
    night = theirs(world, "2026-04-30 17:30").pk
    with time_machine.travel(paris("2026-04-30 18:00"), tick=False):
        first = read(client, world.agnes)
        order = [*filed, night]
        assert numbers(first) == order[:25]
    with time_machine.travel(paris("2026-04-30 21:00"), tick=False):
        assert numbers(read(client, world.agnes))[0] == night
        # The reader of the first page sees neither a ticket twice nor one too few.
        assert numbers(read(client, world.agnes, page=first.context["part"].following)) == order[25:]


def test_what_a_person_has_not_read_is_said_to_that_person_alone(
    client: Browser, world: World, at_noon
) -> None:
    ticket = acknowledged(world, "2026-04-30 10:00")

    def news(person):
        return read(client, person).context["rows"][0].news

    assert news(world.agnes) is None
    client.get(ticket.get_absolute_url())
    assert news(world.agnes) == 0
    assert news(world.bruno) is None
    vendor.ask(ticket, by=world.bruno, at=paris("2026-04-30 10:30"), message="Quelle version ?")
    client_side.answer(ticket, by=world.claire, at=paris("2026-04-30 10:40"), message="La 4.2.")
    vendor.note(ticket, by=world.bruno, at=paris("2026-04-30 10:45"), message="Déjà vu chez un autre.")
    assert news(world.agnes) == 3
    client.force_login(world.agnes)
    client.get(ticket.get_absolute_url())
    assert news(world.agnes) == 0
    assert not Reading.objects.exclude(person=world.agnes).exists()


def test_what_a_client_reads_is_nobodys_business(client: Browser, world: World) -> None:
    ticket = world.file()
    client.force_login(world.claire)
    assert client.get(ticket.get_absolute_url()).status_code == 200
    assert not Reading.objects.exists()


def poll(browser: Browser, stamp: str, **query: str):
    return browser.get(reverse("queue"), query, headers={"hx-request": "true", "list-stamp": stamp})


def test_a_list_that_has_not_changed_gets_no_content(
    client: Browser, world: World, django_assert_num_queries
) -> None:
    ticket = world.file("2026-04-30 10:00")
    with time_machine.travel(paris("2026-04-30 19:00"), tick=False):
        stamp = read(client, world.agnes).context["stamp"]
    # Support is closed: three hours later, on the same evening, nothing reads otherwise.
    with time_machine.travel(paris("2026-04-30 22:00"), tick=False):
        with django_assert_num_queries(3):  # session, person, the stamp
            answer = poll(client, stamp)
        assert (answer.status_code, answer.content) == (204, b"")
        vendor.note(ticket, by=world.bruno, at=paris("2026-04-30 22:00"), message="Note.")
        # A note nobody's line says: what is shown is the same, and the new stamp is told.
        answer = poll(client, stamp)
        assert answer.status_code == 204
        assert answer.headers["List-Stamp"] != stamp
        assert poll(client, answer.headers["List-Stamp"]).status_code == 204
        vendor.assign(ticket, by=world.maud, at=paris("2026-04-30 22:01"), owner=world.bruno)
        answer = poll(client, stamp)
        assert answer.status_code == 200
        assert "Bruno Lefevre" in answer.text
    with time_machine.travel(paris("2026-05-04 09:01"), tick=False):
        assert poll(client, stamp).status_code == 200  # business time passes again
    assert poll(client, "forged").status_code == 200


def test_what_is_near_comes_back_with_the_list(client: Browser, world: World) -> None:
    ticket = world.file("2026-04-30 10:00", "bloquante")
    with time_machine.travel(paris("2026-04-30 10:30"), tick=False):
        page = read(client, world.agnes)
        assert page.text.count('id="desk-near"') == 1
        assert "hx-swap-oob" not in page.text.partition('id="desk-near"')[2].partition(">")[0]
        stamp = page.context["stamp"]
        assert poll(client, stamp).status_code == 204
        vendor.class_out_of_scope(
            ticket, by=world.bruno, at=paris("2026-04-30 10:30"), ground="misuse", explanation="Hors notice."
        )
        answer = poll(client, stamp)
        assert answer.status_code == 200
        assert re.search(r'id="desk-near"\s+hx-swap-oob="true"', answer.text)


def test_a_list_that_shows_the_same_comes_back_for_what_is_near(client: Browser, world: World) -> None:
    world.file("2026-04-30 10:00", "bloquante")
    narrow = {"q": "introuvable"}
    with time_machine.travel(paris("2026-04-30 10:30"), tick=False):
        client.force_login(world.agnes)
        stamp = client.get(reverse("queue"), narrow).context["stamp"]
        world.file("2026-04-30 10:29", "bloquante")
        answer = poll(client, stamp, **narrow)
        assert answer.status_code == 200
        assert "2 Bloquantes" in answer.text.replace("\u00a0", " ")


def test_the_load_is_counted_by_owner_and_to_the_next_closure(client: Browser, world: World, at_noon) -> None:
    acknowledged(world, "2026-04-30 10:00", "bloquante")  # resolution on Monday or later
    acknowledged(world, "2026-04-28 10:00", "bloquante")  # due on Thursday 30 April at 16:00: today
    world.file("2026-04-30 10:30", "bloquante")  # acknowledgement at 12:30
    world.file("2026-04-29 10:30", "bloquante")  # late
    load = workload(world.agnes, paris(NOW))
    assert load.closure == paris("2026-04-30 18:00")
    said = {each.name: (each.open, each.late, each.today, each.before_closure) for each in load.loads}
    nobody = next(each.name for each in load.loads if each.owner == "nobody")
    assert said == {"Agnes Martin": (2, 0, 1, 1), nobody: (2, 1, 1, 1)}
    client.force_login(world.agnes)
    assert client.get(reverse("workload")).status_code == 200
    part = client.get(reverse("workload"), headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert "Agnes Martin" in part.text


@pytest.mark.parametrize("many", [1, 3])
def test_the_load_has_a_price(
    client: Browser, world: World, at_noon, django_assert_num_queries, many
) -> None:
    for number in range(many):
        owner, ticket = person(f"Agent {number}", Role.AGENT), world.file(f"2026-04-30 10:{number:02d}")
        vendor.acknowledge(ticket, by=owner, at=paris("2026-04-30 10:30"), owner=owner, message="Je regarde.")
    client.force_login(world.agnes)
    load = client.get(reverse("workload")).context["load"]
    assert len(load.loads) == many
    with django_assert_num_queries(5):  # session, person; the calendars, the counts, the names
        client.get(reverse("workload"))


@pytest.mark.parametrize(
    ("now", "closure"),
    [
        ("2026-04-30 11:00", "2026-04-30 18:00"),  # Thursday before 1 May
        ("2026-04-30 18:00", "2026-05-07 18:00"),  # closed already: Friday 8 May is a holiday too
        ("2026-05-02 12:00", "2026-05-07 18:00"),
        ("2026-05-18 09:00", "2026-05-22 18:00"),
    ],
)
def test_the_next_closure_is_the_last_closing_before_a_day_off(world: World, now: str, closure: str) -> None:
    calendar = compiled_calendar(CalendarVersion.objects.get().pk)
    assert next_closure(calendar, paris(now)) == paris(closure)


def test_a_calendar_open_every_day_closes_next_on_a_holiday(night_client: World) -> None:
    version = CalendarVersion.objects.get(calendar__name="Permanence")
    assert next_closure(compiled_calendar(version.pk), paris(NOW)) == paris("2026-05-01 00:00")
    later = next_closure(compiled_calendar(version.pk), paris("2026-07-15 00:00"))
    assert later == paris("2026-08-15 00:00")


def test_what_falls_due_is_said_in_a_sentence_across_the_week_end(client: Browser, world: World) -> None:
    for minute in ("16:30", "16:30", "16:30"):
        world.file(f"2026-05-22 {minute}", "bloquante")  # two hours: Monday 25 May is Whit Monday
    world.file("2026-05-22 15:30", "majeure")
    with time_machine.travel(paris("2026-05-22 16:45"), tick=False):
        answer = read(client, world.agnes)
        assert "vendredi 16 h 45 : 3 Bloquantes échoient mardi 9 h 30, 1 Majeure échoit mardi 10 h 30." in (
            answer.text.replace("\u00a0", " ").replace("\u202f", " ")
        )
    assert what_is_near(world.agnes, paris("2026-05-18 10:00"), versions_due()) == []


def save(browser: Browser, person, **data: str):
    browser.force_login(person)
    return browser.post(reverse("save_view"), data)


def test_a_view_is_kept_under_a_name_and_found_again(client: Browser, world: World, at_noon) -> None:
    ticket = world.file("2026-04-30 10:00", "bloquante")
    answer = save(
        client,
        world.agnes,
        name="Brasserie",
        query=f"client={world.client.pk}&severity=&size=50&page=x&q=export",
    )
    view = SavedView.objects.get()
    assert (view.query, view.client_name) == (f"client={world.client.pk}&q=export", "Brasserie du Nord")
    followed = client.get(answer.headers["Location"])
    assert followed.status_code == 200
    assert numbers(followed) == [ticket.pk]
    assert "Brasserie" in followed.text
    assert SavedView.objects.usable_by(world.bruno).count() == 0


def test_only_a_manager_shares_a_view_and_deletes_a_shared_one(
    client: Browser, world: World, at_noon
) -> None:
    save(client, world.agnes, name="Retards", query="view=breached", is_shared="on")
    assert not SavedView.objects.get(name="Retards").is_shared  # the box is not hers: it is not heard
    save(client, world.maud, name="Bloquantes", query="severity=bloquante", is_shared="on")
    shared = SavedView.objects.get(name="Bloquantes")
    assert shared.name in read(client, world.bruno).text
    delete = reverse("delete_view", args=[shared.pk])
    assert client.post(delete).status_code == 403
    client.force_login(world.maud)
    assert client.post(delete).status_code == 302
    assert client.post(delete).status_code == 404
    own = SavedView.objects.get(name="Retards")
    assert (
        client.post(reverse("delete_view", args=[own.pk])).status_code == 404
    )  # another's own does not exist


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"name": "", "query": ""}, "name"),
        ({"name": "x" * 61, "query": ""}, "name"),
        ({"name": "Retards", "query": "severity=cosmetic"}, "query"),
        ({"name": "Retards", "query": "colour=red"}, "query"),
        ({"name": "Retards", "query": "q=prio:haute"}, "query"),
        ({"name": "déjà", "query": ""}, "name"),
    ],
)
def test_a_view_that_cannot_be_kept_is_refused_with_what_was_typed(
    client: Browser, world: World, data, what
) -> None:
    SavedView.objects.create(person=world.agnes, name="Déjà", query="")
    answer = save(client, world.agnes, **data)
    assert answer.status_code == 422
    assert what in answer.context["form"].errors
    assert f'value="{data["name"]}"' in answer.text or not data["name"]
    assert SavedView.objects.count() == 1


def test_nobody_keeps_more_views_than_a_menu_holds(client: Browser, world: World) -> None:
    SavedView.objects.bulk_create(
        SavedView(person=world.agnes, name=str(number), query="") for number in range(MOST_VIEWS)
    )
    assert save(client, world.agnes, name="Une de trop", query="").status_code == 422


def test_a_saved_view_whose_client_is_no_more_says_so(client: Browser, world: World, at_noon) -> None:
    ticket = world.file("2026-04-30 10:00", "bloquante")
    passing = Client.objects.create(name="Ferme du Lac", code="lac")
    save(client, world.agnes, name="Le lac", query=f"client={passing.pk}&severity=bloquante")
    view = SavedView.objects.get()
    passing.delete()
    answer = client.get(f"{reverse('queue')}?{view.query}&saved={view.pk}")
    assert answer.status_code == 400
    (mistake,) = answer.context["form"].mistakes
    assert "Ferme du Lac" in mistake
    assert "Le lac" in mistake
    assert numbers(answer) == [ticket.pk]  # the severity holds
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_columns_and_density_are_kept_for_the_person(client: Browser, world: World, at_noon) -> None:
    world.file("2026-04-30 10:00")
    client.force_login(world.agnes)
    chosen = {"columns": ["client", "severity"], "density": "compact", "next": "/queue/?view=mine"}
    answer = client.post(reverse("queue_display"), chosen)
    assert answer.headers["Location"] == "/queue/?view=mine"
    text = read(client, world.agnes).text
    assert "desk-compact" in text
    assert 'data-label="Client et solution"' in text
    assert 'data-label="Prise en charge par"' not in text
    assert "desk-compact" not in read(client, world.bruno).text
    client.force_login(world.agnes)
    assert (
        client.post(reverse("queue_display"), {"columns": ["colour"], "density": "compact"}).status_code
        == 400
    )
    assert client.post(reverse("queue_display"), {"density": "tiny"}).status_code == 400
    assert QueueDisplay.objects.get().hidden == ["owner", "received", "state"]


@pytest.mark.parametrize("name", ["queue_display", "save_view", "workload"])
def test_the_clients_side_has_no_desk(client: Browser, world: World, name: str) -> None:
    client.force_login(world.claire)
    assert client.post(reverse(name), {"name": "x", "density": "roomy"}).status_code == 403
    assert not SavedView.objects.exists()
    assert not QueueDisplay.objects.exists()


def take(browser: Browser, person, ticket: str):
    browser.force_login(person)
    return browser.post(reverse("take"), {"ticket": ticket, "next": "/queue/?view=unowned"})


def test_a_ticket_is_taken_from_its_line_once(client: Browser, world: World, at_noon) -> None:
    ticket = world.file("2026-04-30 10:00")
    seen = f"{ticket.pk}:{ticket.last_seq}"
    answer = take(client, world.agnes, seen)
    assert answer.headers["Location"] == f"/queue/?view=unowned#ticket-{ticket.pk}"
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.acknowledged_at) == (world.agnes, None)  # taken, not acknowledged (C-SLA-2)
    # Bruno saw it unowned: he is told, and nothing is taken from Agnes.
    assert take(client, world.bruno, seen).status_code == 409
    assert take(client, world.agnes, f"{ticket.pk}:{ticket.last_seq}").status_code == 409
    ticket.refresh_from_db()
    assert ticket.owner == world.agnes


@pytest.mark.parametrize(
    ("said", "status"), [("", 400), ("12", 400), ("x:1", 400), ("1:" + "9" * 30, 400), ("999999:1", 404)]
)
def test_a_taking_that_names_no_ticket_is_refused(
    client: Browser, world: World, said: str, status: int
) -> None:
    assert take(client, world.agnes, said).status_code == status


def test_a_platform_administrator_takes_nothing(client: Browser, world: World, at_noon) -> None:
    ticket = world.file("2026-04-30 10:00")
    assert "data-take" not in read(client, world.paul).text
    assert take(client, world.paul, f"{ticket.pk}:1").status_code == 403
    assert take(client, world.claire, f"{ticket.pk}:1").status_code == 403
