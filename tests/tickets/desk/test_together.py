"""One act on many tickets: each served or refused on its own, nothing half done, nobody else's reached."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.desk.together import MOST, TOGETHER
from tickets.models import LedgerEntry, Message, Ticket
from tickets.transitions import VENDOR
from tickets.words import State
from tickets.workflow import BY_ACTION

AT = paris("2026-04-28 14:00")
ADDRESS = reverse("together")


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def theirs(world: World) -> Ticket:
    filing = Filing("Rien ne s'imprime", "Rien.", Severity.MAJEURE)
    return file_ticket(world.other_contract, filing, by=world.olivia, at=AT)


def sent(action: str, tickets: list[Ticket], **said: object) -> dict[str, object]:
    seen = {f"seen-{ticket.pk}": ticket.last_seq for ticket in tickets}
    return {"action": action, "ticket": [ticket.pk for ticket in tickets], **seen, **said}


@pytest.mark.parametrize("many", [1, 3])
def test_the_form_has_a_price(world: World, django_assert_num_queries, many: int) -> None:
    tickets = [theirs(world) if number % 2 else world.file() for number in range(many)]
    agnes = signed_in(world.agnes)
    asked = {"action": "ask", "ticket": [ticket.pk for ticket in tickets]}
    assert len(agnes.get(ADDRESS, asked).context["tickets"]) == many
    with django_assert_num_queries(4):  # session, person; the tickets, their last messages
        agnes.get(ADDRESS, asked)


def test_each_act_done_on_many_is_the_vendors() -> None:
    assert all(BY_ACTION[action].who == VENDOR for action in TOGETHER)


@pytest.mark.parametrize(
    ("action", "said", "kind"),
    [
        ("assign", {}, "assigned"),
        ("requalify", {"severity": "bloquante", "motive": "Paie bloquée."}, "severity"),
        ("ask", {"message": "Quelle version ?"}, "question"),
        ("close", {"ground": "agreed", "message": "Convenu."}, "closed"),
    ],
)
def test_every_ticket_chosen_gets_the_act(
    world: World, action: str, said: dict[str, object], kind: str
) -> None:
    tickets = [world.file(), theirs(world)]
    if action == "assign":
        said = {"owner": world.bruno.pk}
    answer = signed_in(world.agnes).post(ADDRESS, sent(action, tickets, **said), follow=True)
    assert "Done on 2 tickets." in answer.content.decode()
    assert all(ticket.entries.filter(kind=kind, by=world.agnes).count() == 1 for ticket in tickets)


def test_a_note_on_many_stays_internal(world: World) -> None:
    tickets = [world.file(), theirs(world)]
    signed_in(world.agnes).post(ADDRESS, sent("note", tickets, message="Même cause."))
    assert Message.objects.filter(is_internal=True, body="Même cause.").count() == 2


def test_one_that_refuses_is_said_and_the_others_are_served(world: World) -> None:
    open_one, closed, moved = world.file(), world.file(), world.file()
    client.withdraw(closed, by=world.claire, at=AT)
    for ticket in (open_one, closed, moved):
        ticket.refresh_from_db()
    typed = sent("ask", [open_one, closed, moved], message="Quelle version ?")
    client.answer(moved, by=world.claire, at=AT, message="Entre-temps.")
    answer = signed_in(world.agnes).post(ADDRESS, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Done on 1 ticket." in page
    assert "Somebody acted on this ticket" in page
    assert f"#{closed.pk}" in page
    assert "Quelle version ?</textarea>" in page
    states = list(Ticket.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.WAITING_CLIENT, State.CLOSED, State.NEW]


def test_a_note_written_meanwhile_refuses_its_ticket(world: World) -> None:
    served, noted = world.file(), world.file()
    agnes = signed_in(world.agnes)
    asked = {"action": "ask", "ticket": [served.pk, noted.pk]}
    shown = dict(
        re.findall(r'name="(seen-\d+)" value="([\d-]+)"', agnes.get(ADDRESS, asked).content.decode())
    )
    vendor.note(noted, by=world.bruno, at=AT, message="Ne rien demander.")
    assert agnes.post(ADDRESS, {**asked, **shown, "message": "Quelle version ?"}).status_code == 409
    assert [each.entries.filter(kind="question").count() for each in (served, noted)] == [1, 0]


def test_nothing_that_binds_is_chosen_beforehand(world: World) -> None:
    ticket, agnes = world.file(), signed_in(world.agnes)
    for action, field in (("close", "ground"), ("requalify", "severity"), ("assign", "owner")):
        form = agnes.get(ADDRESS, {"action": action, "ticket": [ticket.pk]}).context["form"]
        assert form[field].subwidgets[0].data["value"] == ""


def test_the_words_are_sent_again_to_those_alone_that_refused(world: World) -> None:
    served, moved = world.file(), world.file()
    typed = sent("ask", [served, moved], message="Quelle version ?")
    client.answer(moved, by=world.claire, at=AT, message="Entre-temps.")
    agnes = signed_in(world.agnes)
    page = agnes.post(ADDRESS, typed).content.decode()
    assert f'name="ticket" value="{moved.pk}"' in page
    assert f'name="ticket" value="{served.pk}"' not in page
    moved.refresh_from_db()
    assert f'name="seen-{moved.pk}" value="{moved.last_seq}-' in page
    assert agnes.post(ADDRESS, sent("ask", [moved], message="Quelle version ?")).status_code == 302
    assert moved.entries.filter(kind="question").count() == 1
    assert served.entries.filter(kind="question").count() == 1


@pytest.mark.parametrize(
    ("come_from", "goes_to"),
    [
        ("/queue/?view=late&page=2", "/queue/?view=late&page=2"),
        ("https://elsewhere.example/", "/queue/"),
        ("", "/queue/"),
    ],
)
def test_the_queue_is_found_again_as_it_was(world: World, come_from: str, goes_to: str) -> None:
    ticket, agnes = world.file(), signed_in(world.agnes)
    asked = {"action": "note", "ticket": [ticket.pk], "next": come_from}
    assert f'name="next" value="{escape(goes_to)}"' in agnes.get(ADDRESS, asked).content.decode()
    assert f'href="{escape(goes_to)}"' in agnes.get(ADDRESS, asked | {"ticket": []}).content.decode()
    answer = agnes.post(ADDRESS, sent("note", [ticket], message="Mot.", next=come_from))
    assert answer.headers["Location"] == goes_to


def test_the_form_shows_what_was_chosen_and_keeps_what_was_typed(world: World) -> None:
    tickets = [world.file(title="Le premier"), world.file(title="Le second")]
    agnes = signed_in(world.agnes)
    page = agnes.get(ADDRESS, {"action": "close", "ticket": [each.pk for each in tickets]}).content.decode()
    assert "Le premier" in page
    assert "Le second" in page
    answer = agnes.post(ADDRESS, sent("close", tickets, message="Sans motif."))
    assert answer.status_code == 422
    assert "Sans motif." in answer.content.decode()
    assert not LedgerEntry.objects.filter(kind="closed").exists()


@pytest.mark.parametrize("numbers", [[], ["999999"], ["x"], [str(number) for number in range(MOST + 1)]])
def test_what_cannot_be_chosen_is_refused_whole(world: World, numbers: list[str]) -> None:
    real = world.file()
    wanted = [*numbers, str(real.pk)] if numbers else []
    typed = {"action": "note", "ticket": wanted, "message": "Mot."}
    answer = signed_in(world.agnes).post(ADDRESS, typed)
    assert answer.status_code == 400
    assert "Mot.</textarea>" in answer.content.decode()
    assert signed_in(world.agnes).get(ADDRESS, typed).status_code == 400
    assert not Message.objects.exists()


def test_an_act_that_is_not_done_on_many_does_not_exist(world: World) -> None:
    agnes = signed_in(world.agnes)
    for name in ("deliver", "answer", "nothing", ""):
        assert agnes.get(ADDRESS, {"action": name, "ticket": 1}).status_code == 404


@pytest.mark.parametrize("name", ["claire", "marc", "rachel", "paul"])
def test_nobody_but_the_support_team_acts_on_many(world: World, name: str) -> None:
    ticket = world.file()
    answer = signed_in(getattr(world, name)).post(ADDRESS, sent("note", [ticket], message="Mot."))
    assert answer.status_code == 403
    assert not Message.objects.exists()
    vendor.note(ticket, by=world.agnes, at=AT, message="Mot.")
