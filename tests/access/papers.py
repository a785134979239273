"""The rest of a client's rows: one in each table that its ticket's story leaves empty, telling whose it is."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import UUIDField
from django.utils import timezone

from accounts.access_log import AccessKind, AccessRecord
from accounts.models import Client, IdentityDomain, IdentityProvider, Role, Solution, Training, User
from accounts.organisation_sign_in.models import Protocol
from accounts.tracing import current_trace
from accounts.viewing_as.acts import begin, stop
from sla.models import Contract
from tests.playing import a_quote
from tests.wall.catalogue import columns_of, tables_of_clients
from tests.world import World, person
from tickets.actions import vendor
from tickets.actions.desk import mark_read
from tickets.actions.tokens import create_token
from tickets.actions.watching import watch
from tickets.effects.trainings import plan_warnings
from tickets.models import (
    BreachFinding,
    DiscardedFile,
    Erasure,
    Every,
    ExportFormat,
    ExportSchedule,
    ExportSource,
    KeptAnswer,
    ListExport,
    MonthlyReport,
    Purge,
    PurgedTicket,
    Scope,
    Ticket,
)
from tickets.words import Attribution, Promise

# Text columns that no word of anybody's ever fills, by the column's name: what each holds instead.
OF_THE_MACHINE = {
    "history_type": "a sign: made, changed, deleted",
    "through": "one of five ways in",
    "digest": "a digest",
    "digests": "digests of words, each with its salt",
    "hash": "a digest",
    "previous_hash": "a digest",
    "salt": "random",
    "fingerprint": "a digest",
    "password": "a digest",
    "key": "random, or made of numbers",
    "token": "random",
    "token_key": "random",
    "session_key": "random",
    "sealed_secret": "encrypted",
    "language": "one of two",
    "time_zone": "one of the database of time zones",
    "content_type": "what the bytes are found to be, of an allow-list",
    "file": "a random key of storage: the name that somebody gave is beside",
    "form": "the name of a form of ours, and a number",
    "template": "the name of a letter of ours",
    "object_id": "a number",
    "type": "one of three kinds of factor",
    "provider": "a provider's random key",
}
# The same, where the name of the column alone does not say it.
OF_THE_MACHINE_IN = {
    "tickets_erasure.counts": "how many rows of what were blanked",
    "tickets_outcome.ground": "one of the grounds of closing",
    "tickets_breachfinding.clause": "one of the contract's clauses",
    "tickets_searchdocument.audience": "one of two",
    "tickets_searchdocument.vector": "what PostgreSQL makes of the text beside",
    "mfa_authenticator.data": "encrypted secrets, and a key's public half",
    "tickets_monthlyreport.correction": "an erratum alone has one, and the crowd has issued no report",
    "tickets_monthlyreport.document": "made when a report is issued: the same",
    "tickets_ticket.acknowledge_state": "one of four",
    "tickets_ticket.resolve_state": "one of four",
    "accounts_identityprovider.certificate": "a public certificate",
    "accounts_historicalidentityprovider.certificate": "a public certificate",
}

# Rows that never change, or not so: their texts are written with them.
KEPT = {
    "tickets_ledgerentry", "accounts_accessrecord", "accounts_consultation", "accounts_consultationend",
    "tickets_breachfinding", "accounts_training", "tickets_quote",
}  # fmt: skip


def write_papers(world: World, contract: Contract, author: User, ticket: Ticket, word: str) -> None:
    """Write what a client has beside its tickets; its people of the table's rows keep no factor and no provider."""
    at, client = timezone.now(), contract.client
    other = person(f"{word} Sacha", Role.ADMINISTRATOR, client)
    write_person(other, client, word, at)
    vendor.requalify(ticket, by=world.agnes, at=at, severity="mineure", motive=f"{word} motif")
    stop(begin(other, by=world.maud, at=at, motive=f"{word} motif"), at=at)
    create_token(other, name=f"{word} programme", scope=Scope.READ, days=30, at=at)
    KeptAnswer.objects.create(
        client=client, person=other, key="k", fingerprint="f", status=200, body=f"{word} corps", created_at=at,
        headers={"Location": word},
    )  # fmt: skip
    Purge.objects.filter(client=client).update(document={"client": client.name, "tickets": [word]})
    PurgedTicket.objects.create(client=client, ticket=ticket, purge=Purge.objects.get(client=client))
    DiscardedFile.objects.create(
        client=client, key=f"exports/{client.pk}", discarded_at=at + timedelta(days=9)
    )
    Erasure.objects.create(client=client, person=other, by=world.paul, at=at, motive=f"{word} motif")
    BreachFinding.objects.create(
        client=client, ticket=ticket, promise=Promise.RESOLVE, revision=1, cause=f"{word} cause",
        attribution=Attribution.VENDOR, comment=f"{word} remarque", corrective_action=f"{word} remède",
        author=world.maud, written_at=at,
    )  # fmt: skip
    report = MonthlyReport.objects.get(client=client)
    MonthlyReport.objects.filter(pk=report.pk).update(
        synthesis=f"{word} synthèse", body={**report.body, "word": word}
    )
    a_quote(world, ticket, word)
    watch(ticket, by=author, at=at)
    mark_read(ticket, by=world.agnes, at=at, seq=1, message=0)
    write_lists(other, client, word, at)
    AccessRecord.objects.create(
        at=at, kind=AccessKind.NOT_FOUND, client=client, person=other, path=f"/{word}/", status=404,
        through=current_trace().through, through_name=word, agent=f"{word}/1.0",
    )  # fmt: skip
    client.save()
    plan_warnings(at)


