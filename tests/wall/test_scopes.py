"""What each scope reads and writes, table by table, in PostgreSQL itself."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import Client, Deputation, IdentityDomain, IdentityProvider, Role, Training, User
from accounts.organisation_sign_in.models import Protocol
from accounts.scope import (
    ENTRANCE,
    NOBODY,
    VENDOR,
    WORKER,
    current_scope,
    enter_scope,
    entrance_scope,
    scope_named_after,
    scope_of,
    scoped,
    worker_scope,
)
from accounts.viewing_as.acts import begin, stop
from sla.models import CalendarFeed
from sla.policy import Severity
from tests.playing import a_price_list
from tests.wall.catalogue import VENDORS_OWN, columns_of, rows, tables_of_clients
from tests.world import World, paris, person
from tickets.actions import linking, quotes, vendor
from tickets.actions.anomalies import record_anomaly
from tickets.actions.breaches import find_breach
from tickets.actions.canned import keep_canned
from tickets.actions.desk import mark_read
from tickets.actions.exporting import request_export
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.tokens import create_token
from tickets.actions.trainings import join_certificate
from tickets.actions.watching import watch
from tickets.attachments import ReceivedFile
from tickets.drafts import keep
from tickets.ledger import append
from tickets.list_exports.jobs import ask_export
from tickets.models import (
    DiscardedFile,
    Draft,
    Erasure,
    Every,
    ExportFormat,
    ExportSchedule,
    ExportSource,
    KeptAnswer,
    Mail,
    Message,
    MonthlyReport,
    PriceItem,
    PriceList,
    Purge,
    PurgedTicket,
    Scope,
    Ticket,
)
from tickets.monthly.issuing import build_report, issue_report
from tickets.reports.months import Month
from tickets.words import Attribution, EntryKind, OutOfScopeGround, Promise

REFUSED = "row-level security|of another client"
# Tables in which nobody has written anything in this little world.
EMPTY = {"account_emailaddress", "account_emailconfirmation", "django_admin_log", "accounts_accessrecord"}


@pytest.fixture
def two(world: World) -> World:
    """Both clients with a row in every table."""
    at = paris("2026-04-28 11:10")
    defect = record_anomaly(
        by=world.agnes, at=at, solution=world.solution, title="Un défaut", summary="Connu."
    )
    a_price_list(world)
    for contract, by in ((world.contract, world.claire), (world.other_contract, world.olivia)):
        paper = ReceivedFile(SimpleUploadedFile("a.txt", b"a"), "a.txt", "text/plain")
        filing = Filing("Un titre", "Un texte", Severity.MAJEURE, attachments=[paper])
        former = file_ticket(contract, filing, by=by, at=paris("2026-04-28 10:30"))
        ticket = file_ticket(contract, filing, by=by, at=paris("2026-04-28 10:30"))
        ticket = vendor.ask(ticket, by=world.agnes, at=paris("2026-04-28 11:00"), message="Laquelle ?")
        vendor.note(ticket, by=world.agnes, at=paris("2026-04-28 11:05"), message="Entre nous.")
        linking.relate(ticket, by=world.agnes, at=at, other=former)
        linking.link_anomaly(ticket, by=world.agnes, at=at, anomaly=defect)
        watch(ticket, by=by, at=at)
        mark_read(ticket, by=world.agnes, at=at, seq=1, message=0)
        provider = IdentityProvider.objects.create(
            client=by.client, name="Annuaire", protocol=Protocol.OPENID_CONNECT,
            issuer="https://idp.example", application="helpdesk",
        )  # fmt: skip
        IdentityDomain.objects.create(client=by.client, provider=provider, domain=f"{by.client.code}.example")
        SocialAccount.objects.create(user=by, provider=provider.key.hex, uid="1")
        Authenticator.objects.create(user=by, type=Authenticator.Type.TOTP, data={})
        UserSession.objects.create(user=by, session_key=f"s{by.pk}", ip="127.0.0.1")
        stop(begin(by, by=world.maud, at=at, motive="Voir."), at=at)
        create_token(by, name="Programme", scope=Scope.READ, days=30, at=timezone.now())
        KeptAnswer.objects.create(
            client=by.client, person=by, key="k", fingerprint="f", status=200, body="{}", created_at=at
        )
        join_certificate(Training.objects.filter(person=by).first(), paper, by=world.maud, at=at)
        deputy = person(f"Sacha {by.client.code.title()}", Role.ADMINISTRATOR, by.client)
        Deputation.objects.create(
            client=by.client, person=by, deputy=deputy, first_day=at.date(), last_day=at.date(),
            named_by=by, named_at=at,
        )  # fmt: skip
        report_april(former, by=world.maud, to=by)
        quote_for(former, by=world.maud, to=by)
        request_export(by.client, by=world.maud, at=at)
        purge = Purge.objects.create(
            client=by.client, contract=contract, at=at, months=1, document={}, digest="0"
        )
        PurgedTicket.objects.create(client=by.client, ticket=former, purge=purge)
        DiscardedFile.objects.create(client=by.client, key=f"exports/{by.client.code}", discarded_at=at)
        Erasure.objects.create(client=by.client, person=deputy, by=world.paul, at=at, motive="Demande.")
        keep(by, "file", {"title": "Un brouillon"})
        CalendarFeed.objects.create(
            client=by.client, person=by, calendar=contract.calendar, created_at=timezone.now()
        )
    return world


def quote_for(ticket: Ticket, *, by: User, to: User) -> None:
    """Issue a quote for a ticket out of scope, that a manager of the client asked for."""
    at, signing = (
        paris("2026-05-05 10:00"),
        person(f"Noa {to.client.code.title()}", Role.CLIENT_MANAGER, to.client),
    )
    vendor.class_out_of_scope(
        ticket, by=by, at=at, ground=OutOfScopeGround.DEVELOPMENT, explanation="Hors contrat."
    )
    quotes.request_work(ticket, by=signing, at=at, message="Un devis ?")
    quotes.study(ticket, by=by, at=at, feasible=True, message="Faisable.")
    quotes.issue_quote(
        ticket, by=by, at=at, lines={"JOUR": Decimal(1)}, valid_until=at.date(), execution="En juin."
    )


def report_april(missed: Ticket, *, by: User, to: User) -> None:
    """Issue the contract's report, with the finding that it wants, and let a list be made and sent."""
    at = paris("2026-05-04 10:00")
    find_breach(
        missed, Promise.ACKNOWLEDGE, by=by, at=at, cause="Un oubli.", attribution=Attribution.VENDOR,
        comment="Vu.", corrective_action="Un rappel.",
    )  # fmt: skip
    issue_report(build_report(missed.contract, Month(2026, 4), by=by, at=at), by=by, at=at)
    ask_export(to, ExportSource.PORTAL, "", ExportFormat.CSV, at=at)
    schedule = ExportSchedule.objects.create(
        client=to.client, owner=to, name="Tous", source=ExportSource.PORTAL, suffix=ExportFormat.CSV,
        every=Every.WEEK, next_due_at=at, created_at=at,
    )  # fmt: skip
    schedule.recipients.set([to], through_defaults={"client": to.client})


