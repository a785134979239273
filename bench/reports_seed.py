"""The data of the reports' benchmark: tickets with their outcomes in two statements, months lived once and copied."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import Client, Role, Solution, Training, User
from bench.ledger import columns_of
from sla.models import Calendar, CalendarVersion, Contract, Policy, PolicyVersion
from sla.policy import Severity
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.models import Ticket
from tickets.notifications.quiet import telling_nobody
from tickets.reports.days import Days
from tickets.reports.months import Month
from tickets.words import DeliveryKind

CLIENTS, SOLUTIONS, AGENTS, YEARS = 200, 5, 30, 4
REPORTED = 200  # tickets of a client in the month reported
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)

# One ticket a row of numbers: received evenly over the years in office hours, closed after some weeks but for the
# youngest, one in ten late. Times are long-tailed; 8 % are minor without a commitment, 3 % duplicates or withdrawn.
# The place in the queue is not the engine's: no report reads it. What is not named here is as the model leaves it.
TICKETS = """
INSERT INTO tickets_ticket ({unnamed}client_id, solution_id, contract_id, calendar_version_id, policy_version_id,
    reporter_id, owner_id, title, description, steps, affected_version, environment, means, registered_at,
    external_reference, received_at, severity_claimed, severity, state, turn, acknowledge_state, acknowledge_due_at,
    acknowledged_at, resolve_state, resolve_due_at, resolved_at, resolve_net, resolve_gross, next_due_at, closed_at,
    closing_ground, is_contested, last_seq, last_entry_at, queue_rank, queue_place)
SELECT {as_left}c.client_id, c.solution_id, c.id, %(calendar)s, %(policy)s, p.person, %(agents)s + (n %% 30),
    'Anomalie n° ' || n || ' du module ' || (n %% 97), 'Description', '', '', '', 'portal', t.received, '',
    t.received, s.severity, s.severity, CASE WHEN t.is_open THEN 'in_progress' ELSE 'closed' END,
    CASE WHEN t.is_open THEN 'vendor' ELSE 'nobody' END,
    CASE WHEN t.acknowledge_late THEN 'missed' ELSE 'met' END, t.received + interval '4 hours', t.acknowledged,
    CASE WHEN s.severity = 'mineure' THEN 'none' WHEN t.is_open THEN 'running'
        WHEN t.resolve_late THEN 'missed' ELSE 'met' END,
    CASE WHEN s.severity = 'mineure' THEN NULL ELSE t.received + interval '11 days' END,
    CASE WHEN t.is_open THEN NULL ELSE t.resolved END, t.net, t.gross,
    CASE WHEN t.is_open AND s.severity <> 'mineure' THEN t.received + interval '11 days' END,
    CASE WHEN t.is_open THEN NULL ELSE t.resolved + interval '3 days' END,
    CASE WHEN t.is_open THEN '' WHEN n %% 67 = 0 THEN 'duplicate' WHEN n %% 71 = 0 THEN 'withdrawn'
        ELSE 'production' END,
    false, 6, t.received, CASE WHEN t.is_open THEN 2 ELSE 3 END,
    (CASE WHEN t.is_open THEN 1 ELSE -1 END * extract(epoch FROM t.received) * 1000000)::bigint
FROM generate_series(1, %(tickets)s) AS n
CROSS JOIN LATERAL (SELECT * FROM seed_contract WHERE place = n %% %(clients)s) AS c
CROSS JOIN LATERAL (SELECT id AS person FROM accounts_user WHERE client_id = c.client_id LIMIT 1) AS p
CROSS JOIN LATERAL (
    SELECT CASE n %% 12 WHEN 0 THEN 'bloquante' WHEN 1 THEN 'mineure' ELSE 'majeure' END AS severity
) AS s
CROSS JOIN LATERAL (
    SELECT received, received + random() * interval '5 hours' + make_interval(secs => n %% 60) AS acknowledged,
        random() < 0.08 AS acknowledge_late, random() < 0.12 AS resolve_late,
        received + power(random(), 2) * interval '20 days' + make_interval(secs => n %% 60) AS resolved,
        (power(random(), 2) * 400000000000)::bigint AS net,
        (power(random(), 2) * 400000000000 + 36000000000)::bigint AS gross,
        n > %(tickets)s * 0.985 AS is_open
    FROM (SELECT date_trunc('day', %(begin)s::timestamptz + (n::float / %(tickets)s) * %(span)s::interval)
        + interval '7 hours' + random() * interval '9 hours' AS received) AS each
) AS t
"""
OUTCOMES = """
INSERT INTO tickets_outcome ({unnamed}ticket_id, client_id, contract_id, solution_id, owner_id, rank, is_rated,
    is_follow_up, ground, received_on, received_hour, acknowledge_judged, acknowledge_on, acknowledged_on,
    acknowledge_time, resolve_judged, resolve_on, resolve_due_at, resolved_on, resolve_gross, resolve_net,
    paused_question, paused_delivery, paused_out_of_scope, closed_on, is_stopped, time_new, time_in_progress,
    time_waiting_client, time_under_test, time_accepted, time_out_of_scope)
