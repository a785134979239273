"""A small world with a story: two clients that must never meet, one vendor, one solution, its calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings

from accounts.models import Client, Role, Solution, Training, User
from sla.models import Calendar, CalendarVersion, Contract, Policy, PolicyVersion
from sla.policy import Severity
from tickets.actions.filing import Filing, file_ticket
from tickets.models import Ticket

PASSWORD = "correct horse battery staple"
QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hashing need not be slow here
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)


def paris(text: str) -> datetime:
    """Return the instant of a wall-clock time in Paris, « 2026-05-04 09:30 »."""

    return datetime.fromisoformat(text).replace(tzinfo=settings.SUPPORT_ZONE)


@dataclass
class World:
    """The people, by the name of the part they play."""

    solution: Solution
    other_solution: Solution
    client: Client
    other_client: Client
    contract: Contract
    other_contract: Contract
    claire: User  # authorised administrator of the client, trained
    lucas: User  # administrator of the client, never trained
    rachel: User  # reader at the client
    marc: User  # client manager
    olivia: User  # authorised administrator of the other client, trained
    agnes: User  # agent
    bruno: User  # another agent
    maud: User  # support manager
    paul: User  # platform administrator

    def file(self, at: str = "2026-04-28 10:30", severity: str = "majeure", **fields: object) -> Ticket:
        """Let Claire file an anomaly at a wall-clock time in Paris."""
        filing = Filing(**{
            "title": "L'export comptable s'arrête à mi-chemin",
            "description": "Le fichier produit est **vide**.",
            "severity": Severity(severity),
            **fields,
        })  # fmt: skip
        return file_ticket(self.contract, filing, by=self.claire, at=paris(at))


def person(name: str, role: Role, client: Client | None = None) -> User:
    """Create one person, French-speaking, with the tests' password."""
    first, last = name.split(" ", 1)
    return User.objects.create_user(
        f"{first}.{last}@{client.code if client else 'vendor'}.example".lower().replace(" ", "-"),
        PASSWORD,
        first_name=first,
        last_name=last,
        role=role,
        client=client,
    )


def build_world() -> World:
    """Write the world."""
    solution = Solution.objects.create(
        name="Gestia", code="gestia", training_contact="formation@vendor.example"
    )
    other_solution = Solution.objects.create(name="Planora", code="planora")
    calendar = Calendar.objects.create(name="Support France")
    CalendarVersion.objects.create(calendar=calendar, number=1, published_at=BEGINNING)
    policy = Policy.objects.create(name="Standard")
    PolicyVersion.objects.create(policy=policy, number=1, published_at=BEGINNING)
    client = Client.objects.create(name="Brasserie du Nord", code="brasserie")
    other_client = Client.objects.create(name="Clinique des Tilleuls", code="clinique")
    contract, other_contract = (
        Contract.objects.create(
            reference=f"C-{each.code}",
            client=each,
            solution=solution,
            policy=policy,
            calendar=calendar,
            starts_on=date(2025, 1, 1),
        )
        for each in (client, other_client)
    )
    claire = person("Claire Fontaine", Role.ADMINISTRATOR, client)
    olivia = person("Olivia Mercier", Role.ADMINISTRATOR, other_client)
    for trained in (claire, olivia):
        Training.objects.create(
            client=trained.client,
            person=trained,
            solution=solution,
            trained_on=date(2025, 1, 15),
            trainer="Formateur",
        )
    return World(
        solution=solution,
        other_solution=other_solution,
        client=client,
        other_client=other_client,
        contract=contract,
        other_contract=other_contract,
        claire=claire,
        lucas=person("Lucas Petit", Role.ADMINISTRATOR, client),
        rachel=person("Rachel Roux", Role.READER, client),
        marc=person("Marc Girard", Role.CLIENT_MANAGER, client),
        olivia=olivia,
        agnes=person("Agnes Martin", Role.AGENT),
        bruno=person("Bruno Lefevre", Role.AGENT),
        maud=person("Maud Bernard", Role.MANAGER),
        paul=person("Paul Renard", Role.PLATFORM_ADMINISTRATOR),
    )
