"""Four clients whose numbers and names are each other's prefixes, all four with a row in each table; ten roles at one.

Every text of the three other clients, and every internal note, holds the canary: whoever of the fourth meets the
word has met what is not theirs.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory
from django.utils import timezone

from accounts.deputies import Deputation
from accounts.models import Client, Role, Solution, Training, User
from accounts.tracing import Through, Trace, tracing
from sla.models import CalendarFeed, CalendarVersion, Contract, PolicyVersion
from sla.policy import Severity
from sla.publication import next_draft
from tests.access.papers import fill_blanks, owner_of, write_papers
from tests.test_access import prepared, text_file, write_price_lists
from tests.wall.catalogue import columns_of, tables_of_clients
from tests.world import BEGINNING, World, build_world, person
from tickets.actions import linking, vendor
from tickets.actions.anomalies import record_anomaly, record_delivery
from tickets.actions.canned import keep_canned
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.trainings import join_certificate
from tickets.drafts import keep
from tickets.models import Ticket
from tickets.monthly.issuing import build_report
from tickets.notifications.sending import send_waiting
from tickets.reports.months import Month
from tickets.words import DeliveryKind

CANARY = "CANARI"
# The word in every text of each client; an internal note's, and any other text that is the vendor's alone.
WORDS = {"own": "Nôtre", "short": f"{CANARY}-UN", "long": f"{CANARY}-CENT", "other": f"{CANARY}-SEPT"}
INTERNAL = f"{CANARY}-INTERNE"
# The number of each client, of its contract and of its ticket; where the rows of its other tables begin.
NUMBERS = {"own": 12, "short": 1, "long": 121, "other": 7}
BEGINNINGS = {"own": 200, "short": 20, "long": 2000, "other": 7000}
NAMES = {
    "own": ("Atelier 12", "atelier-12"),
    "short": ("Atelier 1", f"{WORDS['short']}-1".lower()),
    "long": (f"Atelier 121 {WORDS['long']}", f"atelier-121-{WORDS['long']}".lower()),
    "other": (f"Clinique {WORDS['other']}", f"{WORDS['other']}-7".lower()),
}
TARGETS = ["own", "other", "short", "long"]
ANONYMOUS, DEACTIVATED = "anonymous", "gone"
OF_THE_CLIENT = ["rachel", "lucas", "hugo", "claire", "marc"]
OF_THE_VENDOR = ["agnes", "maud", "paul"]
ROLES = [ANONYMOUS, *OF_THE_CLIENT, *OF_THE_VENDOR, DEACTIVATED]


@dataclass
class Crowd:
    """Who and what there is: people by part, tickets, contracts and secret feeds by client, and how rows stood."""

    people: dict[str, User] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    authors: dict[str, User] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    media: str = ""
    delivered: int = 0
    before: dict[str, dict[int | None, str]] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)

    def check(self, letters: Iterable[EmailMessage]) -> int:
        """Fail when a mail tells its recipient of another client or of an internal note; return how many were read."""
        read = 0
        for letter in letters:
            words = said_in(letter)
            for address in letter.recipients():
                reader = User.objects.get(email=address)
                if reader.client_id is not None:
                    told = [word for word in foreign_words(reader.client_id) if word.lower() in words]
                    assert told == [], f"{letter.subject!r} tells {address} of {told}"
                read += 1
        return read

    def enter(self, browser: RequestFactory, who: str) -> RequestFactory:
        """Give a browser the session that somebody opened once."""
        if who != ANONYMOUS:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return browser


def foreign_words(client: int) -> list[str]:
    """Return the words that nobody of a client may meet: the other clients', and the vendor's own."""
    return [*(word for part, word in WORDS.items() if NUMBERS[part] != client), INTERNAL]


def said_in(letter: EmailMessage) -> str:
    """Return all that a mail says, headers and attachments included, in lower case."""
    said = [
        letter.subject,
        letter.body,
        letter.from_email,
        *letter.recipients(),
        *letter.extra_headers.values(),
    ]
    said += [content for content, _kind in getattr(letter, "alternatives", [])]
    return " ".join(str(each) for each in [*said, *letter.attachments]).lower()


def number_from(beginning: int, *tables: str) -> None:
    """Let the next rows of these tables be numbered from here."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, beginning])


def numbered_tables() -> list[str]:
    return [table for table in tables_of_clients() if table_is_numbered(table)]


def table_is_numbered(table: str) -> bool:
    if "id" not in columns_of(table):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        return cursor.fetchone()[0] is not None


