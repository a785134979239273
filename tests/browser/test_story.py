"""The story that the contract tells, lived in a browser with its clock: from the filing to the tacit closing.

The clock of the whole process is set to each act's instant; every deadline was computed by hand. 1 May, 8 May
(holidays) and Ascension (14 May 2026) are crossed.
"""

import email
import re
from collections.abc import Callable
from email.policy import default
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.world import World, paris
from tickets.clocks import rules_of, statement_of
from tickets.ledger import facts_of
from tickets.models import Ticket
from tickets.words import ClosingGround, State

pytestmark = pytest.mark.browser


@pytest.fixture
def mail(settings) -> Callable[[], list[tuple[str, str, str]]]:
    """A function that reads the mails that left since the last time: (to, subject, plain text)."""
    settings.EMAIL_BACKEND = "tickets.notifications.files.EmlFileBackend"
    read: set[Path] = set()

    def letters() -> list[tuple[str, str, str]]:
        found = []
        for path in sorted(Path(settings.MAIL_DIR).glob("*.eml")):
            if path not in read:
                read.add(path)
                message = email.message_from_bytes(path.read_bytes(), policy=default)
                text = message.get_body(("plain",)).get_content()
                found.append((str(message["to"]), str(message["subject"]).strip(), text))
        return found

    return letters


@pytest.fixture
def at(page: Page, sign_in, world: World):
    """A context in which it is a wall-clock time in Paris and a person has just signed in."""

    class At:
        def __init__(self, when: str, person: User) -> None:
            self.travel = time_machine.travel(paris(when), tick=False)
            self.person = person

        def __enter__(self) -> Page:
            self.travel.start()
            sign_in(page, self.person)
            return page

        def __exit__(self, *_: object) -> None:
            page.goto("about:blank")
            self.travel.stop()

    return At


def act(page: Page, ticket: Ticket, action: str, **fields: str) -> None:
    """Open the form of an action, fill it as a person does, and confirm."""
    page.goto(f"/tickets/{ticket.pk}/{action}/")
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    page.locator("form[data-guarded] button.btn-primary").click()
    page.wait_for_url(re.compile(rf"/tickets/{ticket.pk}/$"))


def clocks(page: Page) -> str:
    """Return what the page says of both clocks."""
    page.reload()
    return page.locator("#ticket-clocks").inner_text()


def tick(when: str) -> None:
    call_command("tick", at=paris(when).isoformat())


