"""A person is made anonymous for good: their name stands nowhere, the ledger and the figures stay as they were."""

import json
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from accounts.erased import is_erased
from accounts.models import Client, Training, User
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.erasing import erase_person, preview_erasure
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.tokens import create_token
from tickets.actions.trainings import join_certificate
from tickets.actions.work import IllegalMove
from tickets.attachments import ReceivedFile
from tickets.discarding import delete_discarded
from tickets.drafts import keep
from tickets.models import (
    ApiToken,
    Certificate,
    Draft,
    Erasure,
    KeptAnswer,
    LedgerEntry,
    Mail,
    Message,
    Scope,
    Ticket,
)
from tickets.notifications.sending import send_waiting

NOW = paris("2026-05-04 10:00")
STATED = ("seq", "kind", "occurred_at", "recorded_at", "by", "data", "chain_seq", "previous_hash", "hash")
TRACES = ("Claire Fontaine", "claire.fontaine@", "06 11 22 33 44", "FONTAINE")


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def ticket(world: World) -> Ticket:
    """Claire has lived here: a telephone, words that name her, a certificate, a draft, a session."""
    world.claire.telephone = "06 11 22 33 44"
    world.claire.save()
    ticket = world.file(description="Appelez Claire Fontaine au 06 11 22 33 44.")
    vendor.ask(
        ticket,
        by=world.agnes,
        at=paris("2026-04-28 11:00"),
        message="Bonjour Claire Fontaine, quelle version ?",
    )
    client.answer(
        ticket, by=world.claire, at=paris("2026-04-28 12:00"),
        message="La 4.\n\nClaire FONTAINE\nclaire.fontaine@brasserie.example",
    )  # fmt: skip
    received = ReceivedFile(SimpleUploadedFile("x", b"%PDF"), "Claire Fontaine.pdf", "application/pdf")
    join_certificate(Training.objects.get(person=world.claire), received, by=world.maud, at=NOW)
    keep(world.claire, "file", {"title": "Brouillon de Claire"})
    Mail.objects.filter(recipient=world.claire).update(
        last_error="550 claire.fontaine@brasserie.example refused"
    )
    LogEntry.objects.create(
        user=world.paul, content_type=ContentType.objects.get_for_model(User), object_id=str(world.claire.pk),
        object_repr="Claire Fontaine", action_flag=1,
    )  # fmt: skip
    return ticket


