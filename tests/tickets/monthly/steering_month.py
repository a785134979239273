"""May 2026 as a steering committee reads it: twenty-six tickets, every state, each figure worked out by hand.

Holidays: 1, 8, 14 and 25 May. Majeure: 4 h, 7 days; Bloquante: 2 h, 24 h; Mineure: 24 h, no commitment.
"""

from sla.policy import Severity
from tests.tickets.reports.month_of_may import Life, live_through_may
from tests.world import World, paris
from tickets.actions import client, manager, vendor
from tickets.actions.silence import close_tacitly
from tickets.models import Ticket
from tickets.words import ClosingGround, ContestSubject, DeliveryKind


class Longer(Life):
    """A life with the acts that the shorter month does not need."""

    def at(self, text: str):
        return paris(f"2026-{text}")

    def answer(self, at: str) -> "Longer":
        client.answer(self.ticket, by=self.world.claire, at=self.at(at), message="La 4.2.")
        return self

    def work_around(self, at: str) -> "Longer":
        vendor.deliver(
            self.ticket, by=self.world.agnes, at=self.at(at), what=DeliveryKind.WORKAROUND,
            content="Passer par l'export mensuel.", how_to_test="Essayer.",
        )  # fmt: skip
        return self

    def judge(self, at: str, *, definitive: bool) -> "Longer":
        verdict = client.judge_definitive if definitive else client.judge_provisional
        verdict(self.ticket, by=self.world.claire, at=self.at(at), message="Nous l'avons essayée.")
        return self

    def contest(self, at: str) -> "Longer":
        client.contest_severity(self.ticket, by=self.world.claire, at=self.at(at), reason="Tout est arrêté.")
        return self

    def settle(self, at: str) -> "Longer":
        manager.settle(
            self.ticket, by=self.world.maud, at=self.at(at), subject=ContestSubject.SEVERITY, upheld=False,
            motive="L'usage partiel est possible.",
        )  # fmt: skip
        return self

    def return_to_scope(self, at: str) -> "Longer":
        vendor.put_in_scope(
            self.ticket, by=self.world.agnes, at=self.at(at), message="C'est bien une anomalie."
        )
        return self

    def warn(self, at: str) -> "Longer":
        vendor.warn(self.ticket, by=self.world.agnes, at=self.at(at), message="Sans réponse, nous fermerons.")
        return self


def live_a_steering_month(world: World) -> dict[str, Ticket]:
    """Live the sixteen tickets of May and ten more."""
    lives = live_through_may(world)
    followed = client.follow_up(lives["kept"], by=world.claire, at=paris("2026-05-26 10:00"))
    vendor.acknowledge(
        followed, by=world.agnes, at=paris("2026-05-26 11:00"), owner=world.agnes, message="Nous reprenons."
    )
    by_silence = (
        Longer(world, "05-04 14:00")
        .acknowledge("05-04 15:00")
        .deliver("05-05 14:00")
        .accept("05-06 09:00")
        .ticket
    )
    close_tacitly(by_silence, at=paris("2026-05-15 18:00"))
    more = {
        "contested": Longer(world, "05-11 10:00", "bloquante")
        .acknowledge("05-11 10:30")
        .retain("05-11 11:00", Severity.MAJEURE)
        .contest("05-11 12:00")
        .settle("05-12 09:00")
        .deliver("05-13 10:00")
        .accept("05-15 10:00"),
        # Five hours under test: due on the 22nd at 15:00, and still open.
        "worked_around": Longer(world, "05-12 10:00")
        .acknowledge("05-12 10:30")
        .work_around("05-13 10:00")
        .judge("05-13 15:00", definitive=False),
        "definitive": Longer(world, "05-18 10:00", "mineure")
        .acknowledge("05-18 11:00")
        .work_around("05-19 10:00")
        .judge("05-20 10:00", definitive=True),
        "back_in_scope": Longer(world, "05-18 10:00")
        .leave_scope("05-18 11:00")
        .return_to_scope("05-19 11:00")
        .deliver("05-20 11:00")
        .accept("05-21 09:00"),
        "asked": Longer(world, "05-19 09:00")
        .acknowledge("05-19 10:00")
        .ask("05-19 11:00")
        .answer("05-20 11:00")
        .deliver("05-21 12:00")
        .in_production("05-22 09:00"),
        "withdrawn_early": Longer(world, "05-27 09:00", "mineure").withdraw("05-27 12:00"),
        "silent": Longer(world, "05-06 10:00")
        .acknowledge("05-06 10:30")
        .ask("05-06 11:00")
        .warn("05-15 10:00")
        .close("05-22 09:00", ClosingGround.NO_COOPERATION),
        "new": Longer(world, "05-29 17:00"),
    }
    return {
        **lives,
        "followed": followed,
        "by_silence": by_silence,
        **{name: life.ticket for name, life in more.items()},
    }