def count(table: str, where: str = "true") -> int:
    return rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]


def tenant_models() -> Iterator[type[Model]]:
    walled = set(tables_of_clients())
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in walled:
            yield model


def test_without_a_scope_there_is_no_row_in_any_table(two: World) -> None:
    for table in tables_of_clients():
        if table not in EMPTY:
            with scoped(WORKER):
                assert count(table), f"nothing to hide in {table}"
        with scoped(NOBODY):
            assert count(table) == 0, table


def test_a_client_reads_its_own_rows_alone(two: World) -> None:
    own = two.client.pk
    for table in tables_of_clients():
        with scoped(str(own)):
            if table in {"accounts_client", "accounts_historicalclient"}:
                assert count(table, f"id <> {own}") == 0
                assert count(table) >= 1
            elif table == "accounts_user":
                assert count(table, f"client_id IS NOT NULL AND client_id <> {own}") == 0
                assert count(table, "client_id IS NULL") == 4, "the vendor's people are known"
            elif "client_id" in columns_of(table):
                assert count(table, f"client_id IS DISTINCT FROM {own}") == 0, table
                assert bool(count(table)) == (table not in EMPTY), table
            elif table in EMPTY:
                assert count(table) == 0, table
            else:  # a library's table: the rows of the client's own people
                foreign = f"user_id NOT IN (SELECT id FROM accounts_user WHERE client_id = {own})"
                assert (count(table), count(table, foreign)) == (1, 0), table