def write_person(other: User, client: Client, word: str, at: datetime) -> None:
    """Write what a library keeps of somebody, and the training that ends soon."""
    address = EmailAddress.objects.create(user=other, email=f"{word}@sacha.example".lower(), verified=True)
    EmailConfirmation.objects.create(email_address=address, key=f"c{other.pk}", sent=at)
    provider = IdentityProvider.objects.create(
        client=client, name=f"{word} annuaire", protocol=Protocol.OPENID_CONNECT,
        issuer=f"https://{word}.example".lower(), application=word, entity=word, sign_in_address=word,
    )  # fmt: skip
    IdentityDomain.objects.create(
        client=client, provider=provider, domain=f"{word}-{client.pk}.example".lower()
    )
    SocialAccount.objects.create(user=other, provider=provider.key.hex, uid=word, extra_data={"name": word})
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={})
    UserSession.objects.create(
        user=other, session_key=f"s{other.pk}", ip="127.0.0.1", user_agent=f"{word}/1.0", data={"at": word}
    )
    LogEntry.objects.create(
        user=other, content_type=ContentType.objects.get_for_model(User), object_id="1", object_repr=word,
        action_flag=CHANGE, change_message=word,
    )  # fmt: skip
    Training.objects.create(
        client=client, person=other, solution=Solution.objects.get(code="gestia"), trainer=word,
        trained_on=at.date() - timedelta(days=300), expires_on=at.date() + timedelta(days=5),
    )  # fmt: skip
    Training.objects.create(
        client=client, person=other, solution=Solution.objects.get(code="planora"), trainer=word,
        trained_on=at.date() - timedelta(days=300), ended_on=at.date(), end_motive=word,
    )  # fmt: skip


def write_lists(other: User, client: Client, word: str, at: datetime) -> None:
    """Write a list made in the background, and one that leaves by mail."""
    ListExport.objects.create(
        client=client, person=other, key=f"made:{other.pk}", source=ExportSource.PORTAL, query=f"q={word}",
        suffix=ExportFormat.CSV, state="failed", error=f"{word} erreur", created_at=at,
    )  # fmt: skip
    schedule = ExportSchedule.objects.create(
        client=client, owner=other, name=f"{word} liste", source=ExportSource.PORTAL, query=f"q={word}",
        suffix=ExportFormat.CSV, every=Every.WEEK, next_due_at=at + timedelta(days=7), created_at=at,
    )  # fmt: skip
    schedule.recipients.set([other], through_defaults={"client": client})


def texts_of(table: str) -> list[tuple[str, bool]]:
    """Return the columns of a table that somebody's words may fill, and whether each is a document."""
    choices = {
        field.column
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table == table
        for field in model._meta.concrete_fields
        if field.choices or isinstance(field, UUIDField)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type IN ('json', 'jsonb') FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s"
            " AND (data_type IN ('text', 'character varying', 'json', 'jsonb', 'tsvector', 'ARRAY'))",
            [table],
        )
        return [
            (column, is_document)
            for column, is_document in cursor.fetchall()
            if column not in choices | OF_THE_MACHINE.keys() and f"{table}.{column}" not in OF_THE_MACHINE_IN
        ]


def fill_blanks(client: int, word: str) -> None:
    """Write the word in what a form was left blank in, below every form, in the rows of a client that may change."""
    with connection.cursor() as cursor:
        for table in sorted(set(tables_of_clients()) - KEPT):
            for column, is_document in texts_of(table):
                blank = f"coalesce({column}::text, '') IN ('', '{{}}')"
                value = "jsonb_build_object('mot', %s::text)" if is_document else "%s"
                cursor.execute(
                    f"UPDATE {table} t SET {column} = {value} WHERE {owner_of(table)} = %s AND {blank}",
                    [word, client],
                )


def owner_of(table: str) -> str:
    """Return the SQL that says whose a row of a table is."""
    columns = columns_of(table)
    if table in {"accounts_client", "accounts_historicalclient"}:
        return "t.id"
    if "client_id" in columns:
        return "t.client_id"
    if table == "account_emailconfirmation":
        return (
            "(SELECT client_id FROM accounts_user u JOIN account_emailaddress e ON e.user_id = u.id"
            " WHERE e.id = t.email_address_id)"
        )
    known = next((each for each in ("user_id", "person_id", "author_id") if each in columns), None)
    return f"(SELECT client_id FROM accounts_user u WHERE u.id = t.{known})" if known else "NULL::int"
