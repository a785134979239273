"""A month of May by hand: one ticket for each way in which a promise ends, or does not."""

from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.silence import close_tacitly
from tickets.models import Ticket
from tickets.words import ClosingGround, DeliveryKind, OutOfScopeGround


class Life:
    """One ticket of Claire's, told in wall-clock times of Paris."""

    def __init__(self, world: World, at: str, severity: str = "majeure") -> None:
        self.world = world
        self.ticket = world.file(f"2026-{at}", severity)

    def acknowledge(self, at: str) -> "Life":
        agnes = self.world.agnes
        vendor.acknowledge(self.ticket, by=agnes, at=paris(f"2026-{at}"), owner=agnes, message="Je regarde.")
        return self

    def ask(self, at: str) -> "Life":
        vendor.ask(self.ticket, by=self.world.agnes, at=paris(f"2026-{at}"), message="Quelle version ?")
        return self

    def deliver(self, at: str) -> "Life":
        vendor.deliver(
            self.ticket, by=self.world.agnes, at=paris(f"2026-{at}"), what=DeliveryKind.FIX, content="4.2.1",
            how_to_test="Relancer l'export.",
        )  # fmt: skip
        return self

    def refuse(self, at: str) -> "Life":
        client.refuse(self.ticket, by=self.world.claire, at=paris(f"2026-{at}"), motive="Toujours vide.")
        return self

    def accept(self, at: str) -> "Life":
        client.accept(self.ticket, by=self.world.claire, at=paris(f"2026-{at}"))
        return self

    def in_production(self, at: str) -> "Life":
        client.declare_production(self.ticket, by=self.world.claire, at=paris(f"2026-{at}"))
        return self

    def withdraw(self, at: str) -> "Life":
        client.withdraw(self.ticket, by=self.world.claire, at=paris(f"2026-{at}"))
        return self

    def leave_scope(self, at: str) -> "Life":
        vendor.class_out_of_scope(
            self.ticket, by=self.world.agnes, at=paris(f"2026-{at}"), ground=OutOfScopeGround.TRAINING,
            explanation="Il s'agit d'une formation.",
        )  # fmt: skip
        return self

    def retain(self, at: str, severity: str) -> "Life":
        vendor.requalify(
            self.ticket, by=self.world.agnes, at=paris(f"2026-{at}"), severity=Severity(severity),
            motive="L'usage reste entier.",
        )  # fmt: skip
        return self

    def close(self, at: str, ground: ClosingGround, duplicate_of: Ticket | None = None) -> "Life":
        vendor.close(
            self.ticket, by=self.world.agnes, at=paris(f"2026-{at}"), ground=ground, message="Nous fermons.",
            duplicate_of=duplicate_of,
        )  # fmt: skip
        return self


def live_through_may(world: World) -> dict[str, Ticket]:
    """Live sixteen tickets, each under the name of what becomes of it.

    Holidays: 1, 8, 14 and 25 May. Majeure: 4 h, 7 days; Bloquante: 2 h, 24 h; Mineure: 24 h, nothing.
    """
    kept = (
        Life(world, "05-04 10:00")
        .acknowledge("05-04 11:00")
        .deliver("05-05 10:00")
        .in_production("05-07 09:00")
    )
    tacit = Life(world, "04-28 10:30").acknowledge("04-28 11:00").deliver("05-05 10:00")
    close_tacitly(tacit.ticket, at=paris("2026-05-13 18:00"))
    outside_closed = Life(world, "05-07 09:00").leave_scope("05-07 10:00")
    lives = {
        "kept": kept,
        "tacit": tacit,
        # Acknowledged at 15:00 for 14:00; delivered on the 18th for the 15th.
        "late": Life(world, "05-04 10:00")
        .acknowledge("05-04 15:00")
        .deliver("05-18 10:00")
        .accept("05-19 10:00"),
        # Due on 1 June at 9:30 and 3 June at 13:30.
        "never_acknowledged": Life(world, "05-29 16:30", "bloquante"),
        # Due on 13 May at 15:00, never delivered.
        "breached": Life(world, "05-11 09:00", "bloquante").acknowledge("05-11 09:30"),
        "waiting": Life(world, "05-12 09:00").acknowledge("05-12 10:00").ask("05-12 11:00"),
        "under_test": Life(world, "05-18 09:00").acknowledge("05-18 09:30").deliver("05-20 10:00"),
        "minor": Life(world, "05-04 09:00", "mineure")
        .acknowledge("05-05 09:00")
        .deliver("05-06 09:00")
        .in_production("05-07 09:00"),
        "duplicate": Life(world, "05-05 09:00").close("05-05 09:30", ClosingGround.DUPLICATE, kept.ticket),
        # Its acknowledgement was due at 11:00.
        "withdrawn": Life(world, "05-06 09:00", "bloquante").withdraw("05-06 12:00"),
        "outside": Life(world, "05-07 09:00").leave_scope("05-07 10:00"),
        "outside_closed": outside_closed.close("05-11 10:00", ClosingGround.OUT_OF_SCOPE),
        "not_reproducible": Life(world, "05-11 09:00")
        .acknowledge("05-11 09:30")
        .close("05-12 09:00", ClosingGround.NOT_REPRODUCIBLE),
        # Due on 5 June.
        "spanning": Life(world, "05-27 09:00").acknowledge("05-27 09:30"),
        # Under test for 18 business hours, then due on the 18th at 18:00; delivered again on the 19th.
        "refused": Life(world, "05-04 09:00")
        .acknowledge("05-04 09:30")
        .deliver("05-06 09:00")
        .refuse("05-11 09:00")
        .deliver("05-19 10:00")
        .accept("05-20 09:00"),
        "requalified": Life(world, "05-18 09:00", "bloquante")
        .acknowledge("05-18 09:30")
        .retain("05-18 10:00", "mineure"),
    }
    return {name: life.ticket for name, life in lives.items()}