def test_a_client_reads_the_defects_that_its_own_tickets_report_and_no_word_of_the_vendors(
    two: World,
) -> None:
    unreported = record_anomaly(
        by=two.agnes, at=paris("2026-04-28 12:00"), solution=two.solution, title="Un autre", summary="Secret."
    )
    keep_canned(None, by=two.maud, title="Accueil", body="Bonjour.", is_shared=True)
    with scoped(str(two.client.pk)):
        assert count("tickets_productanomaly") == 1
        assert count("tickets_productanomaly", f"id = {unreported.pk}") == 0
        for table in set(VENDORS_OWN) - {"tickets_productanomaly", "tickets_pricelist"}:
            assert count(table) == 0, table


def test_a_client_reads_the_published_prices_alone_and_writes_none(two: World) -> None:
    draft = PriceList.objects.create(
        title="À venir", in_force_from=paris("2027-01-01 00:00").date(), created_by=two.maud,
        created_at=paris("2026-05-05 10:00"),
    )  # fmt: skip
    draft.items.create(code="JOUR", label="Journée", unit="jour", unit_price="950.00")
    assert count("tickets_pricelist") == 2
    with scoped(NOBODY):
        assert (count("tickets_pricelist"), count("tickets_priceitem")) == (0, 0)
    with scoped(str(two.client.pk)):
        assert count("tickets_pricelist") == 1
        assert count("tickets_priceitem") == 2
    PriceList.objects.filter(pk=draft.pk).update(published_by=two.maud, published_at=draft.created_at)
    with scoped(str(two.client.pk)):
        assert (count("tickets_pricelist"), count("tickets_priceitem")) == (2, 3)
    PriceList.objects.filter(pk=draft.pk).update(withdrawn_by=two.maud, withdrawn_at=draft.created_at)
    with scoped(str(two.client.pk)):
        assert (count("tickets_pricelist"), count("tickets_priceitem")) == (1, 2)
        assert PriceList.objects.filter(pk=draft.pk).update(title="La nôtre") == 0
        assert PriceItem.objects.update(unit_price="1.00") == 0
        with pytest.raises(Error, match=REFUSED), transaction.atomic():
            PriceList.objects.create(
                title="La nôtre", in_force_from=draft.in_force_from, created_by=two.maud,
                created_at=draft.created_at,
            )  # fmt: skip


def test_the_entrance_reads_people_and_secret_addresses_alone(two: World) -> None:
    with entrance_scope():
        readable = {table for table in tables_of_clients() if count(table)}
    assert readable == {
        "accounts_user", "sla_calendarfeed", "tickets_apitoken",
        "accounts_identityprovider", "accounts_identitydomain", "mfa_authenticator", "socialaccount_socialaccount",
    }  # fmt: skip


def test_a_draft_of_a_report_is_not_there_for_a_client_and_none_is_written_by_one(two: World) -> None:
    at = paris("2026-06-02 10:00")
    build_report(two.contract, Month(2026, 5), by=two.maud, at=at)
    with scope_of(two.marc):
        assert [report.month.month for report in MonthlyReport.objects.all()] == [4]
        assert MonthlyReport.objects.update(synthesis="La nôtre.") == 0
        assert MonthlyReport.objects.all().delete()[0] == 0


def test_an_internal_note_is_not_there_for_a_client(two: World) -> None:
    with scope_of(two.claire):
        assert list(Message.objects.filter(is_internal=True)) == []
        assert Message.objects.exists()


@pytest.mark.parametrize("scope", ["client", ENTRANCE, NOBODY])
def test_no_row_of_another_client_is_changed_or_deleted(two: World, scope: str) -> None:
    other = two.other_client.pk
    with scoped(str(two.client.pk) if scope == "client" else scope):
        for model in tenant_models():
            table = model._meta.db_table
            column = "id" if "historicalclient" in table or table == "accounts_client" else "client_id"
            if column not in columns_of(table) or table in EMPTY:
                continue
            for verb in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
                with connection.cursor() as cursor:
                    cursor.execute(f"{verb} WHERE {column} = {other}")
                    assert cursor.rowcount == 0, verb


