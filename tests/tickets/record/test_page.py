"""The page of a ticket: what each reader is shown, and at what price."""

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.tickets.record.lives import LIVES, Lives
from tests.world import World
from tickets.actions import client, vendor
from tickets.actions.filing import Filing, register_ticket
from tickets.models import Ticket
from tickets.record.page import RECENT
from tickets.words import DeliveryKind, Means, State


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def read(ticket: Ticket, person: User, suffix: str = "") -> str:
    """Return what a reader reads of the page: no tags, one space between words."""
    answer = signed_in(person).get(f"{ticket.get_absolute_url()}{suffix}")
    assert answer.status_code == 200
    visible = re.sub(
        r"<svg.*?</svg>|<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL
    )
    return " ".join(unescape(visible).split())


@pytest.mark.parametrize("life", LIVES)
def test_both_sides_read_the_state_and_whose_turn_it_is(world: World, life: str) -> None:
    ticket = getattr(Lives(world), life)()
    whose = {
        world.claire: "Your turn:",
        world.agnes: "The client's turn:",
        world.maud: "The client's turn:",
        world.marc: "Your organisation's turn:",
        world.paul: "The client's turn:",
    }
    if life == "quoted":  # a manager of the client's alone answers it (C-OUT-4)
        whose |= {world.claire: "Your organisation's turn:", world.marc: "Your turn:"}
    for person, clients in whose.items():
        page = read(ticket, person)
        said = {"vendor": "The vendor's turn:", "client": clients, "nobody": "Nobody is expected to act."}
        assert str(State(ticket.state).label) in page
        assert said[ticket.turn] in page


def test_a_question_offers_its_answer_to_who_may_give_it(world: World) -> None:
    ticket = Lives(world).waiting_client()
    assert "Answer the question" in read(ticket, world.claire)
    for person in (world.agnes, world.marc):
        assert "Answer the question" not in read(ticket, person)


def test_the_reply_says_what_it_does_in_this_state_and_nothing_else(world: World) -> None:
    lives = Lives(world)
    resumes, suspends = (
        "Your answer resumes the resolution clock.",
        "Your message suspends the automatic closing",
    )
    said = {"waiting_client": (True, False), "under_test": (False, True), "in_progress": (False, False)}
    for life, expected in said.items():
        page = read(getattr(lives, life)(), world.claire)
        assert (resumes in page, suspends in page) == expected, life


def test_an_acknowledgement_that_an_act_implies_names_the_act(world: World) -> None:
    ticket = Lives(world, hours_ago=1).new()
    vendor.ask(ticket, by=world.agnes, at=timezone.now(), message="Quelle version ?")
    assert "Acknowledged by a question (C-SLA-2)" in read(ticket, world.claire)


def test_a_contest_is_settled_in_the_words_of_what_is_contested(world: World) -> None:
    ticket = Lives(world).in_progress()
    client.contest_deadline(ticket, by=world.claire, at=timezone.now(), reason="Le 8 mai était fermé.")
    page = read(ticket, world.maud, "settle/")
    assert "recompute the delays under other versions" in page
    assert "the severity claimed is retained" not in page


def test_production_declared_once_accepted_only_closes(world: World) -> None:
    page = read(Lives(world).accepted(), world.claire, "declare_production/")
    assert "Declaring production closes the ticket." in page
    assert "Says tested" not in page


def test_a_stranger_and_an_unknown_number_get_the_very_same_answer(world: World) -> None:
    ticket = Lives(world).in_progress()
    browser = signed_in(world.olivia)
    for suffix in ("", "clocks/", "ask/", "answer/", "reply/"):
        strange, unknown = (
            browser.get(f"/tickets/{number}/{suffix}") for number in (ticket.pk, ticket.pk + 1000)
        )
        assert strange.status_code == unknown.status_code == 404
        assert without_tokens(strange) == without_tokens(unknown).replace(
            str(ticket.pk + 1000), str(ticket.pk)
        )
        posted = browser.post(
            f"/tickets/{ticket.pk}/{suffix}", {"seen": "1", "kind": "answer", "message": "?"}
        )
        assert posted.status_code == (404 if suffix not in {"", "clocks/"} else 405)


def without_tokens(answer) -> str:
    """Leave out what is drawn at random for every answer."""
    return re.sub(r'(csrfmiddlewaretoken" value="|x-csrftoken": ")\w+', "", answer.content.decode())


def test_a_number_beyond_what_the_database_holds_is_unknown(world: World) -> None:
    assert signed_in(world.agnes).get(f"/tickets/{10**30}/").status_code == 404