SELECT {as_left}id, client_id, contract_id, solution_id, owner_id,
    CASE severity WHEN 'bloquante' THEN 2 WHEN 'majeure' THEN 1 ELSE 0 END,
    closing_ground NOT IN ('duplicate', 'withdrawn'), id %% 40 = 0, closing_ground,
    local(received_at), extract(hour FROM received_at AT TIME ZONE 'Europe/Paris'),
    CASE acknowledge_state WHEN 'met' THEN 1 ELSE 2 END, local(least(acknowledged_at, acknowledge_due_at)),
    local(acknowledged_at), (extract(epoch FROM acknowledged_at - received_at) * 1000000)::bigint,
    CASE resolve_state WHEN 'met' THEN 1 WHEN 'missed' THEN 2 WHEN 'running' THEN 3
        ELSE CASE WHEN resolved_at IS NULL THEN 0 ELSE 4 END END,
    CASE WHEN resolve_state = 'none' THEN NULL ELSE local(least(resolved_at, resolve_due_at)) END,
    CASE WHEN resolve_state = 'running' THEN resolve_due_at END, local(resolved_at),
    CASE WHEN resolved_at IS NOT NULL THEN resolve_gross END, CASE WHEN resolved_at IS NOT NULL THEN resolve_net END,
    id %% 7 * 3600000000, id %% 5 * 3600000000, 0, local(closed_at), false, 1800000000, resolve_net,
    id %% 7 * 3600000000, id %% 5 * 3600000000, 7200000000, 0
FROM tickets_ticket
"""
LOCAL = """
CREATE OR REPLACE FUNCTION pg_temp.local(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT (at AT TIME ZONE 'Europe/Paris')::date $$
"""


def completed(statement: str, model: str) -> tuple[str, dict[str, Any]]:
    """Give a statement the columns that it does not name and that may not be null, as the model leaves them.

    So a column added to the model with a default needs no word here; return the statement, and these values.
    """
    named = set(re.findall(r"\w+", statement.partition("(")[2].partition(")")[0]))
    left = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in apps.get_model("tickets", model)._meta.concrete_fields  # noqa: SLF001  (documented, for all its name)
        if not (field.null or field.primary_key or field.column in named)
    }
    unnamed = "".join(f"{column}, " for column in left)
    as_left = "".join(f"%({column})s, " for column in left)
    return statement.format(unnamed=unnamed, as_left=as_left), left


def seed_parties(clients: int = CLIENTS) -> list[Contract]:
    """Write the clients with an administrator each, the solutions, the agents, one contract a client."""
    calendar = Calendar.objects.create(name="Support")
    CalendarVersion.objects.create(calendar=calendar, number=1, published_at=BEGINNING)
    policy = Policy.objects.create(name="Standard")
    PolicyVersion.objects.create(policy=policy, number=1, published_at=BEGINNING)
    solutions = [Solution.objects.create(name=f"Solution {n}", code=f"s{n}") for n in range(SOLUTIONS)]
    people = [
        User(
            email=f"agent{n}@vendor.example",
            first_name="Agent",
            last_name=f"N° {n}",
            role=Role.MANAGER if n == 0 else Role.AGENT,
        )
        for n in range(AGENTS)
    ]
    User.objects.bulk_create(people)
    contracts = []
    for n in range(clients):
        client = Client.objects.create(name=f"Client {n}", code=f"c{n}")
        person = User.objects.create(
            email=f"p{n}@client.example",
            first_name="Personne",
            last_name=f"N° {n}",
            role=Role.ADMINISTRATOR,
            client=client,
        )
        solution = solutions[n % SOLUTIONS]
        Training.objects.create(
            client=client, person=person, solution=solution, trained_on=date(2016, 1, 1), trainer="F"
        )
        contracts.append(
            Contract.objects.create(
                reference=f"C-{n}",
                client=client,
                solution=solution,
                policy=policy,
                calendar=calendar,
                starts_on=date(2016, 1, 1),
            )
        )
    return contracts


def seed_outcomes(tickets: int, clients: int = CLIENTS) -> None:
    """Write the parties, then so many tickets and their outcomes, and note every day as one to sum up."""
    seed_parties(clients)
    values: dict[str, Any] = {
        "calendar": str(CalendarVersion.objects.get().pk),
        "policy": str(PolicyVersion.objects.get().pk),
        "agents": User.objects.filter(client=None).earliest("pk").pk,
        "tickets": tickets,
        "clients": clients,
        "begin": timezone.now() - timedelta(days=365 * YEARS),
        "span": timedelta(days=365 * YEARS),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE seed_contract AS"
            " SELECT row_number() OVER (ORDER BY id) - 1 AS place, id, client_id, solution_id FROM sla_contract"
        )
        cursor.execute("CREATE INDEX ON seed_contract (place)")
        cursor.execute("ANALYZE seed_contract")
        cursor.execute(LOCAL)
        statement, left = completed(TICKETS, "Ticket")
        cursor.execute(statement, {**values, **left})
        cursor.execute("DROP TABLE seed_contract")
        cursor.execute("ALTER TABLE tickets_outcome DISABLE TRIGGER USER")
        cursor.execute(*completed(OUTCOMES.replace("local(", "pg_temp.local("), "Outcome"))
        cursor.execute("ALTER TABLE tickets_outcome ENABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO tickets_staleday (day) SELECT DISTINCT day FROM tickets_outcome,"
            " unnest(ARRAY[received_on, acknowledge_on, acknowledged_on, resolve_on, resolved_on, closed_on]) AS day"
            " WHERE day IS NOT NULL"
        )
        cursor.execute("ANALYZE")


def seed_reported_month(reported: int = REPORTED) -> list[int]:
    """Live a month of so many tickets for one client, copy it for every other; return the contracts' keys."""
    contracts = list(Contract.objects.order_by("pk")) or seed_parties()
    first = contracts[0]
    person = User.objects.get(client=first.client_id)
    agent = User.objects.filter(role=Role.AGENT).earliest("pk")
    begin = Days.of_month(Month.of(timezone.now()).previous).starts_at
    numbers = []
    with telling_nobody():
        for n in range(reported):
            at = begin + timedelta(days=n % 20, hours=8 + n % 7, minutes=n % 60)
            severity = (Severity.MAJEURE, Severity.MINEURE, Severity.BLOQUANTE)[n % 3]
            ticket = file_ticket(
                first, Filing(f"Anomalie {n} de la facturation", "Rien.", severity), by=person, at=at
            )
            numbers.append(ticket.pk)
            _live(ticket, n, agent, person, at)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE copy AS"
            " SELECT contract.id AS contract_id, contract.client_id, contract.solution_id,"
            " (SELECT min(id) FROM accounts_user WHERE client_id = contract.client_id) AS person,"
            " row_number() OVER (ORDER BY contract.id) AS place FROM sla_contract AS contract WHERE contract.id <> %s",
            [first.pk],
        )
        _copy(
            cursor,
            "tickets_ticket",
            "Ticket",
            numbers,
            {"reporter_id": "person", "registered_by_id": "person"},
        )
        by = f"CASE WHEN source.by_id = {person.pk} THEN copy.person ELSE source.by_id END"
        _copy(cursor, "tickets_ledgerentry", "LedgerEntry", numbers, {"by_id": by})
        _copy(cursor, "tickets_outcome", "Outcome", numbers, {})
        cursor.execute("DROP TABLE copy")
        cursor.execute("ANALYZE")
    return [contract.pk for contract in contracts]