def test_a_ticket_lives_from_its_filing_to_its_tacit_closing(page: Page, at, mail, world: World) -> None:
    User.objects.update(language="en")

    with at("2026-04-28 10:30", world.claire):
        page.goto("/file/")
        page.locator("#id_title").fill("L'export comptable s'arrête à mi-chemin")
        page.locator("#id_description").fill("Le fichier est **vide** depuis ce matin.")
        page.locator("input[value=majeure]").check()
        expect(page.locator("#promise")).to_contain_text("Monday 11 May, 10:30")
        page.get_by_role("button", name="File the ticket").click()
        page.wait_for_url(re.compile(r"/tickets/\d+/$"))
        ticket = Ticket.objects.get()
        assert "due Tuesday 28 April, 14:30, 4 hours of business time left" in clocks(page)
        assert "due Monday 11 May, 10:30" in clocks(page)
    assert ticket.acknowledge_due_at == paris("2026-04-28 14:30")
    assert ticket.resolve_due_at == paris("2026-05-11 10:30")

    tick("2026-04-28 10:31")
    received = mail()
    assert {to for to, _, _ in received} == {
        person.email for person in (world.claire, world.agnes, world.bruno, world.maud)
    }
    receipt = next(text for to, _, text in received if to == world.claire.email)
    assert "Tuesday 28 April, 14:30" in receipt
    assert "Monday 11 May, 10:30" in receipt

    with at("2026-04-28 11:00", world.agnes):
        page.goto("/queue/")
        page.get_by_role("link", name="L'export comptable").first.click()
        act(page, ticket, "acknowledge", message="Je regarde tout de suite.")
    ticket.refresh_from_db()
    assert (ticket.acknowledge_state, ticket.acknowledged_at) == ("met", paris("2026-04-28 11:00"))

    with at("2026-04-29 09:00", world.agnes):
        act(page, ticket, "ask", message="Quelle version utilisez-vous ?")
        assert "paused, 55 h 30 of business time left" in clocks(page)

    with at("2026-04-29 12:00", world.claire):
        page.goto(f"/tickets/{ticket.pk}/")
        expect(page.get_by_text("Quelle version utilisez-vous ?").first).to_be_visible()
        act(page, ticket, "answer", message="La version 4.2.")
        assert "due Monday 11 May, 13:30" in clocks(page)

    with at("2026-04-30 10:00", world.agnes):
        act(page, ticket, "deliver", what="fix", content="Version 4.2.1.", how_to_test="Relancer l'export.")
    ticket.refresh_from_db()
    # 1 May and 8 May are holidays: 4, 5, 6, 7 and 11 May are the five business days.
    assert ticket.closes_at == paris("2026-05-11 18:00")

    with at("2026-05-04 10:00", world.claire):
        act(page, ticket, "refuse", motive="Le fichier est toujours vide.")
        # Under test 8 business hours on 30 April and 1 on 4 May: 13:30 on the 11th becomes 13:30 on the 12th.
        assert "due Tuesday 12 May, 13:30" in clocks(page)
    ticket.refresh_from_db()
    assert ticket.resolve_due_at == paris("2026-05-12 13:30")

    with at("2026-05-07 16:00", world.agnes):
        act(page, ticket, "deliver", what="fix", content="Version 4.2.2.", how_to_test="Relancer l'export.")
    ticket.refresh_from_db()
    # 8 May and Ascension, 14 May, are holidays: 11, 12, 13, 15 and 18 May are the five business days.
    assert ticket.closes_at == paris("2026-05-18 18:00")

    tick("2026-05-11 09:00")
    mail()
    tick("2026-05-12 08:59")
    assert mail() == []
    tick("2026-05-12 09:00")  # the second business day's opening
    assert [to for to, _, _ in mail()] == [world.claire.email]
    tick("2026-05-15 09:00")  # the fourth
    tick("2026-05-15 09:00")
    assert [to for to, _, _ in mail()] == [world.claire.email]
    tick("2026-05-18 17:59")
    ticket.refresh_from_db()
    assert ticket.state == State.UNDER_TEST
    tick("2026-05-18 18:00")
    tick("2026-05-18 18:00")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closing_ground) == (State.CLOSED, ClosingGround.TACIT)
    assert ticket.closed_at == paris("2026-05-18 18:00")
    closing = mail()
    assert sorted(to for to, _, _ in closing) == sorted([world.agnes.email, world.claire.email])
    assert all("C-CLI-2" in text for _, _, text in closing)
    assert {subject for _, subject, _ in closing} == {
        f"[#{ticket.pk}] L'export comptable s'arrête à mi-chemin"
    }

    # Resolved at the last delivery, in time; both clocks to the second.
    assert (ticket.resolve_state, ticket.resolved_at) == ("met", paris("2026-05-07 16:00"))
    assert ticket.resolve_due_at == paris("2026-05-12 13:30")
    statement = statement_of(facts_of(ticket), rules_of(ticket), paris("2026-05-18 18:00"))
    hour = 3_600_000_000
    # From 28 April 10:30 to 7 May 16:00: 7.5 + 9 + 9, then 9 + 9 + 9 + 7; paused 3 h (question), then 9 h (test).
    assert statement.resolve.gross == 59.5 * hour
    assert statement.resolve.net == (59.5 - 3 - 9) * hour

    with at("2026-05-19 09:00", world.claire):
        page.goto(f"/tickets/{ticket.pk}/")
        expect(page.locator("main")).to_contain_text("Closed")
        page.get_by_role("button", name="The anomaly is back: follow up").click()
        page.wait_for_url(lambda url: not url.endswith(f"/{ticket.pk}/"))
    following = Ticket.objects.exclude(pk=ticket.pk).get()
    assert (following.follow_up_of_id, following.received_at) == (ticket.pk, paris("2026-05-19 09:00"))


def test_the_storys_refusals(page: Page, at, world: World) -> None:
    User.objects.update(language="en")
    ticket = world.file("2026-04-28 10:30")
    base = f"/tickets/{ticket.pk}/"
    with at("2026-04-28 11:00", world.lucas):
        assert page.goto("/file/").status == 403
        expect(page.locator("main")).to_contain_text("Claire Fontaine")  # who may (C-WHO-2)
        assert page.goto(base).status == 404
    with at("2026-04-28 11:00", world.olivia):
        assert page.goto(base).status == 404
        assert page.goto(f"{base}answer/").status == 404
    with at("2026-04-28 11:00", world.claire):
        assert page.goto(f"{base}acknowledge/").status == 403
        assert page.goto(f"{base}accept/").status == 409
        expect(page.locator("main")).to_contain_text("not possible while the ticket is in the state")
    with at("2026-04-28 11:00", world.agnes):
        page.goto(f"{base}acknowledge/")
        page.locator("[name=message]").fill("Je regarde.")
        with_bruno = page.context.new_page()
        with_bruno.goto(f"{base}ask/")
        with_bruno.locator("[name=message]").fill("Quelle version ?")
        with_bruno.locator("form[data-guarded] button.btn-primary").click()
        with_bruno.wait_for_url(re.compile(rf"{base}$"))
        page.locator("form[data-guarded] button.btn-primary").click()
        # Somebody acted meanwhile: what changed is shown, what was typed is kept, nothing is written.
        expect(page.locator("main")).to_contain_text("Question to the client")
        expect(page.locator("main")).to_contain_text("Je regarde.")
    assert not ticket.messages.filter(body="Je regarde.").exists()