def test_a_running_clock_says_its_deadline_and_the_time_left(world: World) -> None:
    lives = Lives(world, hours_ago=0.5)
    page = read(lives.in_progress(severity="majeure"), world.claire)
    assert re.search(r"Acknowledgement Met kept on .*? to spare\.", page)
    assert re.search(r"Resolution Running due [^.]*, \d+ h(ours)?( \d\d)? of business time left", page)


def test_a_paused_clock_says_the_time_left_why_and_since_when(world: World) -> None:
    lives = Lives(world, hours_ago=0.5)
    ticket = lives.waiting_client()
    page = read(ticket, world.claire)
    assert re.search(r"Resolution Paused paused, \d+ h(ours)?( \d\d)? of business time left", page)
    since = timezone.localtime(lives.now)
    assert re.search(
        rf"Waiting since [^.]*, {since.hour}:{since.minute:02}[^.]*: question to the client\.", page
    )


def test_no_commitment_is_said_as_such(world: World) -> None:
    assert "Resolution No commitment" in read(Lives(world).new(severity="mineure"), world.claire)


def test_a_deadline_that_passed_since_the_last_fact_is_missed_on_the_page(world: World) -> None:
    ticket = Lives(world, hours_ago=24 * 20).new()
    assert ticket.acknowledge_state == "running", "the index only knows the last fact"
    page = read(ticket, world.claire)
    assert re.search(r"Acknowledgement Missed deadline of .* passed, .* of business time ago", page)


def test_a_late_acknowledgement_says_by_how_much(world: World) -> None:
    lives = Lives(world, hours_ago=24 * 20)
    ticket = lives.new()
    lives.now += timedelta(days=10)
    vendor.acknowledge(ticket, by=world.agnes, at=lives.now, owner=world.agnes, message="Pardon.")
    page = read(ticket, world.claire)
    assert re.search(r"Acknowledgement Missed done on .*?, after the deadline of .*? Late by \d+ h", page)


def test_the_countdown_to_the_closing_names_its_instant_and_its_rule(world: World) -> None:
    lives = Lives(world, hours_ago=1)
    assert re.search(
        r"Without an answer of the client, the ticket closes on .*, 18:00, at the end of the 5 business days .*"
        r"\(C-CLI-2, K-5\)",
        read(lives.under_test(), world.claire),
    )
    assert re.search(r"Without a production declaration, .*\(K-18\)", read(lives.accepted(), world.claire))
    assert "Silence on a workaround is not a judgement" in read(lives.workaround(), world.claire)
    assert "until a manager answers (C-CLI-2)" in read(lives.time_requested(), world.claire)
    assert "until the vendor asks for the verdict again (K-5)" in read(
        lives.answered_under_test(), world.claire
    )


def test_a_countdown_begun_again_is_counted_from_the_asking(world: World) -> None:
    ticket = Lives(world, hours_ago=1).answered_under_test()
    vendor.ask_verdict(ticket, by=world.agnes, at=timezone.now(), message="Et maintenant ?")
    read_now = read(ticket, world.claire)
    assert "at the end of the 5 business days since the verdict was asked for again" in read_now
    assert "that follow the delivery" not in read_now


def test_every_deadline_that_stood_stays_on_the_statement(world: World) -> None:
    page = read(Lives(world, hours_ago=1).requalified(severity="majeure"), world.claire)
    assert "Resolution: every deadline that stood (K-10)" in page
    assert re.search(r"Major, from .* to ", page)


def test_a_severity_that_differs_is_shown_with_its_motive(world: World) -> None:
    page = read(Lives(world).requalified(), world.claire)
    assert (
        "Severity claimed: Major; severity retained: Minor (C-SEV-2). Une exportation partielle reste" in page
    )


def test_what_is_contested_is_flagged(world: World) -> None:
    assert "Contested: the severity retained" in read(Lives(world).severity_contested(), world.agnes)


def test_a_delivery_that_touches_data_reminds_of_the_backup(world: World) -> None:
    page = read(Lives(world).under_test(), world.claire)
    assert "make a backup before you install it. Backups are the client's duty (C-CLI-4)." in page
    assert "Fix delivered Version 4.2.1" in page
    assert "How to test it Lancer l'export Compter" in page


def test_a_fact_recorded_after_it_happened_says_both_instants(world: World) -> None:
    registered = timezone.now().replace(microsecond=0) - timedelta(hours=2)
    filing = Filing(title="Appel", description="Par téléphone.", severity="majeure")
    ticket = register_ticket(
        world.contract, filing, reporter=world.claire, by=world.agnes, means=Means.TELEPHONE,
        received_at=registered - timedelta(hours=3), at=registered,
    )  # fmt: skip
    page = read(ticket, world.claire)
    assert re.search(r"Received · Means of reception: Telephone .* \(recorded ", page)
    assert "Agnes Martin" in page