def build_crowd(media: str) -> Crowd:
    """Write the crowd beside the small world, whose vendor, solution, calendar and policy it shares."""
    at, crowd, tables = timezone.now(), Crowd(media=media), numbered_tables()
    number_from(90_000, *tables)
    world = build_world()
    crowd.people = {name: getattr(world, name) for name in OF_THE_VENDOR}
    defect = record_anomaly(
        by=world.agnes,
        at=at,
        solution=world.solution,
        title=f"{INTERNAL} défaut",
        summary="Su.",
        analysis=INTERNAL,
    )
    for part in ("short", "own", "long", "other"):
        number_from(BEGINNINGS[part], *tables)
        with tracing(Trace(Through.PAGE, WORDS[part], agent=f"{WORDS[part]}/1.0")):
            write_client(crowd, world, part, at)
        linking.link_anomaly(crowd.tickets[part], by=world.agnes, at=at, anomaly=defect)
    number_from(95_000, *tables)
    crowd.delivered = record_delivery(
        defect, by=world.agnes, at=at, what=DeliveryKind.FIX, content="Livré.", how_to_test="Relancer."
    ).pk
    keep_canned(None, by=world.maud, title=INTERNAL, body=INTERNAL, is_shared=True)
    write_price_lists(world.maud, at, INTERNAL)
    for version in (CalendarVersion.objects.get(), PolicyVersion.objects.get()):
        next_draft(version, by=world.maud)
    crowd.people |= people_of(
        Client.objects.get(pk=NUMBERS["own"]), world.solution, crowd.authors["own"], at.date()
    )
    for who, user in crowd.people.items():
        browser = Browser()
        browser.force_login(user)
        crowd.sessions[who] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    User.objects.filter(pk=crowd.people[DEACTIVATED].pk).update(is_active=False)
    send_waiting(timezone.now() + timedelta(days=1))
    crowd.letters = list(mail.outbox)
    for part, number in NUMBERS.items():
        fill_blanks(number, WORDS[part])
    return crowd


def write_client(crowd: Crowd, world: World, part: str, at: datetime) -> None:
    """Write one client with its contract, its trained administrator, its ticket and its papers."""
    word, number = WORDS[part], NUMBERS[part]
    name, code = NAMES[part]
    client = Client.objects.create(id=number, name=name, code=code)
    contract = Contract.objects.create(
        id=number, reference=f"C-{code}", client=client, solution=world.solution,
        policy=world.other_contract.policy, calendar=world.other_contract.calendar, starts_on=BEGINNING.date(),
    )  # fmt: skip
    author, manager = (
        person(f"{first} {word}", role, client)
        for first, role in (("Claire", Role.ADMINISTRATOR), ("Marc", Role.CLIENT_MANAGER))
    )
    User.objects.filter(client=client).update(telephone=f"{word} 01")
    training = Training.objects.create(
        client=client, person=author, solution=world.solution, trained_on=date(2025, 1, 15), trainer=word
    )
    number_from(number, "tickets_ticket")
    filing = Filing(
        title=f"{word} titre", description=f"{word} description", steps=f"{word} étapes", environment=f"{word} poste",
        affected_version=f"{word} version", severity=Severity.MAJEURE, attachments=[text_file(f"{word}.txt")],
    )  # fmt: skip
    ticket = file_ticket(contract, filing, by=author, at=at)
    ticket = vendor.ask(ticket, by=world.agnes, at=at, message=f"{word} réponse")
    vendor.note(
        ticket, by=world.agnes, at=at, message=f"{INTERNAL} pour {word}",
        attachments=[text_file(f"{INTERNAL}.txt")],
    )  # fmt: skip
    join_certificate(training, text_file(f"{word}-attestation.txt"), by=world.maud, at=at)
    prepared(client, by=world.maud, at=at)
    build_report(contract, Month.of(at), by=world.maud, at=at)
    keep(author, "file", {"title": f"{word} brouillon"})
    Deputation.objects.create(
        client=client, person=author, deputy=manager, first_day=at.date(), last_day=at.date() + timedelta(days=9),
        named_by=author, named_at=at,
    )  # fmt: skip
    feed = CalendarFeed.objects.create(
        client=client, person=author, calendar=contract.calendar, created_at=at
    )
    write_papers(world, contract, author, ticket, word)
    ticket = Ticket.objects.get(pk=ticket.pk)
    crowd.tickets[part], crowd.contracts[part], crowd.authors[part] = ticket, contract, author
    crowd.feeds[part] = feed.token
    if part == "own":
        crowd.people |= {"claire": author, "marc": manager}


def people_of(client: Client, solution: Solution, trained: User, today: date) -> dict[str, User]:
    """Return the roles at the own client that have nobody yet: a reader, and three who may not file."""
    people = {
        "rachel": person("Rachel Roux", Role.READER, client),
        "lucas": person("Lucas Petit", Role.ADMINISTRATOR, client),
        "hugo": person("Hugo Jadis", Role.ADMINISTRATOR, client),
        DEACTIVATED: person("Gaston Parti", Role.ADMINISTRATOR, client),
    }
    for who, until in (("hugo", today - timedelta(days=1)), (DEACTIVATED, None)):
        Training.objects.create(
            client=client, person=people[who], solution=solution, trained_on=date(2025, 1, 15), trainer="Nôtre",
            expires_on=until,
        )  # fmt: skip
    return people


def digests(tables: list[str]) -> dict[str, dict[int | None, str]]:
    """Return how each client's rows of these tables stand, as a digest a client."""
    found: dict[str, dict[int | None, str]] = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT {owner_of(table)} AS whose, string_agg(md5(t::text), '' ORDER BY md5(t::text))"
                f" FROM {table} t GROUP BY whose"
            )
            found[table] = {
                whose: hashlib.md5(rows.encode(), usedforsecurity=False).hexdigest()
                for whose, rows in cursor.fetchall()
            }
    return found
