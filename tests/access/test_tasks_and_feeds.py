"""What acts without a page: every task of the timetable, every mail it writes, every export, every secret feed."""

import zipfile
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import close_account
from accounts.models import User
from helpdesk.celery import app
from tests.access.cells import Answer, Table, letters_after, listening
from tests.access.crowd import CANARY, NUMBERS, OF_THE_CLIENT, ROLES, TARGETS
from tests.access.rules import LOG
from tickets.actions.exporting import request_export
from tickets.models import ClientExport, Effect, ExportSchedule, ExportState

pytestmark = pytest.mark.django_db

# Each task, and the tables in which it may write, for any client.
TASKS: dict[str, set[str]] = {
    "tickets.tasks.run_due_effects": {
        "tickets_effect", "tickets_mail", "tickets_ticket", "tickets_ledgerentry", "tickets_ledgerhead",
        "tickets_historicalticket",
    },
    "tickets.tasks.scan_held_files": {"tickets_attachment", "tickets_certificate", "tickets_mail"},
    "tickets.tasks.send_waiting_mail": {"tickets_mail"},
    "tickets.tasks.prepare_exports": {"tickets_clientexport", "tickets_mail", "tickets_discardedfile"},
    "tickets.tasks.purge_closed_tickets": {
        "tickets_purge", "tickets_purgedticket", "tickets_discardedfile", "tickets_message", "tickets_ticket",
    },
    "tickets.tasks.forget_kept_answers": {"tickets_keptanswer"},
    "tickets.tasks.sum_up_days": {"tickets_dayfigures", "tickets_daytimes", "tickets_staleday"},
    "tickets.tasks.build_monthly_reports": {"tickets_monthlyreport"},
    "tickets.tasks.make_waiting_list_exports": {"tickets_listexport", "tickets_mail", "tickets_discardedfile"},
}  # fmt: skip

# Tasks that write to people, once all that is promised is due and the crowd's exports wait.
WRITE_LETTERS = {
    "tickets.tasks.run_due_effects", "tickets.tasks.make_waiting_list_exports", "tickets.tasks.prepare_exports",
}  # fmt: skip


@pytest.fixture(autouse=True)
def every_task_is_known() -> None:
    app.loader.import_default_modules()


def test_every_task_has_its_row(table: Table) -> None:
    own = {name for name in app.tasks if not name.startswith(("celery.", "tests."))}
    assert own == set(TASKS)
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= own, (
        "asked for, and known to no worker"
    )


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_writes_where_its_row_says_and_logs_nobodys_words(table: Table, name: str) -> None:
    with transaction.atomic(), listening() as heard:
        table.writings.since()
        app.tasks[name]()
        touched = table.writings.since()
        transaction.set_rollback(True)
    table.cells += 1
    assert touched <= TASKS[name]
    assert not [line for line in heard.words if CANARY.lower() in line]


def test_each_mail_of_the_story_says_no_word_of_another_client_nor_of_the_vendors(table: Table) -> None:
    read = table.crowd.check(table.crowd.letters)
    table.letters += read
    readers = {address for letter in table.crowd.letters for address in letter.recipients()}
    clients = set(User.objects.filter(email__in=readers).values_list("client", flat=True))
    assert clients == {None, *NUMBERS.values()}, "everybody's people are written to"
    assert read >= 20


@pytest.mark.parametrize("name", sorted(TASKS))
def test_each_mail_that_a_task_writes_says_no_word_of_another_client(table: Table, name: str) -> None:
    with transaction.atomic():
        # All that is promised is due, at an hour when support is open or not.
        Effect.objects.update(due_at=timezone.now() - timedelta(minutes=1), needs_opening=False)
        ClientExport.objects.update(state=ExportState.WAITING)
        ExportSchedule.objects.update(next_due_at=timezone.now() - timedelta(minutes=1))
        table.writings.since()
        app.tasks[name]()
        read = table.crowd.check(letters_after(table.writings.since()))
        table.letters += read
        transaction.set_rollback(True)
    assert bool(read) == (name in WRITE_LETTERS), f"{read} letters"


def test_a_clients_export_holds_no_word_of_another_nor_of_an_internal_note(table: Table) -> None:
    client, marc = table.crowd.tickets["own"].client, table.crowd.people["marc"]
    with transaction.atomic():
        ClientExport.objects.update(state=ExportState.EXPIRED)
        export = request_export(client, by=marc, at=timezone.now())
        app.tasks["tickets.tasks.prepare_exports"]()
        export.refresh_from_db()
        assert export.state == ExportState.READY, export.error
        with export.file.open() as stored, zipfile.ZipFile(stored) as archive:
            assert len(archive.namelist()) > 3
            for name in archive.namelist():
                table.cells += 1
                assert CANARY.lower() not in name.lower()
                assert CANARY.lower().encode() not in archive.read(name).lower(), name
        transaction.set_rollback(True)


def feed(table: Table, who: str, token: str) -> Answer:
    return table.ask(who, "get", reverse("calendar_feed_secret", args=[token]), of_client=0)


@pytest.mark.parametrize("target", TARGETS)
def test_a_secret_feed_tells_of_the_calendar_and_of_nobody(table: Table, target: str) -> None:
    token = table.crowd.feeds[target]
    for who in ROLES:
        answer = feed(table, who, token)
        # A person at work in one client's scope finds no address of another's, secret or not.
        assert answer.status == (404 if who in OF_THE_CLIENT and target != "own" else 200)
        assert CANARY.lower().encode() not in answer.said
        assert answer.touched <= LOG
        assert feed(table, who, token[:-1]).status == 404


def test_the_feed_of_somebody_deactivated_is_no_more(table: Table) -> None:
    with transaction.atomic():
        close_account(table.crowd.authors["own"])
        answer, none = (feed(table, "anonymous", token) for token in (table.crowd.feeds["own"], "x" * 43))
        assert (answer.status, answer.body) == (404, none.body)
        transaction.set_rollback(True)
