"""What the actions refuse whoever calls them: blank words, people without the right, what is not possible now.

Forms say most of it first; a command, a task, the API or a page to come would not.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.deputies import may_name_deputy_of
from accounts.models import Client, Role, Training, User
from accounts.viewing_as.acts import begin
from sla.organisation import own_client
from sla.policy import Severity
from tests.test_access import text_file
from tests.world import World, paris, person
from tickets.actions import client, linking, manager, vendor
from tickets.actions.anomalies import change_anomaly, record_anomaly, record_delivery
from tickets.actions.attendance import bring_in
from tickets.actions.breaches import find_breach
from tickets.actions.canned import keep_canned
from tickets.actions.desk import keep_display, save_view
from tickets.actions.filing import Filing, register_ticket
from tickets.actions.importing import PastLife, import_ticket
from tickets.actions.recomputing import Versions, recompute, recompute_as_foreseen
from tickets.actions.trainings import correct_training, end_training, join_certificate, record_training
from tickets.actions.work import IllegalMove
from tickets.api.terms_views import contracts_readable_by
from tickets.list_exports.jobs import ask_export, make_exports
from tickets.models import ExportFormat, ExportSource, LedgerEntry, ListExport, ListExportState, Mail, Ticket
from tickets.models.desk import Density
from tickets.notifications.sending import may_read
from tickets.permissions import actors_of, may_change_canned, support_day
from tickets.words import (
    Attribution,
    ClosingGround,
    ContestSubject,
    DeliveryKind,
    Means,
    OutOfScopeGround,
    Promise,
)

AT = paris("2026-04-28 14:00")
BLANK = " \n\t"
Act = Callable[[World, Ticket], Any]
ON_A_TICKET: dict[str, Act] = {
    "acknowledge: message": lambda w, t: vendor.acknowledge(t, by=w.agnes, at=AT, owner=w.agnes, message=BLANK),
    "inform: message": lambda w, t: vendor.inform(t, by=w.agnes, at=AT, message=BLANK),
    "ask: message": lambda w, t: vendor.ask(t, by=w.agnes, at=AT, message=BLANK),
    "deliver: content": lambda w, t: vendor.deliver(
        t, by=w.agnes, at=AT, what=DeliveryKind.FIX, content=BLANK, how_to_test="Relancer."
    ),
    "deliver: how_to_test": lambda w, t: vendor.deliver(
        t, by=w.agnes, at=AT, what=DeliveryKind.FIX, content="Correctif", how_to_test=BLANK
    ),
    "ask the verdict: message": lambda w, t: vendor.ask_verdict(t, by=w.agnes, at=AT, message=BLANK),
    "class out of scope: explanation": lambda w, t: vendor.class_out_of_scope(
        t, by=w.agnes, at=AT, ground=OutOfScopeGround.CONFIGURATION, explanation=BLANK
    ),
    "put in scope: message": lambda w, t: vendor.put_in_scope(t, by=w.agnes, at=AT, message=BLANK),
    "warn: message": lambda w, t: vendor.warn(t, by=w.agnes, at=AT, message=BLANK),
    "close: message": lambda w, t: vendor.close(t, by=w.agnes, at=AT, ground=ClosingGround.OUT_OF_SCOPE, message=BLANK),
    "correct: title": lambda w, t: vendor.correct(t, by=w.agnes, at=AT, title=BLANK, solution=w.solution),
    "note: message": lambda w, t: vendor.note(t, by=w.agnes, at=AT, message=BLANK),
    "requalify: motive": lambda w, t: vendor.requalify(
        t, by=w.agnes, at=AT, severity=Severity.MINEURE, motive=BLANK
    ),
    "answer: message": lambda w, t: client.answer(t, by=w.claire, at=AT, message=BLANK),
    "judge provisional: message": lambda w, t: client.judge_provisional(t, by=w.claire, at=AT, message=BLANK),
    "refuse: motive": lambda w, t: client.refuse(t, by=w.claire, at=AT, motive=BLANK),
    "request time: reason": lambda w, t: client.request_time(t, by=w.claire, at=AT, days=30, reason=BLANK),
    "contest severity: reason": lambda w, t: client.contest_severity(t, by=w.claire, at=AT, reason=BLANK),
    "contest scope: reason": lambda w, t: client.contest_scope(t, by=w.claire, at=AT, reason=BLANK),
    "contest deadline: reason": lambda w, t: client.contest_deadline(t, by=w.claire, at=AT, reason=BLANK),
    "settle: motive": lambda w, t: manager.settle(
        t, by=w.maud, at=AT, subject=ContestSubject.SEVERITY, upheld=True, motive=BLANK
    ),
    "refuse time: message": lambda w, t: manager.refuse_time(t, by=w.maud, at=AT, message=BLANK),
    "recompute: motive": lambda w, t: recompute(t, by=w.maud, at=AT, motive=BLANK),
    "recompute as foreseen: motive": lambda w, t: recompute_as_foreseen(
        t, by=w.maud, at=AT, motive=BLANK, versions=Versions(), foreseen=""
    ),
    "split: title": lambda w, t: linking.split(
        t, by=w.agnes, at=AT, source=t.messages.first(), title=BLANK, severity=Severity.MAJEURE
    ),
    "find a breach: cause": lambda w, t: find_breach(
        t, Promise.RESOLVE, by=w.maud, at=AT, cause=BLANK, attribution=Attribution.VENDOR, comment="Vu.",
        corrective_action="Rappel.",
    ),
    "find a breach: comment": lambda w, t: find_breach(
        t, Promise.RESOLVE, by=w.maud, at=AT, cause="Un oubli.", attribution=Attribution.VENDOR, comment=BLANK,
        corrective_action="Rappel.",
    ),
    "find a breach: corrected_on": lambda w, t: find_breach(
        t, Promise.RESOLVE, by=w.maud, at=AT, cause="Un oubli.", attribution=Attribution.VENDOR, comment="Vu.",
        corrective_action="Rappel.", corrected_on=support_day(AT) + timedelta(days=1),
    ),
    "find a breach: corrective_action": lambda w, t: find_breach(
        t, Promise.RESOLVE, by=w.maud, at=AT, cause="Un oubli.", attribution=Attribution.VENDOR, comment="Vu.",
        corrective_action=BLANK,
    ),
    "acknowledge: owner": lambda w, t: vendor.acknowledge(t, by=w.agnes, at=AT, owner=w.paul, message="Vu."),
    "assign: owner": lambda w, t: vendor.assign(t, by=w.agnes, at=AT, owner=w.claire),
}  # fmt: skip


@pytest.mark.parametrize("name", ON_A_TICKET)
def test_an_act_on_a_ticket_names_the_field_that_it_refuses_and_writes_nothing(
    world: World, name: str
) -> None:
    ticket = world.file("2026-04-28 10:30")
    ticket = client.answer(ticket, by=world.claire, at=paris("2026-04-28 11:00"), message="Un détail.")
    facts, mails = LedgerEntry.objects.count(), Mail.objects.count()
    with pytest.raises(ValidationError) as refused:
        ON_A_TICKET[name](world, ticket)
    assert list(refused.value.message_dict) == [name.rpartition(": ")[2]]
    assert (LedgerEntry.objects.count(), Mail.objects.count()) == (facts, mails)


def defect(world: World) -> Any:
    return record_anomaly(by=world.agnes, at=AT, solution=world.solution, title="Défaut", summary="Connu.")


def training_of(world: World) -> Training:
    return Training.objects.get(person=world.claire)


CHANGED = {"title": "Défaut", "summary": "Connu.", "analysis": "", "planned_version": ""}
DELIVERED = {"what": DeliveryKind.FIX, "content": "Correctif", "how_to_test": "Relancer."}
ELSEWHERE: dict[str, Callable[[World], Any]] = {
    "record: title": lambda w: record_anomaly(by=w.agnes, at=AT, solution=w.solution, title=BLANK, summary="Connu."),
    "record: summary": lambda w: record_anomaly(by=w.agnes, at=AT, solution=w.solution, title="Défaut", summary=BLANK),
    "change: title": lambda w: change_anomaly(defect(w), by=w.agnes, **CHANGED | {"title": BLANK}),
    "change: summary": lambda w: change_anomaly(defect(w), by=w.agnes, **CHANGED | {"summary": BLANK}),
    "deliver: content": lambda w: record_delivery(defect(w), by=w.agnes, at=AT, **DELIVERED | {"content": BLANK}),
    "deliver: how_to_test": lambda w: record_delivery(
        defect(w), by=w.agnes, at=AT, **DELIVERED | {"how_to_test": BLANK}
    ),
    "canned: title": lambda w: keep_canned(None, by=w.agnes, title=BLANK, body="Bonjour."),
    "canned: body": lambda w: keep_canned(None, by=w.agnes, title="Accueil", body=BLANK),
    "training: trainer": lambda w: record_training(
        by=w.maud, person=w.lucas, solution=w.solution, trained_on=AT.date(), trainer=BLANK, expires_on=None
    ),
    "correct a training: trainer": lambda w: correct_training(
        training_of(w), by=w.maud, trainer=BLANK, expires_on=None
    ),
    "end a training: motive": lambda w: end_training(training_of(w), by=w.maud, at=AT, motive=BLANK),
}  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_an_act_elsewhere_names_the_field_that_it_refuses(world: World, name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ELSEWHERE[name](world)
    assert list(refused.value.message_dict) == [name.rpartition(": ")[2]]


FORBIDDEN: dict[str, Callable[[World], Any]] = {
    "a client records a defect": lambda w: record_anomaly(
        by=w.claire, at=AT, solution=w.solution, title="Défaut", summary="Connu."
    ),
    "the platform administrator delivers a defect's fix": lambda w: record_delivery(
        defect(w), by=w.paul, at=AT, **DELIVERED
    ),
    "an agent brings in an attendance sheet": lambda w: bring_in(b"", by=w.agnes, at=AT),
    "an agent joins a certificate": lambda w: join_certificate(training_of(w), text_file("a.txt"), by=w.agnes, at=AT),
    "a client saves a view of the queue": lambda w: save_view(by=w.claire, name="Vue", query="", is_shared=False),
    "an agent shares a view of the queue": lambda w: save_view(by=w.agnes, name="Vue", query="", is_shared=True),
    "a client keeps how the queue is shown": lambda w: keep_display(by=w.claire, hidden=[], density=Density.ROOMY),
    "the platform administrator registers a call": lambda w: register_ticket(
        w.contract, Filing("Un titre", "Un texte", Severity.MAJEURE), by=w.paul, reporter=w.claire,
        received_at=AT, means=Means.TELEPHONE, at=AT,
    ),
    "the platform administrator imports a ticket": lambda w: import_ticket(
        PastLife(contract=w.contract, filing=Filing("Un titre", "Un texte", Severity.MAJEURE), reporter=w.claire,
                 received_at=AT), by=w.paul, at=AT,
    ),
    "a client keeps a canned answer": lambda w: keep_canned(None, by=w.claire, title="Accueil", body="Bonjour."),
    "an agent changes another's canned answer": lambda w: keep_canned(
        keep_canned(None, by=w.bruno, title="Accueil", body="Bonjour."), by=w.agnes, title="Autre", body="Autre."
    ),
    "a client exports the queue": lambda w: ask_export(w.claire, ExportSource.QUEUE, "", ExportFormat.CSV, at=AT),
    "an agent looks through a client's eyes": lambda w: begin(w.claire, by=w.agnes, at=AT, motive="Voir."),
    "a manager looks through another manager's eyes": lambda w: begin(
        person("Mila Autre", Role.MANAGER), by=w.maud, at=AT, motive="Voir."
    ),
    "the manager of a client that is closed": lambda w: own_client(closed(w.marc)),
}  # fmt: skip


def closed(one: User) -> User:
    Client.objects.filter(pk=one.client_id).update(is_active=False)
    return User.objects.select_related("client").get(pk=one.pk)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_who_may_not_is_refused_below_every_page(world: World, name: str) -> None:
    with pytest.raises(PermissionDenied):
        FORBIDDEN[name](world)


IMPOSSIBLE: dict[str, Act] = {
    "accepting what nobody delivered": lambda w, t: client.accept(t, by=w.claire, at=AT),
    "putting in production what nobody delivered": lambda w, t: client.declare_production(
        t, by=w.claire, at=AT
    ),
    "settling what nobody contests": lambda w, t: manager.settle(
        t, by=w.maud, at=AT, subject=ContestSubject.DEADLINE, upheld=True, motive="Vu."
    ),
    "retaining the severity that is retained": lambda w, t: vendor.requalify(
        t, by=w.agnes, at=AT, severity=Severity.MINEURE, motive="Vu."
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_is_not_possible_now_is_refused(world: World, name: str) -> None:
    ticket = world.file("2026-04-28 10:30")
    ticket = vendor.requalify(
        ticket, by=world.agnes, at=paris("2026-04-28 11:00"), severity=Severity.MINEURE, motive="Rare."
    )
    ticket = client.contest_severity(ticket, by=world.claire, at=paris("2026-04-28 12:00"), reason="Non.")
    with pytest.raises(IllegalMove):
        IMPOSSIBLE[name](world, ticket)


def test_c_out_3_what_is_in_scope_is_not_closed_as_out_of_it(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    with pytest.raises(IllegalMove, match="C-OUT-3"):
        vendor.close(ticket, by=world.agnes, at=AT, ground=ClosingGround.OUT_OF_SCOPE, message="Hors champ.")


def test_a_delay_that_is_not_longer_is_not_agreed_either(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    ticket = vendor.deliver(ticket, by=world.agnes, at=paris("2026-04-28 11:00"), **DELIVERED)
    ticket = client.request_time(
        ticket, by=world.claire, at=paris("2026-04-28 12:00"), days=30, reason="Congés."
    )
    with pytest.raises(ValidationError) as refused:
        manager.agree_time(ticket, by=world.maud, at=AT, days=1)
    assert list(refused.value.message_dict) == ["days"]


def test_a_follow_up_or_a_split_needs_a_contract_in_force(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    ticket = client.answer(ticket, by=world.claire, at=paris("2026-04-28 11:00"), message="Autre chose.")
    message = ticket.messages.latest("pk")
    at = paris("2026-04-28 11:30")
    ticket = vendor.acknowledge(ticket, by=world.agnes, at=at, owner=world.agnes, message="Vu.")
    closed_ticket = client.withdraw(
        world.file("2026-04-28 10:30"), by=world.claire, at=paris("2026-04-28 12:00")
    )
    world.contract.ends_on = AT.date() - timedelta(days=1)
    world.contract.save()
    with pytest.raises(IllegalMove):
        linking.split(ticket, by=world.agnes, at=AT, source=message, title="Autre", severity=Severity.MAJEURE)
    with pytest.raises((IllegalMove, PermissionDenied)):
        client.follow_up(closed_ticket, by=world.claire, at=AT)


def test_nobody_names_a_deputy_of_who_has_left_or_of_who_files_nothing(world: World) -> None:
    assert may_name_deputy_of(world.marc, world.claire)
    assert not may_name_deputy_of(world.marc, world.rachel)
    world.claire.is_active = False
    assert not may_name_deputy_of(world.marc, world.claire)
    assert not may_name_deputy_of(world.claire, world.claire)


def test_who_was_deactivated_acts_and_reads_no_more(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    for one in (world.claire, world.agnes, world.maud):
        assert actors_of(one, ticket, AT)
        one.is_active = False
        assert actors_of(one, ticket, AT) == set()
        with pytest.raises(PermissionDenied):
            contracts_readable_by(one)


def test_a_canned_answer_is_changed_by_nobody_who_answers_no_client(world: World) -> None:
    mine = keep_canned(None, by=world.agnes, title="Accueil", body="Bonjour.")
    assert may_change_canned(world.agnes, mine)
    world.agnes.role = Role.PLATFORM_ADMINISTRATOR
    assert not may_change_canned(world.agnes, mine)


def test_a_list_is_not_made_for_who_lost_the_right_meanwhile(world: World) -> None:
    lost = {"role": Role.READER}, {"is_active": False}
    asked = (
        (world.marc, ExportSource.FIGURES, "month=2026-04&figure=received"),
        (world.agnes, ExportSource.QUEUE, ""),
    )
    for (one, source, query), change in zip(asked, lost, strict=True):
        export = ask_export(one, source, query, ExportFormat.CSV, at=AT)
        User.objects.filter(pk=one.pk).update(**change)
        make_exports(AT + timedelta(minutes=1))
        made = ListExport.objects.get(pk=export.pk)
        assert (made.state, bool(made.file), made.error) == (
            ListExportState.FAILED,
            False,
            "Vous ne pouvez pas exporter cette liste.",
        )


def test_a_mail_about_no_ticket_does_not_leave_for_who_may_not_read_of_it_any_more(world: World) -> None:
    def letter(recipient: User) -> Mail:
        return Mail(recipient=recipient, client=world.client, template="export_ready", key="x")

    assert may_read(letter(world.marc), AT)
    assert may_read(letter(world.maud), AT)
    assert not may_read(letter(world.olivia), AT)
    world.maud.is_active = False
    assert not may_read(letter(world.maud), AT)
    assert not may_read(letter(closed(world.marc)), AT)
