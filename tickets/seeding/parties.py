"""The parties of a benchmark: a desk, many clients, their contracts under two calendars, their trained people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from accounts.models import Client, Role, Solution, Training, User
from sla.models import Calendar, CalendarVersion, Contract, Policy, PolicyVersion

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
SOLUTIONS = 5
DOMAIN = "bench.invalid"
# No password opens these accounts.
NO_PASSWORD = "!"  # noqa: S105  # nosec B105


@dataclass(frozen=True, slots=True)
class Parties:
    """Who and what the tickets are about."""

    agents: list[User]
    contracts: list[Contract]
    reporters: dict[int, User]  # by client
    versions: dict[int, CalendarVersion]  # by calendar
    policy: PolicyVersion


def _person(address: str, first: str, last: str, role: Role, client: Client | None = None) -> User:
    return User(
        email=f"{address}@{DOMAIN}",
        password=NO_PASSWORD,
        first_name=first,
        last_name=last,
        role=role,
        client=client,
    )


def write_parties(*, clients: int, agents: int) -> Parties:
    """Write everybody; the first client's administrator is trained for its first solution, like all others."""
    policy = Policy.objects.create(name="Standard")
    version = PolicyVersion.objects.create(policy=policy, number=1, published_at=BEGINNING)
    calendars = [Calendar.objects.create(name=name) for name in ("Support France", "Support Alsace")]
    versions = {
        calendar.pk: CalendarVersion.objects.create(
            calendar=calendar, number=1, published_at=BEGINNING, holiday_subdivision=place
        )
        for calendar, place in zip(calendars, ("", "57"), strict=True)
    }
    solutions = Solution.objects.bulk_create(
        Solution(name=f"Solution {number}", code=f"solution-{number}") for number in range(1, SOLUTIONS + 1)
    )
    organisations = Client.objects.bulk_create(
        Client(name=f"Client {number:03d}", code=f"client-{number:03d}") for number in range(1, clients + 1)
    )
    desk = User.objects.bulk_create(
        _person(f"agent{number:02d}", "Agent", f"{number:02d}", Role.AGENT) for number in range(1, agents + 1)
    )
    people = User.objects.bulk_create(
        _person(f"admin.{each.code}", "Admin", each.code, Role.ADMINISTRATOR, each) for each in organisations
    )
    contracts = Contract.objects.bulk_create(
        Contract(
            reference=f"C-{client.code}",
            client=client,
            solution=solutions[at % SOLUTIONS],
            policy=policy,
            calendar=calendars[at % 10 == 9],
            starts_on=date(2020, 1, 1),
        )
        for at, client in enumerate(organisations)
    )
    Training.objects.bulk_create(
        Training(
            client=contract.client,
            person=reporter,
            solution=contract.solution,
            trained_on=date(2020, 1, 15),
            trainer="Formateur",
        )
        for contract, reporter in zip(contracts, people, strict=True)
    )
    return Parties(
        desk,
        contracts,
        {reporter.client_id: reporter for reporter in people if reporter.client_id},
        versions,
        version,
    )
