"""What other versions would make of open tickets, ticket by ticket and in all; nothing is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from accounts.models import User
from sla.calendar import BusinessCalendar
from sla.clock import ClockState
from sla.models import CalendarVersion
from tickets.actions.recomputing import Versions
from tickets.clocks import Rules, rules_of, rules_under
from tickets.ledger import fact_of
from tickets.models import LedgerEntry, Ticket, TicketQuerySet
from tickets.phrases import say_business_time
from tickets.recomputation import ClockChange, Recomputation, recomputed, standing_of
from tickets.recomputation_words import say_closing, say_standing

MOST = 300  # tickets at a time: about ten seconds of a request, measured


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock of a line in words."""

    name: str
    before: str
    after: str
    shift: str
    becomes: str  # missed, met, kept or nothing

    @property
    def moves(self) -> bool:
        """Tell whether there is anything to say."""
        return self.before != self.after or bool(self.becomes)


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket of a preview."""

    ticket: Ticket
    foresight: Recomputation

    @property
    def refusal(self) -> str:
        """Why the ticket cannot be recomputed; nothing when it can."""
        if self.foresight.closes_at_once:
            return _("Under these versions, silence would have closed this ticket already.")
        return ""

    @property
    def rows(self) -> list[ClockRow]:
        """Both clocks and the closing by silence, in words."""
        names = {"acknowledge": _("Acknowledgement"), "resolve": _("Resolution")}
        rows = [_row(names[change.key], change) for change in self.foresight.changes]
        before, after = (say_closing(self.foresight.document(side)) for side in ("before", "after"))
        if before != after:
            rows.append(ClockRow(_("Closing by silence"), before, after, "", ""))
        return rows

    @property
    def weight(self) -> int:
        """What comes first in a list: what becomes missed, then what moves, then the rest."""
        if any(change.becomes_missed for change in self.foresight.changes):
            return 0
        return 1 if self.foresight.moves else 2


@dataclass(frozen=True, slots=True)
class Summary:
    """What a preview amounts to: tickets, deadlines, and the widest moves in business time (microseconds)."""

    tickets: int
    moved_tickets: int
    moved_deadlines: int
    become_missed: int
    become_met: int
    stay_missed: int
    refused: int
    latest: int
    earliest: int


def candidates(user: User, at: datetime, versions: Versions, **narrowing: object) -> TicketQuerySet:
    """Return the open tickets of contracts that use these calendars or policies and are under other versions."""
    tickets = Ticket.objects.visible_to(user, at=at).open()
    under = Q()
    if versions.calendar:
        tickets = tickets.filter(contract__calendar=versions.calendar.calendar_id)
        under |= ~Q(calendar_version=versions.calendar)
    if versions.policy:
        tickets = tickets.filter(contract__policy=versions.policy.policy_id)
        under |= ~Q(policy_version=versions.policy)
    wanted = {name: value for name, value in narrowing.items() if value}
    return tickets.filter(under, **wanted)


def preview(tickets: TicketQuerySet, rules_for: Callable[[Ticket], Rules], at: datetime) -> list[Line]:
    """Compare each ticket with what it would be under `rules_for` it at `at`; two queries."""
    found = tickets.select_related("client", "solution").prefetch_related(
        Prefetch("entries", LedgerEntry.objects.order_by("seq"))
    )
    lines = [
        Line(
            ticket,
            recomputed(
                [fact_of(entry) for entry in ticket.entries.all()], rules_of(ticket), rules_for(ticket), at
            ),
        )
        for ticket in found
    ]
    return sorted(lines, key=lambda line: (line.weight, line.ticket.pk))


def under_versions(versions: Versions) -> Callable[[Ticket], Rules]:
    """Return the rules of each ticket once these versions are applied."""
    return lambda ticket: rules_under(
        versions.calendar.pk if versions.calendar else ticket.calendar_version_id,
        versions.policy.pk if versions.policy else ticket.policy_version_id,
    )


def touched_by(draft: CalendarVersion, user: User, at: datetime) -> list[Line]:
    """Return the open tickets, of contracts that use a draft's calendar, whose promises it would move if applied.

    The draft need not be published; nothing is written. CalendarError for a draft that the engine refuses.
    """
    calendar = BusinessCalendar.from_document(draft.as_document())
    tickets = candidates(user, at, Versions(calendar=draft))
    lines = preview(tickets, lambda ticket: Rules(calendar, rules_of(ticket).policy), at)
    return [line for line in lines if line.foresight.moves]


def summary_of(lines: Sequence[Line]) -> Summary:
    """Count what a preview says."""
    changes = [change for line in lines for change in line.foresight.changes]
    shifts = [change.shift for change in changes if change.moves and change.shift]
    return Summary(
        tickets=len(lines),
        moved_tickets=sum(line.foresight.moves for line in lines),
        moved_deadlines=sum(change.moves for change in changes),
        become_missed=sum(change.becomes_missed for change in changes),
        become_met=sum(change.becomes_met for change in changes),
        stay_missed=sum(change.is_kept for change in changes),
        refused=sum(bool(line.refusal) for line in lines),
        latest=max(shifts, default=0),
        earliest=min(shifts, default=0),
    )


def only_moved(lines: Iterable[Line]) -> list[Line]:
    """Keep the tickets of which a promise moves."""
    return [line for line in lines if line.foresight.moves]


def say_shift(microseconds: int | None) -> str:
    """Say by how much business time a deadline moves; nothing for one that does not."""
    if not microseconds:
        return ""
    said = say_business_time(microseconds)
    return (_("%(time)s later") if microseconds > 0 else _("%(time)s earlier")) % {"time": said}


def _row(name: str, change: ClockChange) -> ClockRow:
    becomes = ""
    if change.becomes_missed:
        becomes = "missed"
    elif change.becomes_met:
        becomes = "met"
    elif change.is_kept:
        becomes = "kept"
    shift = say_shift(change.shift) if change.after.state != ClockState.PAUSED else ""
    before, after = (say_standing(standing_of(clock)) for clock in (change.before, change.after))
    return ClockRow(name, before, after, shift, becomes)
