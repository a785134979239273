"""The delay statement of a ticket: hand-checked lines, sentences, page, PDF and JSON."""

import io
import json

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from sla.policy import Severity
from tests.tickets.record.lives import LIVES, Lives
from tests.tickets.statements.stories import lived
from tests.world import World, paris
from tickets.actions import vendor
from tickets.models import Ticket
from tickets.statements.gathering import read_statement
from tickets.statements.presentation import statement_context
from tickets.words import OutOfScopeGround

HOUR = 3_600_000_000
AFTER = paris("2026-06-01 12:00")  # when every story here is over


def shown(world: World, ticket: Ticket, language: str = "fr") -> dict:
    """Return what the templates of a ticket's statement are given, in Paris and in a language."""
    statement = read_statement(world.claire, ticket.pk, AFTER)
    with timezone.override("Europe/Paris"), translation.override(language):
        return statement_context(statement)


def page(who: object, ticket: Ticket, name: str = "statement") -> object:
    browser = Client()
    browser.force_login(who)
    return browser.get(reverse(name, args=[ticket.pk]), headers={"accept-language": "fr"})


def test_each_line_of_the_story_is_the_one_worked_out_by_hand(world: World) -> None:
    found = read_statement(world.claire, lived(world).pk, AFTER).found
    lines = [
        (
            line.start,
            line.end,
            line.state.value,
            line.business / HOUR,
            line.counted,
            line.why.value,
            line.reference,
        )
        for line in found.segments["resolve"]
    ]
    at = paris
    assert lines == [
        (at("2026-04-28 10:30"), at("2026-04-28 11:00"), "filed", 0.5, True, "open", None),
        (at("2026-04-28 11:00"), at("2026-04-28 18:00"), "in_progress", 7, True, "open", None),
        (at("2026-04-28 18:00"), at("2026-04-29 09:00"), "in_progress", 0, False, "closed", None),
        (at("2026-04-29 09:00"), at("2026-04-29 12:00"), "waiting_client", 3, False, "question", 4),
        (at("2026-04-29 12:00"), at("2026-04-29 18:00"), "in_progress", 6, True, "open", None),
        (at("2026-04-29 18:00"), at("2026-04-30 09:00"), "in_progress", 0, False, "closed", None),
        (at("2026-04-30 09:00"), at("2026-04-30 10:00"), "in_progress", 1, True, "open", None),
        (at("2026-04-30 10:00"), at("2026-04-30 18:00"), "under_test", 8, False, "under_test", 6),
        (at("2026-04-30 18:00"), at("2026-05-04 09:00"), "under_test", 0, False, "closed", 6),
        (at("2026-05-04 09:00"), at("2026-05-04 10:00"), "under_test", 1, False, "under_test", 6),
        (at("2026-05-04 10:00"), at("2026-05-04 18:00"), "in_progress", 8, True, "open", None),
        (at("2026-05-04 18:00"), at("2026-05-05 09:00"), "in_progress", 0, False, "closed", None),
        (at("2026-05-05 09:00"), at("2026-05-05 10:00"), "in_progress", 1, True, "open", None),
    ]
    # 0.5 + 7 + 6 + 1 + 8 + 1 hours count; 3 hours of question and 9 under test do not.
    assert (found.statement.resolve.net, found.statement.resolve.gross) == (23.5 * HOUR, 35.5 * HOUR)
    assert found.statement.resolve.due == paris("2026-05-12 13:30")


def test_its_sentence_is_the_one_that_the_contract_would_say(world: World) -> None:
    ticket = lived(world)
    acknowledge, resolve = shown(world, ticket, "en")["accounts"]
    assert acknowledge.explanation == ("4 business hours: 28 April 10:30 → 28 April 14:30.",)
    assert resolve.explanation == (
        "7 business days: 28 April → 11 May; 1 May and 8 May are public holidays.",
        "Moved by 12 h 00 of pauses in business time: → 12 May, 13:30 (K-8).",
    )
    assert (resolve.net, resolve.gross) == ("23 h 30", "35 h 30")
    closed = next(line for line in resolve.lines if "1 May" in line.why)
    assert (
        closed.why == "Support closed: 1 May, public holiday (Fête du Travail); weekly rest, 2 May to 3 May"
    )
    assert [rule for rule, _words in resolve.rules][1:5] == ["K-3", "K-4", "K-6", "K-7"]
    assert [(cause, length) for cause, _from, _to, length in resolve.pauses] == [
        ("question to the client", "3 h 00"),
        ("delivery under test", "9 h 00"),
    ]