def _live(ticket: Ticket, n: int, agent: User, person: User, at: datetime) -> None:
    """Live a ticket: taken, mostly asked about, mostly delivered, sometimes refused first, mostly accepted."""
    step = timedelta(hours=2 + n % 5)
    vendor.acknowledge(ticket, by=agent, at=at + step / 2, owner=agent, message="Vu.")
    if n % 3:
        vendor.ask(ticket, by=agent, at=at + step, message="Quelle version ?")
        client_side.answer(ticket, by=person, at=at + 3 * step, message="La 4.2.")
    if n % 9 == 0:
        return
    for delivered in range(2 if n % 5 == 0 else 1):
        moment = at + (4 + 4 * delivered) * step
        vendor.deliver(
            ticket, by=agent, at=moment, what=DeliveryKind.FIX, content="4.2.1", how_to_test="Relancer."
        )
        if delivered == 0 and n % 5 == 0:
            client_side.refuse(ticket, by=person, at=moment + step, motive="Toujours là.")
    client_side.accept(ticket, by=person, at=at + 12 * step)


def _copy(cursor: Any, table: str, model: str, numbers: list[int], changed: dict[str, str]) -> None:
    """Copy a client's rows to every other client, the tickets' numbers moved by one step a client."""
    owned = {
        "client_id": "copy.client_id",
        "contract_id": "copy.contract_id",
        "solution_id": "copy.solution_id",
        **changed,
    }
    key = "id" if model == "Ticket" else "ticket_id"
    columns = [column for column in columns_of(model, "ticket_id") if column != "id"]
    values = [owned.get(column, f"source.{column}") for column in columns]
    cursor.execute(
        f"INSERT INTO {table} ({key}, {', '.join(columns)})"
        f" SELECT source.{key} + copy.place * 10000000, {', '.join(values)}"
        f" FROM {table} AS source, copy WHERE source.{key} = ANY(%s)",
        [numbers],
    )
