"""What managers write in the tests of the monthly reports."""

from tests.world import World, paris
from tickets.actions.breaches import find_breach
from tickets.models import MonthlyReport, Ticket
from tickets.words import Attribution, Promise

FINDING = "Le correctif a attendu la validation de l'éditeur tiers."


def find_all(draft: MonthlyReport, world: World, at: str = "2026-06-01 15:00") -> None:
    """Write a finding on every missed deadline of a draft."""
    for breach in draft.body["breaches"]:
        find_breach(
            Ticket.objects.get(pk=breach["ticket"]),
            Promise(breach["promise"]),
            by=world.maud,
            at=paris(at),
            cause=FINDING,
            attribution=Attribution.VENDOR,
            comment="Le client était prévenu.",
            corrective_action="Valider dès la livraison, avant le 30 juin.",
        )