def test_a_question_leads_to_its_message_on_the_ticket(world: World) -> None:
    ticket = lived(world)
    answer = page(world.claire, ticket)
    assert f'href="{ticket.get_absolute_url()}#entry-4"' in answer.content.decode()
    assert 'id="entry-4"' in page(world.claire, ticket, "ticket").content.decode()


@pytest.mark.parametrize("life", LIVES)
def test_the_statement_of_a_ticket_in_any_state_verifies_and_prints_its_sums(world: World, life: str) -> None:
    ticket = getattr(Lives(world), life)()
    for person in (world.claire, world.maud):
        answer = page(person, ticket)
        assert answer.status_code == 200
        for account in answer.context["accounts"]:
            assert account.net in answer.content.decode()
            assert answer.context["digest"] in answer.content.decode()


def test_a_severity_without_commitment_says_so(world: World) -> None:
    ticket = world.file("2026-04-28 10:30", "mineure")
    context = shown(world, ticket, "en")
    resolve = context["accounts"][1]
    assert resolve.explanation == ("No commitment: no deadline runs (C-SLA-3).",)
    assert (resolve.promise, resolve.deadlines) == ("no commitment", ())
    assert "C-SLA-3" in [rule for rule, _words in resolve.rules]


def test_out_of_scope_stops_the_resolution_and_is_not_counted(world: World) -> None:
    ticket = world.file("2026-04-28 10:30", "majeure")
    ticket = vendor.class_out_of_scope(
        ticket,
        by=world.agnes,
        at=paris("2026-04-28 12:00"),
        ground=OutOfScopeGround.MISUSE,
        explanation="Hors.",
    )
    resolve = shown(world, ticket, "en")["accounts"][1]
    out = [line for line in resolve.lines if line.state == "Out of scope" and not line.is_closed]
    assert out
    assert not any(line.counted for line in out)
    assert resolve.net == "1 h 30"


def test_a_change_of_severity_begins_a_line_and_keeps_every_deadline(world: World) -> None:
    ticket = world.file("2026-04-28 10:30", "majeure")
    vendor.requalify(
        ticket,
        by=world.agnes,
        at=paris("2026-04-28 12:00"),
        severity=Severity.BLOQUANTE,
        motive="Arrêt complet.",
    )
    resolve = shown(world, ticket, "en")["accounts"][1]
    begun = next(line for line in resolve.lines if "Severity retained: Blocking" in str(line.events))
    assert (begun.begins, begun.severity) == ("Tue 28/04/2026 12:00", "Blocking")
    assert [severity for severity, *_rest in resolve.deadlines] == ["Major", "Blocking"]


def test_a_closed_tickets_document_is_the_same_whenever_it_is_asked_for(world: World) -> None:
    ticket = lived(world)
    first, second = (page(who, ticket, "statement_json").content for who in (world.claire, world.agnes))
    assert first == second
    document = json.loads(first)
    assert document["at"] == "2026-05-13T16:00:00+00:00"
    assert document["ticket"] == {
        "reference": f"#{ticket.pk}", "client": "Brasserie du Nord", "solution": "Gestia", "contract": "C-brasserie",
    }  # fmt: skip
    assert {"date": "2026-05-08", "names": ["Fête de la Victoire"]} in document["calendar"]["holidays"][
        "days"
    ]


def test_the_pdf_is_tagged_titled_in_a_language_and_says_the_deadline(world: World) -> None:
    ticket = lived(world)
    answer = page(world.claire, ticket, "statement_pdf")
    assert answer["Content-Type"] == "application/pdf"
    pdf = pypdf.PdfReader(io.BytesIO(answer.content))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert f"ticket n°\xa0{ticket.pk}" in pdf.metadata.title
    text = " ".join(page.extract_text() for page in pdf.pages).replace("\xa0", " ").replace("\n", " ")
    assert "mardi 12 mai 2026" in text
    assert page(world.claire, ticket).context["digest"] in text.replace(" ", "")
    assert f"1 / {len(pdf.pages)}" in text


def test_the_price_of_a_statement_does_not_grow_with_the_ticket(
    world: World, django_assert_num_queries
) -> None:
    short, long = world.file("2026-04-28 10:30", "majeure"), lived(world)
    browser = Client()
    browser.force_login(world.claire)
    browser.get(reverse("statement", args=[short.pk]))
    for ticket in (short, long):
        # The session, the person, their client and trainings, the ticket, its entries, its closures.
        with django_assert_num_queries(7):
            browser.get(reverse("statement", args=[ticket.pk]))
