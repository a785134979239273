"""The demonstration's parties written down: people who can sign in, their trainings, their contracts."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Client, Role, Solution, Training, User
from sla.models import Calendar, Contract
from tickets.demo.parties import (
    CLIENTS,
    DEMO_PASSWORD,
    PEOPLE,
    SOLUTIONS,
    VENDOR_DOMAIN,
    ClientPart,
    PersonPart,
)
from tickets.demo.terms import Terms, publish_terms


@dataclass(slots=True)
class Cast:
    """Everyone and everything that the story needs, by code."""

    calendar: Calendar
    solutions: dict[str, Solution] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)
    trainings: list[Training] = field(default_factory=list)
    specialists: dict[str, list[User]] = field(default_factory=dict)
    managers: list[User] = field(default_factory=list)

    def who_may_file(self, client: Client, solution: Solution, day: date) -> list[User]:
        """Return the administrators of the client whose training for the solution is valid on `day` (C-WHO-1)."""
        return [
            training.person
            for training in self.trainings
            if training.client == client
            and training.solution == solution
            and training.trained_on <= day
            and (training.expires_on is None or training.expires_on >= day)
        ]

    def contracts_on(self, day: date) -> list[Contract]:
        """Return the contracts that hold on `day` and under which somebody may file."""
        return [
            contract
            for contract in self.contracts
            if contract.starts_on <= day
            and (contract.ends_on is None or contract.ends_on >= day)
            and self.who_may_file(contract.client, contract.solution, day)
        ]


def write_cast(begins_on: date, now: datetime) -> Cast:
    """Write the parties of a story that begins on `begins_on` and is told until `now`."""
    cast = Cast(Calendar.objects.create(name="Support France métropolitaine"))
    for part in SOLUTIONS:
        cast.solutions[part.code] = Solution.objects.create(
            code=part.code,
            name=part.name,
            description=part.description,
            training_contact=(
                f"Prochaines sessions {part.name} : écrivez à formation@{VENDOR_DOMAIN} "
                "ou demandez à votre responsable de contrat."
            ),
        )
    for client in CLIENTS:
        cast.clients[client.code] = Client.objects.create(
            code=client.code, name=client.name, readers_allowed=client.readers_allowed
        )
    _write_people(cast, begins_on, now)
    author = next(user for user in cast.people.values() if user.role == Role.PLATFORM_ADMINISTRATOR)
    terms = publish_terms(cast.calendar, begins_on, now, author)
    for client in CLIENTS:
        cast.contracts += _write_contracts(cast, terms, client, begins_on)
    return cast


def _write_people(cast: Cast, begins_on: date, now: datetime) -> None:
    # Hashed once: forty slow hashes of one public password would protect nobody.
    password = make_password(DEMO_PASSWORD)
    for number, part in enumerate(PEOPLE):
        user = User.objects.create(
            email=part.email,
            password=password,
            first_name=part.first_name,
            last_name=part.last_name,
            role=part.role,
            client=cast.clients[part.client] if part.client else None,
            telephone=f"01 99 00 {number // 100:02d} {number % 100:02d}",
            language=part.language,
        )
        cast.people[part.email] = user
        if user.role == Role.MANAGER:
            cast.managers.append(user)
        for code in part.trained:
            if part.client:
                cast.trainings += _trainings(part, user, cast.solutions[code], begins_on, now, number)
            else:
                cast.specialists.setdefault(code, []).append(user)


def _trainings(
    part: PersonPart, user: User, solution: Solution, begins_on: date, now: datetime, number: int
) -> list[Training]:
    if user.client is None:
        raise ValueError("only a client's person is trained")
    today = now.astimezone(settings.SUPPORT_ZONE).date()
    trained_on = begins_on - timedelta(days=30 + 17 * (number % 11))
    expires_on = {
        "valid": trained_on + timedelta(days=3 * 365) if number % 2 else None,
        "expired": today - timedelta(days=40 + number),
        "expiring": today + timedelta(days=20),
    }.get(part.training)
    training = Training.objects.create(
        client=user.client,
        person=user,
        solution=solution,
        trained_on=trained_on,
        trainer=f"Équipe formation {solution.name}",
        expires_on=expires_on,
    )
    return [training]


def _write_contracts(cast: Cast, terms: Terms, client: ClientPart, begins_on: date) -> list[Contract]:
    """Write a client's contracts; one of them ends on its anniversary and is renewed under better terms."""
    written = []
    starts_on = date(begins_on.year - 1, 1, 1)
    for code in client.solutions:
        reference = f"DEMO-{client.code}-{code}".upper()
        shared = {
            "client": cast.clients[client.code],
            "solution": cast.solutions[code],
            "calendar": terms.calendar,
        }
        if client.code != "clinique-tilleuls":
            policy = terms.premium if client.premium else terms.standard
            written.append(
                Contract.objects.create(reference=reference, policy=policy, starts_on=starts_on, **shared)
            )
            continue
        renewed_on = begins_on + timedelta(days=240)
        written += [
            Contract.objects.create(
                reference=reference,
                policy=terms.standard,
                starts_on=starts_on,
                ends_on=renewed_on - timedelta(days=1),
                **shared,
            ),
            Contract.objects.create(
                reference=f"{reference}-2", policy=terms.premium, starts_on=renewed_on, **shared
            ),
        ]
    return written
