"""Play any action of the workflow with plausible words, for tests that live many lives."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from sla.models import CalendarVersion, Closure
from sla.policy import Severity
from tests.world import World
from tickets.actions import PERFORM
from tickets.actions.anomalies import record_anomaly
from tickets.acts import Action
from tickets.ledger import append
from tickets.life import Life
from tickets.models import Message, PriceItem, PriceList, ProductAnomaly, Quote, Ticket
from tickets.permissions import actions_offered
from tickets.quote_document import Line, Terms, document_of
from tickets.words import ClosingGround, DeliveryKind, EntryKind, OutOfScopeGround

Fields = dict[str, Any]


def fields_for(action: Action, world: World, ticket: Ticket, life: Life, chance: random.Random) -> Fields:
    """Return what the form of `action` would hold."""
    makers: dict[Action, Callable[[], Fields]] = {
        Action.ACKNOWLEDGE: lambda: {"owner": chance.choice([world.agnes, world.bruno]), "message": "Vu."},
        Action.ASSIGN: lambda: {"owner": world.bruno if life.owner == world.agnes.pk else world.agnes},
        Action.REQUALIFY: lambda: {
            "severity": chance.choice([each for each in Severity if each != life.retained]),
            "motive": "Constat.",
        },
        Action.DELIVER: lambda: {
            "what": chance.choice(list(DeliveryKind)),
            "content": "Correctif.",
            "how_to_test": "Relancer.",
        },
        Action.CLASS_OUT_OF_SCOPE: lambda: {
            "ground": chance.choice(list(OutOfScopeGround)),
            "explanation": "Hors contrat.",
        },
        Action.CLOSE: lambda: {
            "ground": ClosingGround.NO_COOPERATION if life.warned_at else ClosingGround.AGREED,
            "message": "Entendu.",
        },
        Action.CORRECT: lambda: {"title": f"Titre {chance.random()}", "solution": world.solution},
        Action.SETTLE: lambda: {
            "subject": next(iter(life.contests)),
            "upheld": chance.random() < 0.3,
            "motive": "Vu.",
        },
        Action.RECOMPUTE: lambda: {
            "calendar_version": another_calendar_version(world, chance),
            "motive": "Fermeture exceptionnelle.",
        },
        Action.AGREE_TIME: lambda: {"days": 60 + chance.randrange(100)},
        Action.REQUEST_TIME: lambda: {"days": 60 + chance.randrange(100), "reason": "Recette longue."},
        Action.REFUSE: lambda: {"motive": "Toujours là."},
        Action.RELATE: lambda: {"other": world.file()},
        Action.SPLIT: lambda: {
            "source": said_by_claire(world, ticket, life),
            "title": "Autre chose",
            "severity": Severity.MINEURE,
        },
        Action.LINK_ANOMALY: lambda: {"anomaly": known_anomaly(world)},
        Action.REQUEST_WORK: lambda: {"message": f"Un devis, au tarif {a_price_list(world)}."},
        Action.STUDY: lambda: {"feasible": chance.random() < 0.8, "message": "Étude faite."},
        Action.ISSUE_QUOTE: lambda: {
            "lines": {"JOUR": Decimal(chance.randrange(1, 9))},
            "valid_until": life.last_at.date() + timedelta(days=chance.randrange(2, 300)),
            "execution": "Un mois.",
        },
        Action.ACCEPT_QUOTE: lambda: {"quote": quote_of(life), "agreed": True, "order_reference": "BC-7"},
        Action.REFUSE_QUOTE: lambda: {"quote": quote_of(life)},
        Action.WITHDRAW_QUOTE: lambda: {"quote": quote_of(life), "message": "À refaire."},
        Action.CONTEST_SEVERITY: lambda: {"reason": "Non."},
        Action.CONTEST_SCOPE: lambda: {"reason": "Non."},
        Action.CONTEST_DEADLINE: lambda: {"reason": "Non."},
    }
    return makers.get(action, lambda: {"message": "Un mot."})()


def quote_of(life: Life) -> int:
    """Return the number of the quote that awaits an answer; a number of none otherwise."""
    return (life.work.quote if life.work else None) or 0


def a_price_list(world: World) -> PriceList:
    """Return the public price list that has always been in force, made now if there is none."""
    found = PriceList.objects.in_force_on(date(2025, 1, 1))
    if found is None:
        made_at = datetime(2024, 12, 1, tzinfo=UTC)
        found = PriceList.objects.create(
            title="Tarif 2025", in_force_from=date(2025, 1, 1), created_by=world.maud, created_at=made_at
        )
        for code, label, price, rate in (
            ("JOUR", "Journée de développement", "900.00", "20.00"),
            ("FORM", "Formation sur site", "1200.00", "0.00"),
        ):
            PriceItem.objects.create(
                price_list=found, code=code, label=label, unit="jour", unit_price=price, vat_rate=rate
            )
        PriceList.objects.filter(pk=found.pk).update(published_at=made_at, published_by=world.maud)
    return found


def a_quote(world: World, ticket: Ticket, word: str = "Une étude") -> Quote:
    """Write a quote as if it had been issued for the ticket, whatever its life: `word` stands in its texts."""
    price_list, at = a_price_list(world), timezone.now()
    number = Quote.objects.filter(client=ticket.client_id).count() + 1
    terms = Terms(
        requested_on=at.date(), study=f"{word} : faisable.", execution=f"{word}, en mars.",
        valid_until=at.date() + timedelta(days=30), replaces=None,
    )  # fmt: skip
    lines = [Line(price_list.items.get(code="JOUR"), Decimal(2))]
    document = document_of(ticket, price_list, lines, terms, number=number, by=world.maud, at=at)
    quote = Quote.objects.create(
        client_id=ticket.client_id, ticket=ticket, number=number, price_list=price_list, requested_on=at.date(),
        issued_at=at, issued_by=world.maud, valid_until=terms.valid_until, net=Decimal(document["net"]),
        gross=Decimal(document["gross"]), document=document, digest=document["digest"],
    )  # fmt: skip
    said = {
        "quote": quote.pk, "number": number, "net": document["net"], "gross": document["gross"],
        "digest": quote.digest, "expires_at": (at + timedelta(days=31)).isoformat(),
    }  # fmt: skip
    last = ticket.entries.latest("seq").seq
    append(ticket, EntryKind.QUOTED, seq=last + 1, by=world.maud, occurred_at=at, recorded_at=at, data=said)
    ticket.last_seq = last + 1
    ticket.save(update_fields=["last_seq"])
    return quote


def said_by_claire(world: World, ticket: Ticket, life: Life) -> Message:
    """Return a message of the client on the ticket that became no other, written now if there is none."""
    split = [fact.data.get("source") for fact in ticket.entries.filter(kind=EntryKind.SPLIT)]
    found = Message.objects.filter(ticket=ticket, author=world.claire).exclude(pk__in=split).first()
    return found or Message.objects.create(
        client=world.client,
        ticket=ticket,
        author=world.claire,
        body="Et le menu est en anglais.",
        sent_at=life.last_at,
    )


def known_anomaly(world: World) -> ProductAnomaly:
    """Record a defect of the solution that no ticket is linked to yet."""
    return record_anomaly(
        by=world.agnes,
        at=datetime(2026, 5, 4, tzinfo=UTC),
        solution=world.solution,
        title="Export",
        summary="Tronqué.",
    )


def another_calendar_version(world: World, chance: random.Random) -> CalendarVersion:
    """Publish, in the past, a version of the contract's calendar with one more half-day or closed day."""
    versions = CalendarVersion.objects.filter(calendar=world.contract.calendar)
    last = versions.order_by("-number").first()
    version = CalendarVersion.objects.create(calendar=world.contract.calendar, number=last.number + 1)
    day = date(2026, 5, 4) + timedelta(days=chance.randrange(20))
    Closure.objects.create(
        version=version,
        first_day=day,
        last_day=day,
        windows=chance.choice([[], [["09:00", "12:00"]]]),
        motive="Fermeture.",
    )
    version.published_at = last.published_at + timedelta(days=1)
    version.save()
    return version


def play(
    ticket: Ticket, action: Action, world: World, life: Life, chance: random.Random, *, by: User, at: datetime
) -> object:
    """Perform `action` as its form would."""
    return PERFORM[action](ticket, by=by, at=at, **fields_for(action, world, ticket, life, chance))


def offered(ticket: Ticket, world: World, life: Life, at: datetime) -> list[tuple[User, Action]]:
    """Return every legal act on the ticket, with a person who may do it."""
    return [
        (person, action)
        for person in (world.claire, world.marc, world.agnes, world.maud)
        for action in actions_offered(person, ticket, life, at)
    ]
