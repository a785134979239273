"""Tickets tied together: related, split, merged, linked to a defect of the solution."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import anomalies, client, linking, vendor
from tickets.actions.anomalies import (
    change_anomaly,
    deliver_to_all,
    record_anomaly,
    record_delivery,
    tickets_awaiting,
)
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.work import IllegalMove
from tickets.attachments import received_from
from tickets.models import AnomalyLink, Message, ProductAnomaly, Ticket, TicketRelation
from tickets.words import ClosingGround, DeliveryKind, State

AT = paris("2026-04-28 14:00")


def reading(person: User, ticket: Ticket) -> str:
    browser = Client()
    browser.force_login(person)
    return browser.get(ticket.get_absolute_url()).content.decode()


def defect(world: World, **fields: object) -> ProductAnomaly:
    said = {
        "title": "Export tronqué",
        "summary": "L'export perd des lignes.",
        "analysis": "Tampon trop court.",
    }
    return record_anomaly(by=world.agnes, at=AT, **{"solution": world.solution, **said, **fields})


def theirs(world: World, title: str = "Rien ne s'imprime") -> Ticket:
    filing = Filing(title, "Rien.", Severity.MAJEURE)
    return file_ticket(world.other_contract, filing, by=world.olivia, at=AT)


def delivery_of(world: World, anomaly: ProductAnomaly, content: str = "Corrigé."):
    return record_delivery(
        anomaly, by=world.agnes, at=AT, what=DeliveryKind.FIX, content=content, how_to_test="Relancer.",
        version="4.3",
    )  # fmt: skip


def test_related_tickets_are_read_from_both_and_can_be_parted(world: World) -> None:
    first, second = world.file(title="Le premier"), world.file(title="Le second")
    linking.relate(second, by=world.agnes, at=AT, other=first)
    assert "Le second" in reading(world.claire, first)
    assert "Le premier" in reading(world.claire, second)
    with pytest.raises(IllegalMove, match="déjà en rapport"):
        linking.relate(first, by=world.agnes, at=AT, other=second)
    linking.relate(first, by=world.agnes, at=AT, other=second, remove=True)
    assert "Le second" not in reading(world.claire, first)
    with pytest.raises(IllegalMove):
        linking.relate(first, by=world.agnes, at=AT, other=second, remove=True)


def test_two_clients_tickets_are_never_related(world: World) -> None:
    ours, foreign = world.file(), theirs(world)
    with pytest.raises(ValidationError):
        linking.relate(ours, by=world.agnes, at=AT, other=foreign)
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketRelation.objects.create(
            client=world.client, first=ours, second=foreign, related_by=world.agnes, related_at=AT
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_c_who_3_a_message_split_off_is_received_when_it_was_sent(world: World) -> None:
    ticket = world.file()
    vendor.acknowledge(ticket, by=world.agnes, at=AT, owner=world.agnes, message="Je regarde.")
    sent = paris("2026-04-28 15:00")
    client.answer(ticket, by=world.claire, at=sent, message="Et le menu est en anglais.")
    source = Message.objects.get(author=world.claire)
    made = linking.split(
        ticket,
        by=world.agnes,
        at=paris("2026-04-29 09:30"),
        source=source,
        title="Menu en anglais",
        severity=Severity.BLOQUANTE,
    )
    assert (made.received_at, made.reporter, made.description) == (sent, world.claire, source.body)
    assert made.acknowledge_due_at == paris("2026-04-28 17:00")  # 2 business hours from the message
    assert "Menu en anglais" in reading(world.claire, ticket)
    assert ticket.entries.get(kind="split").data == {"ticket": made.pk, "source": source.pk}


def test_a_message_is_split_once_and_takes_its_files_along(world: World) -> None:
    ticket = world.file()
    vendor.acknowledge(ticket, by=world.agnes, at=AT, owner=world.agnes, message="Je regarde.")
    joined = received_from(SimpleUploadedFile("Échéancier.txt", b"ligne", "text/plain"))
    client.answer(ticket, by=world.claire, at=AT, message="Autre chose.", attachments=[joined])
    source = Message.objects.get(author=world.claire)
    wanted = {"source": source, "title": "Autre", "severity": Severity.MINEURE}
    made = linking.split(ticket, by=world.agnes, at=AT, **wanted)
    copy, original = made.attachments.get(), source.attachments.get()
    assert (copy.name, copy.file.name, copy.message, copy.uploaded_by) == (
        "Échéancier.txt", original.file.name, None, world.claire,
    )  # fmt: skip
    assert original.ticket == ticket
    assert "Échéancier.txt" in reading(world.claire, made)
    with pytest.raises(IllegalMove, match=f"#{made.pk}"):
        linking.split(ticket, by=world.bruno, at=AT, **wanted)
    assert Ticket.objects.count() == 2


def test_only_a_trained_persons_message_on_this_ticket_is_split(world: World) -> None:
    ticket, other = world.file(), world.file()
    vendor.acknowledge(ticket, by=world.agnes, at=AT, owner=world.agnes, message="Je regarde.")
    wanted = {"title": "Autre", "severity": Severity.MINEURE}
    for message in (
        Message.objects.get(author=world.agnes),
        Message.objects.create(
            client=world.client, ticket=other, author=world.claire, body="Ailleurs.", sent_at=AT
        ),
        Message.objects.create(
            client=world.client, ticket=ticket, author=world.lucas, body="Non formé.", sent_at=AT
        ),
    ):
        with pytest.raises(ValidationError) as refused:
            linking.split(ticket, by=world.agnes, at=AT, source=message, **wanted)
        assert "source" in refused.value.message_dict
    assert Ticket.objects.count() == 2


def test_k_19_what_was_said_on_a_duplicate_is_read_on_the_original(world: World) -> None:
    original, duplicate = world.file(title="Original"), world.file("2026-04-28 11:00", title="Doublon")
    vendor.acknowledge(duplicate, by=world.agnes, at=AT, owner=world.agnes, message="Je compare.")
    vendor.note(duplicate, by=world.agnes, at=AT, message="Même cause, entre nous.")
    client.answer(duplicate, by=world.claire, at=AT, message="Voici le journal du poste 4.")
    vendor.close(
        duplicate,
        by=world.agnes,
        at=AT,
        ground=ClosingGround.DUPLICATE,
        message="Doublon.",
        duplicate_of=original,
    )
    page = reading(world.claire, original)
    assert "Voici le journal du poste 4." in page
    assert f"#{duplicate.pk}" in page
    assert "entre nous" not in page
    assert "Même cause, entre nous." in reading(world.agnes, original)


def test_a_client_reads_of_a_product_anomaly_its_summary_and_never_who_else_has_it(world: World) -> None:
    ours, foreign, anomaly = world.file(), theirs(world), defect(world, planned_version="4.3")
    for ticket in (ours, foreign):
        linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=anomaly)
    page = reading(world.claire, ours)
    assert anomaly.reference in page
    assert "L&#x27;export perd des lignes." in page or "L'export perd des lignes." in page
    assert "4.3" in page
    for secret in (
        "Tampon trop court",
        "Export tronqué",
        world.other_client.name,
        f"/anomalies/{anomaly.pk}/",
    ):
        assert secret not in page


def test_a_link_is_to_a_defect_of_the_same_solution_and_follows_a_correction(world: World) -> None:
    ticket, elsewhere = world.file(), defect(world, solution=world.other_solution)
    with pytest.raises(ValidationError):
        linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=elsewhere)
    with pytest.raises(IllegalMove):
        linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=None)
    linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=defect(world))
    world.contract.__class__.objects.create(
        reference="C-2", client=world.client, solution=world.other_solution, policy=world.contract.policy,
        calendar=world.contract.calendar, starts_on=world.contract.starts_on,
    )  # fmt: skip
    vendor.correct(ticket, by=world.agnes, at=AT, title="Titre", solution=world.other_solution)
    assert not AnomalyLink.objects.exists()


def test_c_cli_2_one_delivery_reaches_each_linked_ticket_with_its_own_window(world: World) -> None:
    ours, foreign, scoped = world.file(), theirs(world), world.file(title="Hors périmètre")
    closed = world.file(title="Clos")
    anomaly = defect(world)
    for ticket in (ours, foreign, scoped, closed):
        linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=anomaly)
    vendor.class_out_of_scope(scoped, by=world.agnes, at=AT, ground="misuse", explanation="Hors notice.")
    client.withdraw(closed, by=world.claire, at=AT)
    outcomes = deliver_to_all(delivery_of(world, anomaly), by=world.agnes, at=paris("2026-04-29 10:00"))
    assert {outcome.ticket.pk: outcome.is_done for outcome in outcomes} == {
        ours.pk: True, foreign.pk: True, scoped.pk: False,
    }  # fmt: skip
    assert "Hors" in next(outcome.refusal for outcome in outcomes if not outcome.is_done)
    for ticket in (ours, foreign):
        ticket.refresh_from_db()
        assert ticket.state == State.UNDER_TEST
        assert ticket.closes_at == paris("2026-05-07 18:00")  # five business days, 1 May not counted


def test_a_delivery_run_again_serves_only_who_had_not_had_it(world: World) -> None:
    ours, foreign, anomaly = world.file(), theirs(world), defect(world)
    linking.link_anomaly(ours, by=world.agnes, at=AT, anomaly=anomaly)
    delivery = delivery_of(world, anomaly)
    deliver_to_all(delivery, by=world.agnes, at=AT)
    with pytest.raises(IllegalMove):
        deliver_to_all(delivery, by=world.agnes, at=AT)
    linking.link_anomaly(foreign, by=world.agnes, at=AT, anomaly=anomaly)
    assert tickets_awaiting(delivery) == [foreign]
    assert len(deliver_to_all(delivery, by=world.agnes, at=AT + timedelta(hours=1))) == 1
    assert ours.entries.filter(kind="delivered").count() == 1


@pytest.mark.parametrize("name", ["claire", "marc", "paul", "rachel"])
def test_nobody_but_the_support_team_keeps_product_anomalies(world: World, name: str) -> None:
    anomaly, by = defect(world), getattr(world, name)
    delivery = delivery_of(world, anomaly)
    words = {"title": "T", "summary": "S", "analysis": "", "planned_version": ""}
    for attempt in (
        lambda: record_anomaly(by=by, at=AT, solution=world.solution, title="T", summary="S"),
        lambda: change_anomaly(anomaly, by=by, **words),
        lambda: deliver_to_all(delivery, by=by, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert ProductAnomaly.objects.get().title == "Export tronqué"


@pytest.mark.parametrize("parted", [False, True], ids=["served meanwhile", "parted meanwhile"])
def test_k_7_a_ticket_no_longer_waiting_once_it_is_held_is_left_as_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch, parted: bool
) -> None:
    ticket, anomaly = world.file(), defect(world)
    linking.link_anomaly(ticket, by=world.agnes, at=AT, anomaly=anomaly)
    delivery = delivery_of(world, anomaly)
    waiting = tickets_awaiting(delivery)
    if parted:
        linking.link_anomaly(ticket, by=world.bruno, at=AT, anomaly=None)
    else:
        deliver_to_all(delivery, by=world.bruno, at=AT)
    monkeypatch.setattr(anomalies, "tickets_awaiting", lambda _delivery: waiting)  # read just before
    (outcome,) = deliver_to_all(delivery, by=world.agnes, at=AT + timedelta(hours=1))
    assert not outcome.is_done
    assert ticket.entries.filter(kind="delivered").count() == (0 if parted else 1)


def test_c_cli_2_the_same_delivery_is_not_made_twice(world: World) -> None:
    anomaly = defect(world)
    delivery_of(world, anomaly)
    with pytest.raises(IllegalMove):
        delivery_of(world, anomaly)
    delivery_of(world, anomaly, "Corrigé mieux.")
    assert anomaly.deliveries.count() == 2
