"""What the mails say: each kind, in the reader's language and time zone, as text and as HTML."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core import mail as post

from accounts.models import Training
from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client, manager, vendor
from tickets.actions.filing import Filing, register_ticket
from tickets.actions.silence import close_tacitly
from tickets.effects.runner import run_due
from tickets.models import Ticket
from tickets.notifications.audience import (
    TOLD_TO_BOTH,
    TOLD_TO_THE_CLIENT,
    TOLD_TO_THE_MANAGERS,
    TOLD_TO_THE_VENDOR,
)
from tickets.notifications.news import NEWS
from tickets.notifications.rendering import WRITERS
from tickets.notifications.sending import send_waiting
from tickets.words import (
    ClosingGround,
    ContestSubject,
    DeliveryKind,
    EffectKind,
    EntryKind,
    Means,
    OutOfScopeGround,
)


def sent(at: str, to: str = "") -> list[EmailMessage]:
    """Let what waits leave, and return what left as a mail program reads it."""
    post.outbox.clear()
    assert not send_waiting(paris(at))["failed"]
    messages = [message_from_bytes(each.message().as_bytes(), policy=policy.default) for each in post.outbox]
    return [each for each in messages if to in each["To"]]


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content().replace("\xa0", " ").replace("\u202f", " ")


def html_of(message: EmailMessage) -> str:
    return message.get_body(("html",)).get_content()


def speaking_english(world: World) -> None:
    for person in (world.claire, world.agnes, world.maud, world.bruno):
        person.language = "en"
        person.save()


def taken(world: World, at: str = "2026-04-28 11:00") -> Ticket:
    ticket = vendor.acknowledge(
        world.file("2026-04-28 10:30"),
        by=world.agnes,
        at=paris(at),
        owner=world.agnes,
        message="I *take* it.",
    )
    sent(at)
    return ticket


def delivered(world: World, at: str = "2026-04-30 10:00", **fields: object) -> Ticket:
    terms = {
        "what": DeliveryKind.FIX,
        "content": "The export is whole.",
        "how_to_test": "Run it again.",
        **fields,
    }
    return vendor.deliver(taken(world), by=world.agnes, at=paris(at), **terms)


@pytest.fixture(autouse=True)
def english(request) -> None:
    if "world" in request.fixturenames:
        speaking_english(request.getfixturevalue("world"))


def test_every_kind_of_fact_told_and_every_effect_has_its_letter() -> None:
    told = TOLD_TO_THE_CLIENT | TOLD_TO_THE_VENDOR | TOLD_TO_BOTH | TOLD_TO_THE_MANAGERS
    assert told | {EntryKind.ASSIGNED} == set(NEWS)
    others = {"training_ended", "file_infected", "export_ready", "export_failed", "mention"}
    others |= {"list_ready", "report_issued"}
    assert set(WRITERS) == {
        *NEWS,
        *(set(EffectKind) - {EffectKind.CLOSING, EffectKind.QUOTE_EXPIRY}),
        *others,
    }


def test_the_receipt_gives_both_promised_deadlines(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    [receipt] = sent("2026-04-28 10:30", to="claire")
    text = text_of(receipt)
    assert f"the number {ticket.pk}" in text
    assert "Acknowledgement: at the latest Tuesday 28 April, 14:30" in text
    assert "Resolution: at the latest Monday 11 May, 10:30" in text
    assert "is not the acknowledgement" in text
    assert f"http://127.0.0.1:8000/tickets/{ticket.pk}/" in text
    for part in ("Tuesday 28 April, 14:30", "Monday 11 May, 10:30", f"/tickets/{ticket.pk}/"):
        assert part in html_of(receipt)


def test_a_receipt_that_leaves_late_still_gives_the_deadlines_of_the_filing(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    vendor.requalify(
        ticket, by=world.agnes, at=paris("2026-04-28 11:00"), severity=Severity.BLOQUANTE, motive="Stopped."
    )
    receipt, requalified = sent("2026-04-28 11:00", to="claire")
    assert "Resolution: at the latest Monday 11 May, 10:30" in text_of(receipt)
    # 24 hours from the raise: 7 on Tuesday, 9 on Wednesday, 8 on Thursday until 17:00.
    assert "Resolution: at the latest Thursday 30 April, 17:00" in text_of(requalified)


def test_a_date_says_its_year_unless_it_is_the_one_in_which_the_mail_leaves(world: World) -> None:
    world.file("2026-12-31 17:00", "bloquante")
    [receipt] = sent("2026-12-31 17:00", to="claire")
    assert "It was received on Thursday 31 December, 17:00" in text_of(receipt)
    # One hour on Thursday; 1 January is a holiday.
    assert "Acknowledgement: at the latest Monday 4 January 2027, 10:00" in text_of(receipt)


def test_a_mail_is_in_the_language_and_the_time_zone_of_its_reader(world: World) -> None:
    world.claire.language, world.claire.time_zone = "fr", "America/Montreal"
    world.claire.save()
    world.file("2026-04-28 10:30")
    [receipt] = sent("2026-04-28 10:30", to="claire")
    assert '<html lang="fr">' in html_of(receipt)
    assert "mardi 28 avril" in text_of(receipt)
    assert re.search(r"\b8\D{1,3}30\b", text_of(receipt))  # 14:30 in Paris


def test_the_team_reads_the_anomaly(world: World) -> None:
    world.file("2026-04-28 10:30", "bloquante")
    [told] = sent("2026-04-28 10:30", to="bruno")
    assert "Claire Fontaine (Brasserie du Nord) has filed an anomaly." in text_of(told)
    assert "> Le fichier produit est **vide**." in text_of(told)
    assert "<strong>vide</strong>" in html_of(told)


def test_what_an_agent_registers_for_somebody_is_told_as_such(world: World) -> None:
    filing = Filing(title="Export", description="Vide.", severity=Severity.MAJEURE)
    ticket = register_ticket(
        world.contract,
        filing,
        reporter=world.claire,
        by=world.agnes,
        means=Means.TELEPHONE,
        received_at=paris("2026-04-28 10:30"),
        at=paris("2026-04-28 11:00"),
    )
    letters = sent("2026-04-28 11:00")
    [told] = [text_of(each) for each in letters if "bruno" in each["To"]]
    [receipt] = [text_of(each) for each in letters if "claire" in each["To"]]
    assert (
        "Agnes Martin has registered an anomaly reported by telephone by Claire Fontaine (Brasserie du Nord),"
        " received on Tuesday 28 April, 10:30." in told
    )
    assert "has filed" not in told
    assert (
        "Agnes Martin has registered the anomaly that Claire Fontaine reported by telephone; it was received on"
        f" Tuesday 28 April, 10:30 and bears the number {ticket.pk}." in receipt
    )


def test_the_acknowledgement_names_who_took_the_ticket(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    sent("2026-04-28 10:30")
    vendor.acknowledge(
        ticket, by=world.maud, at=paris("2026-04-28 11:00"), owner=world.agnes, message="Seen."
    )
    to_agnes, to_claire = sorted(sent("2026-04-28 11:00"), key=lambda each: each["To"])
    assert (to_agnes["To"], to_claire["To"]) == (world.agnes.email, world.claire.email)
    assert "Agnes Martin has taken charge of it." in text_of(to_claire)
    assert "> Seen." in text_of(to_claire)
    assert "Maud Bernard has assigned it to you." in text_of(to_agnes)


def test_an_assignment_is_told_to_its_new_owner_alone(world: World) -> None:
    vendor.assign(taken(world), by=world.maud, at=paris("2026-04-28 12:00"), owner=world.bruno)
    [told] = sent("2026-04-28 12:00")
    assert told["To"] == world.bruno.email
    assert "Maud Bernard has assigned it to you." in text_of(told)


def test_a_question_and_its_answer(world: World) -> None:
    ticket = vendor.ask(taken(world), by=world.agnes, at=paris("2026-04-29 09:00"), message="Which version?")
    [asked] = sent("2026-04-29 09:00")
    assert asked["To"] == world.claire.email
    assert "> Which version?" in text_of(asked)
    assert "paused until your answer (K-7)" in text_of(asked)
    client.answer(ticket, by=world.claire, at=paris("2026-04-29 12:00"), message="4.2")
    [answered] = sent("2026-04-29 12:00")
    assert answered["To"] == world.agnes.email
    assert "Resolution: at the latest Monday 11 May, 13:30" in text_of(answered)


def test_a_delivery_says_what_how_to_test_and_what_silence_does(world: World) -> None:
    delivered(world, version="4.2.1", touches_data=True)
    [told] = sent("2026-04-30 10:00")
    text = text_of(told)
    assert "Version: 4.2.1" in text
    assert "What is delivered\n> The export is whole." in text
    assert "How to test\n> Run it again." in text
    assert "back them up first" in text
    assert (
        "Without an answer from you by Monday 11 May, 18:00, the ticket closes by itself (C-CLI-2)." in text
    )


def test_a_workaround_promises_no_closing_and_an_untouched_base_no_backup(world: World) -> None:
    delivered(world, what=DeliveryKind.WORKAROUND)
    [told] = sent("2026-04-30 10:00")
    assert "closes by itself (C-CLI-2)" not in text_of(told)
    assert "Silence does not judge a workaround" in text_of(told)
    assert "C-CLI-4" not in text_of(told)


def test_a_refusal_and_a_verdict_asked_again(world: World) -> None:
    ticket = delivered(world)
    ticket = client.answer(ticket, by=world.claire, at=paris("2026-05-04 09:30"), message="Next week.")
    sent("2026-05-04 09:30")
    ticket = vendor.ask_verdict(ticket, by=world.agnes, at=paris("2026-05-05 10:00"), message="And now?")
    [asked] = sent("2026-05-05 10:00")
    assert "by Wednesday 13 May, 18:00, the ticket closes by itself" in text_of(asked)
    client.refuse(ticket, by=world.claire, at=paris("2026-05-06 10:00"), motive="Still empty.")
    [refused] = sent("2026-05-06 10:00")
    assert refused["To"] == world.agnes.email
    assert "The client refuses the delivery" in text_of(refused)
    assert "> Still empty." in text_of(refused)


def test_a_severity_comes_with_its_motive_and_the_way_to_contest_it(world: World) -> None:
    ticket = vendor.requalify(
        taken(world),
        by=world.agnes,
        at=paris("2026-04-28 12:00"),
        severity=Severity.MINEURE,
        motive="Avoidable.",
    )
    [told] = sent("2026-04-28 12:00")
    text = text_of(told)
    assert "Severity claimed: Major" in text
    assert "Severity retained: Minor" in text
    assert text.count("> Avoidable.") == 1
    assert "Resolution: no commitment" in text
    assert "You may contest this severity" in text
    client.contest_severity(ticket, by=world.claire, at=paris("2026-04-28 14:00"), reason="It stops us.")
    contested = sent("2026-04-28 14:00")
    assert {each["To"] for each in contested} == {world.agnes.email, world.maud.email}
    assert "The client contests the severity retained" in text_of(contested[0])
    manager.settle(
        ticket, by=world.maud, at=paris("2026-04-28 15:00"), subject=ContestSubject.SEVERITY, upheld=True,
        motive="Rightly so.",
    )  # fmt: skip
    [settled] = sent("2026-04-28 15:00")
    assert "Your contest is upheld" in text_of(settled)
    assert "Severity: Major" in text_of(settled)


def test_out_of_scope_names_its_ground_and_the_way_to_contest_it(world: World) -> None:
    ticket = vendor.class_out_of_scope(
        taken(world), by=world.agnes, at=paris("2026-04-28 12:00"), ground=OutOfScopeGround.TRAINING,
        explanation="This is taught in the course.",
    )  # fmt: skip
    [told] = sent("2026-04-28 12:00")
    assert "Ground: Training of the client's staff (C-OUT-1)" in text_of(told)
    assert "> This is taught in the course." in text_of(told)
    assert "You may contest this classing" in text_of(told)
    vendor.put_in_scope(ticket, by=world.agnes, at=paris("2026-04-28 14:00"), message="Yours after all.")
    [back] = sent("2026-04-28 14:00")
    assert "Resolution: at the latest Monday 11 May, 12:30" in text_of(back)


def test_more_time_is_asked_of_the_managers_and_told_to_the_client(world: World) -> None:
    ticket = client.request_time(
        delivered(world), by=world.claire, at=paris("2026-05-04 10:00"), days=10, reason="Holidays."
    )
    asked = sent("2026-05-04 10:00")
    assert {world.agnes.email, world.maud.email} <= {each["To"] for each in asked}
    assert "10 business days in all" in text_of(asked[-1])
    manager.agree_time(ticket, by=world.maud, at=paris("2026-05-04 11:00"), days=10)
    [agreed] = sent("2026-05-04 11:00")
    assert "by Tuesday 19 May, 18:00, the ticket closes by itself" in text_of(agreed)


def test_a_warning_then_a_closing_for_lack_of_cooperation(world: World) -> None:
    ticket = vendor.ask(taken(world), by=world.agnes, at=paris("2026-04-29 09:00"), message="Which version?")
    ticket = vendor.warn(ticket, by=world.agnes, at=paris("2026-05-12 09:00"), message="Last call.")
    warned = sent("2026-05-12 09:00", to="claire")[-1]
    assert "may be closed for lack of cooperation" in text_of(warned)
    vendor.close(
        ticket,
        by=world.agnes,
        at=paris("2026-05-20 09:00"),
        ground=ClosingGround.NO_COOPERATION,
        message="No word.",
    )
    closed = sent("2026-05-20 09:00", to="claire")[-1]
    assert "Ground: Lack of cooperation after a warning (C-OUT-2, K-17)" in text_of(closed)
    assert "> No word." in text_of(closed)


def test_a_tacit_closing_says_which_rule_closed(world: World) -> None:
    ticket = delivered(world)
    sent("2026-04-30 10:00")
    close_tacitly(ticket, at=paris("2026-05-11 18:00"))
    closed = sent("2026-05-11 18:00")
    assert {each["To"] for each in closed} == {world.claire.email, world.agnes.email}
    for each in closed:
        assert (
            "delivered on Thursday 30 April, 10:00 and no answer came within the delay: rule C-CLI-2"
            in text_of(each)
        )
    [to_claire] = [each for each in closed if each["To"] == world.claire.email]
    assert "follow it up in one click (K-15)" in text_of(to_claire)


def test_a_closing_without_a_production_declaration_says_so(world: World) -> None:
    ticket = client.accept(delivered(world), by=world.claire, at=paris("2026-05-04 10:00"))
    close_tacitly(ticket, at=paris("2026-05-12 18:00"))
    assert "rule K-18 closes the ticket" in text_of(sent("2026-05-12 18:00", to="claire")[-1])


def test_a_follow_up_leads_to_the_new_ticket(world: World) -> None:
    ticket = client.declare_production(delivered(world), by=world.claire, at=paris("2026-05-04 10:00"))
    sent("2026-05-04 10:00")
    following = client.follow_up(ticket, by=world.claire, at=paris("2026-06-01 10:00"), message="It is back.")
    [told] = [each for each in sent("2026-06-01 10:00", to="agnes") if f"[#{ticket.pk}]" in each["Subject"]]
    assert f"ticket #{following.pk}" in text_of(told)
    assert f"/tickets/{following.pk}/" in text_of(told)


def test_an_escalation_says_how_much_of_which_clock_is_used(world: World) -> None:
    taken(world)
    run_due(paris("2026-05-04 15:00"))
    [told] = sent("2026-05-04 15:00")
    assert "50 % of the resolution delay is used" in text_of(told)
    assert "Deadline: Monday 11 May, 10:30" in text_of(told)
    run_due(paris("2026-05-11 10:30"))
    assert "The resolution deadline is reached" in text_of(sent("2026-05-11 10:30")[0])


def test_a_reminder_says_what_is_awaited_and_is_dropped_once_it_is_given(world: World) -> None:
    ticket = delivered(world)
    sent("2026-04-30 10:00")
    run_due(paris("2026-05-05 09:00"))
    [told] = sent("2026-05-05 09:00")
    assert "Have you tested the fix?" in text_of(told)
    assert "delivered on Thursday 30 April, 10:00" in text_of(told)
    assert "by Monday 11 May, 18:00, the ticket closes by itself" in text_of(told)
    run_due(paris("2026-05-07 09:00"))
    client.accept(ticket, by=world.claire, at=paris("2026-05-07 09:00"))
    assert sent("2026-05-07 09:01", to="claire") == []


def test_a_reminder_that_an_answer_overtook_is_dropped(world: World) -> None:
    ticket = delivered(world)
    sent("2026-04-30 10:00")
    run_due(paris("2026-05-05 09:00"))
    client.answer(ticket, by=world.claire, at=paris("2026-05-05 09:01"), message="We are testing.")
    assert sent("2026-05-05 09:02", to="claire") == []


def test_a_training_about_to_expire_says_until_when_and_how_to_renew(world: World) -> None:
    Training.objects.filter(person=world.claire).update(expires_on=datetime(2026, 6, 30).date())  # noqa: DTZ001
    run_due(paris("2026-05-04 09:00"))
    [told] = sent("2026-05-04 09:00", to="claire")
    assert told["Subject"] == "Training about to expire: Gestia"
    assert "is valid until Tuesday 30 June: 57 days are left" in text_of(told)
    assert "> formation@vendor.example" in text_of(told)


def test_what_a_person_typed_never_becomes_markup(world: World) -> None:
    world.file("2026-04-28 10:30", title="<b>Bold</b> & co", description="<script>alert(1)</script>")
    [told] = sent("2026-04-28 10:30", to="bruno")
    assert "<script>" not in html_of(told)
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in html_of(told)
    assert "<b>Bold</b> & co" in text_of(told)
    assert "&#" not in text_of(told)


def test_an_internal_note_never_leaves(world: World) -> None:
    ticket = taken(world)
    vendor.note(ticket, by=world.agnes, at=paris("2026-04-28 12:00"), message="Our own fault, I fear.")
    assert sent("2026-04-28 12:00") == []
    vendor.ask(ticket, by=world.agnes, at=paris("2026-04-28 12:01"), message="Which version?")
    assert not any("fault" in each.as_string() for each in sent("2026-04-28 12:01"))