def everything_written() -> str:
    """Return every text of every table but the ledger, which is append-only and names nobody by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [
            name for (name,) in cursor.fetchall() if name not in {"tickets_ledgerentry", "django_session"}
        ]
        found = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_the_name_stands_nowhere_any_more(world: World, ticket: Ticket) -> None:
    assert all(trace in everything_written() for trace in TRACES), "the test looks where it should"
    erase_person(world.claire, motive="Demande de la personne.", by=world.paul, at=NOW)
    written = everything_written()
    assert [trace for trace in TRACES if trace in written] == []
    world.claire.refresh_from_db()
    assert (str(world.claire), world.claire.email) == (
        f"Personne effacée n° {world.claire.pk}", f"erased-{world.claire.pk}@erased.invalid",
    )  # fmt: skip
    assert str(world.claire) in Message.objects.filter(ticket=ticket).last().body


def test_the_ledger_the_index_and_the_statement_are_untouched(world: World, ticket: Ticket) -> None:
    def kept() -> object:
        facts = list(LedgerEntry.objects.order_by("pk").values(*STATED))
        columns = ("state", "resolve_due_at", "resolve_net", "last_seq", "reporter_id")
        return facts, list(Ticket.objects.order_by("pk").values(*columns))

    statement = signed_in(world.agnes).get(f"/tickets/{ticket.pk}/statement.json")
    before = kept()
    erase_person(world.claire, motive="Demande.", by=world.paul, at=NOW)
    assert kept() == before
    call_command("check_ledger")
    call_command("ledger_verify")
    assert (
        signed_in(world.agnes).get(f"/tickets/{ticket.pk}/statement.json").status_code
        == statement.status_code
    )


def test_the_ledger_names_an_owner_by_number_and_the_page_by_their_name_of_today(world: World) -> None:
    ticket = world.file()
    vendor.acknowledge(ticket, by=world.agnes, at=paris("2026-04-28 11:00"), owner=world.agnes, message="Vu.")
    (assigned,) = LedgerEntry.objects.filter(kind="assigned")
    assert assigned.data == {"owner": world.agnes.pk}
    assert (
        "Attribué à Agnes Martin" in signed_in(world.claire).get(ticket.get_absolute_url()).content.decode()
    )
    erase_person(world.agnes, motive="Départ.", by=world.paul, at=NOW)
    page = signed_in(world.claire).get(ticket.get_absolute_url()).content.decode()
    assert "Agnes" not in page
    assert f"Personne effacée n° {world.agnes.pk}" in page


def test_what_was_the_person_s_alone_is_gone_and_the_door_is_closed(world: World, ticket: Ticket) -> None:
    browser = signed_in(world.claire)
    create_token(world.claire, name="Claire Fontaine", scope=Scope.READ, days=30, at=NOW)
    KeptAnswer.objects.create(
        client=world.client,
        person=world.claire,
        key="k",
        fingerprint="f",
        status=200,
        body="{}",
        created_at=NOW,
    )
    file = Certificate.objects.get()
    path = file.file.name
    erase_person(world.claire, motive="Demande.", by=world.paul, at=timezone.now())
    assert browser.get("/account/profile/").status_code == 302
    assert not [
        each
        for each in Session.objects.all()
        if each.get_decoded().get("_auth_user_id") == str(world.claire.pk)
    ]
    assert not Draft.objects.filter(person=world.claire).exists()
    assert not ApiToken.objects.exists()
    assert not KeptAnswer.objects.exists()
    assert not Certificate.objects.exists()
    assert file.file.storage.exists(path)
    assert delete_discarded() == 1
    assert not file.file.storage.exists(path)
    send_waiting(timezone.now())
    assert not Mail.objects.filter(recipient=world.claire, sent_at__isnull=False).exists()


def test_a_homonym_at_another_client_keeps_their_name(world: World, ticket: Ticket) -> None:
    filing = Filing(title="x", description="Claire Fontaine de la clinique", severity="majeure")
    theirs = file_ticket(world.other_contract, filing, by=world.olivia, at=NOW)
    erase_person(world.claire, motive="Demande.", by=world.paul, at=NOW)
    theirs.refresh_from_db()
    assert theirs.description == "Claire Fontaine de la clinique"


def test_a_preview_counts_and_changes_nothing(world: World, ticket: Ticket) -> None:
    before = everything_written()
    counts = preview_erasure(world.claire, by=world.paul, at=NOW)
    assert everything_written() == before
    assert counts["tickets.certificate"] == 1
    assert counts["history"] >= 2
    erasure = erase_person(world.claire, motive="Demande.", by=world.paul, at=NOW)
    assert erasure.counts == counts


def test_an_erasure_is_the_administrator_s_motivated_and_done_once(world: World, ticket: Ticket) -> None:
    for by in (world.maud, world.agnes, world.marc, world.claire):
        with pytest.raises(PermissionDenied):
            erase_person(world.claire, motive="x", by=by, at=NOW)
    with pytest.raises(ValidationError):
        erase_person(world.claire, motive=" ", by=world.paul, at=NOW)
    with pytest.raises(IllegalMove):
        erase_person(world.paul, motive="x", by=world.paul, at=NOW)
    erase_person(world.claire, motive="Demande.", by=world.paul, at=NOW)
    with pytest.raises(IllegalMove):
        erase_person(world.claire, motive="Demande.", by=world.paul, at=NOW)
    assert Erasure.objects.count() == 1


def test_an_erased_person_is_brought_back_by_no_screen(world: World, ticket: Ticket) -> None:
    erase_person(world.claire, motive="Demande.", by=world.paul, at=NOW)
    paul = signed_in(world.paul)
    page = f"/back-office/accounts/user/{world.claire.pk}/change/"
    paul.post(
        page, {"first_name": "Claire", "last_name": "Fontaine", "email": "c@x.example", "is_active": "on"}
    )
    world.claire.refresh_from_db()
    assert is_erased(world.claire)


def test_the_page_previews_asks_twice_and_says_it_is_done(world: World, ticket: Ticket) -> None:
    User.objects.update(language="en")
    paul, path = signed_in(world.paul), f"/privacy/people/{world.claire.pk}/"
    assert "Claire Fontaine" in paul.get("/privacy/?q=fontaine").content.decode()
    assert "What would be cleaned" in paul.get(path).content.decode()
    assert paul.post(path, {"motive": "Demande."}).status_code == 422
    assert not is_erased(User.objects.get(pk=world.claire.pk))
    assert paul.post(path, {"motive": "Demande.", "sure": "on"})["Location"] == "/privacy/"
    assert "Demande." in paul.get(path).content.decode()
    assert paul.post(path, {"motive": "Encore.", "sure": "on"}).status_code == 409
    assert "another platform administrator" in paul.get(f"/privacy/people/{world.paul.pk}/").content.decode()


# --- A person's own data ----------------------------------------------------------------


def test_a_person_takes_all_that_is_held_of_them_and_nobody_s_secret(world: World, ticket: Ticket) -> None:
    browser = signed_in(world.claire)
    _token, secret = create_token(world.claire, name="Programme", scope=Scope.READ, days=30, at=NOW)
    answer = browser.get("/account/data.json")
    document = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert document["account"]["email"] == world.claire.email
    assert [each["id"] for each in document["tickets_filed"]] == [ticket.pk]
    assert len(document["messages"]) == 1
    assert {each["kind"] for each in document["acts"]} == {"received", "answer"}
    assert document["drafts"][0]["fields"] == {"title": "Brouillon de Claire"}
    assert [each["name"] for each in document["certificates"]] == ["Claire Fontaine.pdf"]
    assert len(document["sessions"]) == 1
    assert document["trainings"][0]["trained_on"] == str(date(2025, 1, 15))
    text = answer.content.decode()
    assert document["also_kept"]["tickets.apitoken"] == 1
    assert secret not in text
    assert world.claire.password not in text
    assert "quelle version" not in text, "what Agnes wrote is Agnes's"


def test_the_administrator_takes_anybody_s(world: World, ticket: Ticket) -> None:
    path = f"/privacy/people/{world.claire.pk}/data.json"
    assert json.loads(signed_in(world.paul).get(path).content)["account"]["number"] == world.claire.pk
    assert signed_in(world.maud).get(path).status_code == 403
    assert Client.objects.count() == 2
