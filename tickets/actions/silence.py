"""What the timetable does when nobody answers: it closes, and says which rule closed."""

from datetime import datetime

from tickets.actions.work import IllegalMove, working
from tickets.acts import Action
from tickets.clocks import closes_at, rules_of
from tickets.models import Ticket
from tickets.words import ClosingGround, EntryKind


def close_tacitly(ticket: Ticket, *, at: datetime) -> Ticket:
    """Close a ticket whose delay for an answer is over at `at` (C-CLI-2, K-5, K-18).

    Raises `IllegalMove` when no countdown runs or the delay is not over.
    """
    with working(ticket, Action.CLOSE_TACITLY, by=None, at=at) as work:
        ends_at = closes_at(work.life, rules_of(work.ticket))
        if ends_at is None or at < ends_at:
            raise IllegalMove("The delay for an answer is not over.")
        ground = ClosingGround.TACIT_PRODUCTION if work.life.accepted_at else ClosingGround.TACIT
        work.write(EntryKind.CLOSED, ground=str(ground))
    return work.ticket
