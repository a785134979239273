"""What a ticket's delay statement is made of, read once: facts, versions, labels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from sla.breaches import KeptBreaches
from sla.calendar import BusinessCalendar
from sla.clock import Event
from sla.document import Findings, Matter, VersionLabel, write_document
from sla.models import CalendarVersion, PolicyVersion
from sla.policy import Policy
from tickets.clocks import rules_of
from tickets.ledger import facts_of
from tickets.life import breaches_kept, clock_events, replay
from tickets.models import Ticket
from tickets.record.page import find_ticket


@dataclass(frozen=True, slots=True)
class DelayStatement:
    """A ticket's statement: the document, what it states as values, and what it was computed from."""

    ticket: Ticket
    document: dict[str, Any]
    found: Findings
    events: tuple[Event, ...]
    calendar: BusinessCalendar
    policy: Policy

    @property
    def at(self) -> datetime:
        """The instant of the statement, in UTC."""
        return self.found.statement.at

    @property
    def name(self) -> str:
        """The name of its files, without a suffix."""
        return f"releve-de-delai-{self.ticket.pk}"


def read_statement(user: User, number: int, at: datetime) -> DelayStatement:
    """Return the statement of a ticket that `user` may see, at `at`; a stranger's and an unknown one are a 404.

    A closed ticket's is that of its closing: asked for again, it is the same to the byte.
    """
    ticket = find_ticket(user, number, at, "calendar_version__calendar", "policy_version__policy")
    facts = facts_of(ticket)
    life = replay(facts)
    # Two servers' clocks may differ a little: what is written has happened.
    now = life.closed_at or max(at, life.last_at or at)
    matter = Matter(
        labels={
            "reference": f"#{ticket.pk}",
            "client": ticket.client.name,
            "solution": ticket.solution.name,
            "contract": ticket.contract.reference,
        },
        events=clock_events(facts),
        calendar=ticket.calendar_version.as_document(),
        policy=ticket.policy_version.as_document(),
        calendar_version=_label(ticket.calendar_version, ticket.calendar_version.calendar.name),
        policy_version=_label(ticket.policy_version, ticket.policy_version.policy.name),
        kept=breaches_kept(facts, now) or KeptBreaches(),
    )
    document, found = write_document(matter, now)
    rules = rules_of(ticket)
    return DelayStatement(ticket, document, found, tuple(matter.events), rules.calendar, rules.policy)


def _label(version: CalendarVersion | PolicyVersion, name: str) -> VersionLabel:
    if version.published_at is None:
        raise ValueError(f"{version} is a draft: no ticket is under it")
    return VersionLabel(name, version.number, version.published_at)