def test_no_row_is_written_in_the_name_of_another_client(two: World) -> None:
    for model in tenant_models():
        table = model._meta.db_table
        columns = columns_of(table)
        column = "id" if "historicalclient" in table or table == "accounts_client" else "client_id"
        if column not in columns or table in EMPTY:
            continue
        with scoped(WORKER):
            theirs = rows(
                f"SELECT to_jsonb(t)::text FROM {table} t WHERE {column} = %s LIMIT 1", two.other_client.pk
            )
        assert theirs, table
        with scope_of(two.claire), pytest.raises(Error, match=REFUSED), transaction.atomic():
            rows(
                f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
                theirs[0][0],
            )


def test_a_row_is_not_given_to_another_client(two: World) -> None:
    with scope_of(two.claire):
        draft = Draft.objects.get()
        with pytest.raises(Error, match=REFUSED), transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(client=two.other_client)


def test_a_client_does_not_change_the_vendors_people(two: World) -> None:
    with scope_of(two.claire):
        assert User.objects.filter(pk=two.agnes.pk).update(telephone="1") == 0
        assert User.objects.filter(pk=two.olivia.pk).update(telephone="1") == 0
        assert User.objects.filter(pk=two.claire.pk).update(telephone="1") == 1


def test_a_link_to_somebody_of_another_client_is_refused(two: World) -> None:
    ticket = Ticket.objects.filter(client=two.client).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(owner=two.olivia)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(client=two.client, person=two.olivia, form="file")
        rows("SET CONSTRAINTS ALL IMMEDIATE; SELECT 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(
            client=two.client, recipient=two.olivia, template="x", key="x",
            created_at=timezone.now(), next_try_at=timezone.now(),
        )  # fmt: skip


def test_scopes_are_named_after_people(world: World) -> None:
    assert scope_named_after(world.claire) == str(world.client.pk)
    assert {scope_named_after(person) for person in (world.agnes, world.maud, world.paul)} == {VENDOR}
    assert scope_named_after(AnonymousUser()) == ENTRANCE


def test_a_scope_gives_the_former_one_back(world: World) -> None:
    def seen() -> int:
        return Client.objects.count()

    assert (current_scope(), seen()) == (WORKER, 2)
    with scope_of(world.claire):
        assert seen() == 1
        with scope_of(world.agnes):
            assert seen() == 2
        assert seen() == 1
        with entrance_scope():
            assert seen() == 0
            enter_scope(world.olivia)
            assert seen() == 1
        assert list(Client.objects.all()) == [world.client]
        with pytest.raises(ZeroDivisionError), worker_scope():
            _ = 1 / 0
        assert seen() == 1
        with pytest.raises(Error), transaction.atomic(), worker_scope():
            rows("SELECT 1 / 0")
        assert seen() == 1
    assert (current_scope(), seen()) == (WORKER, 2)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_each_statement_is_of_its_scope_and_leaves_none_behind() -> None:
    Client.objects.create(name="Une", code="une")
    Client.objects.create(name="Deux", code="deux")
    assert [client.code for client in Client.objects.order_by("pk").iterator(chunk_size=1)] == ["une", "deux"]
    with scoped(NOBODY):
        assert rows("SELECT coalesce(current_setting('helpdesk.scope', true), '')") == [("",)]
        assert Client.objects.count() == 0
    assert Client.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_runs_after_the_commit_is_of_the_same_scope() -> None:
    client = Client.objects.create(name="Une", code="une")
    Client.objects.create(name="Deux", code="deux")
    person = User(client=client)
    seen: list[int] = []
    with scope_of(person):
        transaction.on_commit(lambda: seen.append(Client.objects.count()))
    assert seen == [1]


def test_the_ledger_of_another_client_is_not_appended_to(two: World) -> None:
    theirs = Ticket.objects.filter(client=two.other_client).first()
    at = timezone.now()
    with scope_of(two.claire), pytest.raises(Error, match=REFUSED), transaction.atomic():
        append(theirs, EntryKind.ANSWER, seq=99, by=two.claire, occurred_at=at, recorded_at=at, data={})