def test_a_reader_sees_only_linked_tickets_that_they_may_see(world: World) -> None:
    lives = Lives(world)
    closed = lives.closed(title="Le premier")
    following = client.follow_up(closed, by=world.claire, at=lives.then())
    assert f"Followed up by #{following.pk}" in read(closed, world.claire)
    lucas = world.lucas
    Ticket.objects.filter(pk=following.pk).update(reporter=lucas)
    page = read(following, lucas)
    assert f"#{closed.pk} Le premier" not in page
    assert "Follow-up of" not in page


def test_the_clocks_are_refreshed_alone_and_say_that_somebody_acted(world: World) -> None:
    ticket = Lives(world).in_progress()
    quiet = read(ticket, world.claire, f"clocks/?seen={ticket.last_seq}")
    assert "Something happened" not in quiet
    assert "Acknowledgement Met" in quiet
    vendor.ask(ticket, by=world.agnes, at=timezone.now(), message="Et ?")
    assert "Something happened on this ticket since you opened it." in read(
        ticket, world.claire, f"clocks/?seen={ticket.last_seq}"
    )
    assert "<html" not in signed_in(world.claire).get(f"{ticket.get_absolute_url()}clocks/").content.decode()


def test_a_text_of_the_client_is_shown_never_run(world: World) -> None:
    ticket = Lives(world).new(title="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    source = signed_in(world.agnes).get(ticket.get_absolute_url()).content.decode()
    assert "<script>alert(1)</script>" not in source
    assert "<img src=x" not in source


def test_a_long_conversation_unfolds_its_beginning(world: World) -> None:
    lives = Lives(world)
    ticket = lives.in_progress()
    for number in range(RECENT + 5):
        vendor.inform(ticket, by=world.agnes, at=timezone.now(), message=f"Message {number}.")
    page = read(ticket, world.claire)
    assert "6 earlier steps" in page
    assert "Message 0." in page
    assert f"Message {RECENT + 4}." in page


def test_the_page_costs_the_same_for_one_message_and_for_three(
    world: World, django_assert_num_queries
) -> None:
    ticket = Lives(world).in_progress()
    # Session, person; the ticket, what it has beside its words, its facts, its words, its people; their own client and
    # trainings for one side, and for the other the note that it was shown.
    prices = {world.claire: 10, world.agnes: 8}
    for more in range(2):
        for person, price in prices.items():
            browser = signed_in(person)
            with django_assert_num_queries(price):
                assert browser.get(ticket.get_absolute_url()).status_code == 200
        if not more:
            for number in range(2):
                vendor.inform(ticket, by=world.bruno, at=timezone.now(), message=f"Message {number}")
                vendor.note(ticket, by=world.maud, at=timezone.now(), message="Entre nous.")
                client.answer(ticket, by=world.claire, at=timezone.now(), message="Merci.")


def test_an_outlook_without_a_commitment_says_so(world: World) -> None:
    just_now = timezone.localtime(timezone=ZoneInfo("Europe/Paris")).strftime("%Y-%m-%d %H:%M")
    said = read(world.file(at=just_now, severity="majeure"), world.agnes, "requalify/")
    assert "Resolution: no commitment." in said
    assert ": ." not in said


def test_the_page_of_one_action_dresses_its_drop_zone_as_the_ticket_does(world: World) -> None:
    address = world.file().get_absolute_url()
    for page in (address, f"{address}deliver/"):
        assert "css/attachments" in signed_in(world.agnes).get(page).content.decode()


def test_a_closed_ticket_no_longer_awaits_a_word_on_its_severity(world: World) -> None:
    ticket = world.file()
    assert "claimed, not confirmed yet" in read(ticket, world.claire)
    client.withdraw(ticket, by=world.claire, at=timezone.now())
    page = read(ticket, world.claire)
    assert "as claimed" in page
    assert "not confirmed yet" not in page


def test_a_delivery_under_an_open_contest_says_what_holds_its_closing(world: World) -> None:
    ticket = Lives(world).in_progress()
    now = timezone.now()
    client.contest_deadline(ticket, by=world.claire, at=now, reason="Une heure de trop.")
    vendor.deliver(
        ticket, by=world.agnes, at=now, what=DeliveryKind.FIX, content="Corrigé.", how_to_test="Relancer."
    )
    page = read(ticket, world.claire)
    assert "A contest is open: nothing closes by itself until a manager settles it." in page
    assert "The client has answered" not in page


def test_where_only_a_note_can_be_written_the_box_says_that_the_client_does_not_see_it(world: World) -> None:
    closed = read(Lives(world).closed(), world.agnes)
    assert "Internal note The client does not see it." in closed
    assert "Keep the note" in closed
    opened = read(Lives(world).in_progress(), world.agnes)
    assert "The client does not see it." not in opened
    assert "Keep the note" not in opened
