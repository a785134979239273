"""Tickets brought to each state through the actions, for the tests of their page."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from sla.policy import Severity
from tests.playing import a_price_list
from tests.world import World
from tickets.actions import client, manager, quotes, vendor
from tickets.models import Ticket
from tickets.words import ClosingGround, ContestSubject, DeliveryKind, OutOfScopeGround


class Lives:
    """Tickets that began some hours ago, an act every ten minutes since: nothing in them is in the future."""

    def __init__(self, world: World, hours_ago: float = 30) -> None:
        self.world = world
        self.now = timezone.now() - timedelta(hours=hours_ago)

    def then(self) -> datetime:
        """Return the instant of the next act."""
        self.now += timedelta(minutes=10)
        return self.now

    def new(self, **fields: object) -> Ticket:
        local = timezone.localtime(self.then())
        return self.world.file(f"{local:%Y-%m-%d %H:%M:%S}", **fields)

    def in_progress(self, **fields: object) -> Ticket:
        return vendor.acknowledge(
            self.new(**fields),
            by=self.world.agnes,
            at=self.then(),
            owner=self.world.agnes,
            message="Je m'en occupe.",
        )

    def waiting_client(self, **fields: object) -> Ticket:
        ticket = self.in_progress(**fields)
        return vendor.ask(
            ticket, by=self.world.agnes, at=self.then(), message="Quelle version utilisez-vous ?"
        )

    def under_test(self, what: DeliveryKind = DeliveryKind.FIX, **fields: object) -> Ticket:
        return vendor.deliver(
            self.in_progress(**fields), by=self.world.agnes, at=self.then(), what=what, version="4.2.1",
            content="L'export écrit désormais **toutes** les lignes.", how_to_test="1. Lancer l'export\n2. Compter",
            touches_data=True,
        )  # fmt: skip

    def workaround(self, **fields: object) -> Ticket:
        return self.under_test(DeliveryKind.WORKAROUND, **fields)

    def answered_under_test(self, **fields: object) -> Ticket:
        return client.answer(
            self.under_test(**fields), by=self.world.claire, at=self.then(), message="Je regarde."
        )

    def time_requested(self, **fields: object) -> Ticket:
        ticket = self.under_test(**fields)
        return client.request_time(
            ticket, by=self.world.claire, at=self.then(), days=12, reason="Clôture annuelle."
        )

    def accepted(self, **fields: object) -> Ticket:
        return client.accept(
            self.under_test(**fields), by=self.world.claire, at=self.then(), message="Testé."
        )

    def out_of_scope(self, **fields: object) -> Ticket:
        a_price_list(self.world)  # a quote may be asked for
        return vendor.class_out_of_scope(
            self.in_progress(**fields), by=self.world.agnes, at=self.then(), ground=OutOfScopeGround.MISUSE,
            explanation="L'export est lancé pendant une sauvegarde.",
        )  # fmt: skip

    def work_requested(self, **fields: object) -> Ticket:
        return quotes.request_work(
            self.out_of_scope(**fields),
            by=self.world.marc,
            at=self.then(),
            message="Faites-nous un **devis**.",
        )

    def studied(self, **fields: object) -> Ticket:
        return quotes.study(
            self.work_requested(**fields), by=self.world.agnes, at=self.then(), feasible=True,
            message="Deux jours de développement, sans risque pour les données.",
        )  # fmt: skip

    def quoted(self, **fields: object) -> Ticket:
        ticket, at = self.studied(**fields), self.then()
        return quotes.issue_quote(
            ticket, by=self.world.maud, at=at, lines={"JOUR": Decimal(2)}, execution="Livré en quatre semaines.",
            valid_until=at.date() + timedelta(days=30),
        )  # fmt: skip

    def quote_accepted(self, **fields: object) -> Ticket:
        ticket = self.quoted(**fields)
        return quotes.accept_quote(
            ticket, by=self.world.marc, at=self.then(), quote=ticket.quotes.get().pk, agreed=True,
            order_reference="BC-2026-118",
        )  # fmt: skip

    def scope_contested(self, **fields: object) -> Ticket:
        ticket = self.out_of_scope(**fields)
        return client.contest_scope(
            ticket, by=self.world.claire, at=self.then(), reason="La notice le permet."
        )

    def requalified(self, **fields: object) -> Ticket:
        return vendor.requalify(
            self.in_progress(**fields), by=self.world.agnes, at=self.then(), severity=Severity.MINEURE,
            motive="Une **exportation partielle** reste possible.",
        )  # fmt: skip

    def severity_contested(self, **fields: object) -> Ticket:
        ticket = self.requalified(**fields)
        return client.contest_severity(
            ticket, by=self.world.claire, at=self.then(), reason="La paie est bloquée."
        )

    def warned(self, **fields: object) -> Ticket:
        ticket = self.waiting_client(**fields)
        return vendor.warn(
            ticket, by=self.world.agnes, at=self.then(), message="Sans réponse, nous fermerons."
        )

    def closed(self, **fields: object) -> Ticket:
        return client.declare_production(self.accepted(**fields), by=self.world.claire, at=self.then())

    def closed_by_vendor(self, **fields: object) -> Ticket:
        return vendor.close(
            self.in_progress(**fields), by=self.world.agnes, at=self.then(), ground=ClosingGround.NOT_REPRODUCIBLE,
            message="Impossible à reproduire.",
        )  # fmt: skip

    def settled(self, **fields: object) -> Ticket:
        return manager.settle(
            self.severity_contested(**fields), by=self.world.maud, at=self.then(), subject=ContestSubject.SEVERITY,
            upheld=False, motive="La paie passe par un autre écran.",
        )  # fmt: skip


LIVES = [name for name in vars(Lives) if not name.startswith("_") and name != "then"]
